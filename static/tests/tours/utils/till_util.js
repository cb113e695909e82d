import { waitUntil } from "@odoo/hoot-dom";
import { rpc } from "@web/core/network/rpc";

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
        trigger: ".pos .product-screen",
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
        trigger: ".pos .product-screen",
        async run() {
            await call("unlink", [await call("search", [[["name", "=", name]]])]);
        },
    };
}

export function reload() {
    return {
        content: "reload the till",
        trigger: ".pos .product-screen",
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
