import { waitUntil } from "@odoo/hoot-dom";
import { ConnectionLostError, rpc } from "@web/core/network/rpc";

export function lineOf(name) {
    return `.partner-list .partner-info:contains(${name})`;
}

export const CUSTOMER_BUTTON = ".product-screen .set-partner +";
export const PAYMENT_BUTTON = ".payment-screen .partner-button +";

/** The receipt, which a till on a busy machine waits for longer than for other screens. */
export function receiptIsShown() {
    return { content: "the receipt is shown", trigger: ".pos .receipt-screen", timeout: 60000 };
}

function storedCustomers() {
    return new Promise((resolve, reject) => {
        const request = indexedDB.open(`point-of-sale-${odoo.pos_config_id}-${odoo.info.db}`);
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
            const database = request.result;
            const all = database.transaction("res.partner").objectStore("res.partner").getAll();
            all.onsuccess = () => {
                database.close();
                resolve(all.result.map((partner) => partner.name));
            };
        };
    });
}

/** Wait until the database of the browser knows, or does not know, a customer of this name. */
export function browserKnows(name, known = true) {
    return {
        content: `the browser ${known ? "knows" : "has forgotten"} ${name}`,
        trigger: ".pos",
        async run() {
            let names;
            await waitUntil(
                async () => {
                    names = await storedCustomers();
                    return names.includes(name) === known;
                },
                { timeout: 8000 },
            ).catch(() => {
                throw new Error(`${names.length} customers in the browser`);
            });
        },
        timeout: 10000,
    };
}

/** Delete the customer on the server, as the erasure does while the till is open. */
export function eraseOnServer(name) {
    const call = (method, args) =>
        rpc(`/web/dataset/call_kw/res.partner/${method}`, {
            model: "res.partner",
            method,
            args,
            kwargs: {},
        });
    return {
        content: `erase ${name} on the server`,
        trigger: ".pos",
        async run() {
            await call("unlink", [await call("search", [[["name", "=", name]]])]);
        },
    };
}

export function reload() {
    return {
        content: "reload the till",
        trigger: ".pos",
        run: () => window.location.reload(),
        expectUnloadPage: true,
    };
}

/** Let the server erase who is due; the open till hears of it by itself. */
export function eraseWhoIsDue() {
    return {
        content: "the job erases the customer",
        trigger: ".pos",
        async run() {
            const call = (model, method, args) =>
                rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs: {} });
            const reference = ["dsgvo", "ir_cron_erase"];
            const [, jobId] = await call("ir.model.data", "check_object_reference", reference);
            await call("ir.cron", "method_direct_trigger", [[jobId]]);
        },
        timeout: 60000,
    };
}

/** Wait until nothing that the open till has in its memory holds a text, or something does. */
export function memoryKnows(text, known = true) {
    const find = () =>
        Object.entries(window.posmodel.models)
            .filter(([, model]) =>
                model?.getAll?.().some((record) => JSON.stringify(record.raw).includes(text)),
            )
            .map(([name]) => name);
    return {
        content: `the open till ${known ? "knows" : "has forgotten"} ${text}`,
        trigger: ".pos",
        async run() {
            await waitUntil(() => Boolean(find().length) === known, { timeout: 8000 }).catch(() => {
                throw new Error(`${text} is in: ${find()}`);
            });
        },
        timeout: 10000,
    };
}

/** Let the sending of sales fail, and nothing else, as a proxy does that answers 502 to it. */
export function loseSales() {
    return {
        content: "sales do not reach the server",
        trigger: ".pos",
        run() {
            const { data } = window.posmodel;
            const call = data.call.bind(data);
            data.call = async (model, method, ...rest) => {
                if (method === "sync_from_ui") {
                    throw new ConnectionLostError();
                }
                return await call(model, method, ...rest);
            };
            // Core rejects a promise that nobody waits for; what it prints would end the tour.
            const { error } = console;
            console.error = (...args) =>
                String(args[0]?.message ?? args[0]).includes("ConnectionLostError")
                    ? console.info(...args)
                    : error(...args);
        },
    };
}

export function sendSales() {
    return {
        content: "sales reach the server again",
        trigger: ".pos",
        run: () => delete window.posmodel.data.call,
    };
}

export function connectionIsBack() {
    return {
        content: "the till notices that the connection is back",
        trigger: ".pos",
        run: () => window.dispatchEvent(new CustomEvent("pos-network-online")),
    };
}

export function cashierIsTold(text) {
    return {
        content: `the cashier is told: ${text}`,
        trigger: `.o_notification:contains(${text})`,
        timeout: 30000,
    };
}

/** Wait until the open till knows that a customer was erased, who stays for an order. */
export function customerIsMarkedAsGone(name) {
    return {
        content: `the till knows that ${name} was erased`,
        trigger: ".pos",
        async run() {
            await waitUntil(
                () =>
                    window.posmodel.models["res.partner"].find((partner) => partner.name === name)
                        ?.dsgvo_is_gone,
                { timeout: 8000 },
            );
        },
        timeout: 10000,
    };
}

export function everySaleIsSent() {
    return {
        content: "every sale is on the server",
        trigger: ".pos",
        async run() {
            const unsent = () =>
                window.posmodel.models["pos.order"].filter((order) => order.isUnsyncedPaid);
            await waitUntil(() => !unsent().length, { timeout: 8000 }).catch(() => {
                throw new Error(`${unsent().length} sales are not sent`);
            });
        },
        timeout: 10000,
    };
}
