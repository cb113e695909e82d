import { waitUntil } from "@odoo/hoot-dom";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as PartnerList from "@point_of_sale/../tests/pos/tours/utils/partner_list_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
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

/** The payment screen says that the customer is erased after the sale, or it does not. */
export function warnsOfErasure(warns = true) {
    const notice = ".o_dsgvo_to_erase:contains(are erased after the sale)";
    return {
        content: `the payment screen ${warns ? "warns" : "does not warn"} of the erasure`,
        trigger: warns ? notice : ".payment-screen:not(:has(.o_dsgvo_to_erase))",
    };
}

export function receiptIsWithout(text) {
    return {
        content: `the receipt does not say ${text}`,
        trigger: ".receipt-screen .pos-receipt",
        run() {
            if (this.anchor.innerText.includes(text)) {
                throw new Error(`The receipt says ${text}`);
            }
        },
    };
}

export const open = () => [Chrome.startPoS(), Dialog.confirm("Open Register")].flat();

export const takeOrder = (customer) =>
    [
        ProductScreen.addOrderline("Desk Pad", "1"),
        ProductScreen.clickPartnerButton(),
        PartnerList.clickPartner(customer),
        ProductScreen.customerIsSelected(customer),
        ProductScreen.clickPayButton(),
    ].flat();

export const pay = () =>
    [
        PaymentScreen.clickPaymentMethod("Bank"),
        PaymentScreen.clickValidate(),
        receiptIsShown(),
    ].flat();

export const payWithoutConnection = () =>
    [loseSales(), pay(), Dialog.confirm("Continue with limited functionality")].flat();

/** The names of the databases of this browser's tills, each with the id of the till. */
async function findTills() {
    const databases = await indexedDB.databases();
    const tills = databases.map(({ name }) => /^point-of-sale-(\d+)-(.*)$/.exec(name));
    return tills.filter(Boolean).map(([name, id, server]) => ({ name, id, server }));
}

function readCustomers(databaseName) {
    return new Promise((resolve, reject) => {
        const request = indexedDB.open(databaseName);
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

async function storedCustomers() {
    const tills = await findTills();
    return (await Promise.all(tills.map(({ name }) => readCustomers(name)))).flat();
}

/** Wait until the database of the browser knows, or does not know, a customer of this name. */
export function browserKnows(name, known = true) {
    return {
        content: `the browser ${known ? "knows" : "has forgotten"} ${name}`,
        trigger: "body",
        async run() {
            // Not `waitUntil`, which takes the promise of an answer for the answer.
            const end = Date.now() + 8000;
            let names;
            do {
                names = await storedCustomers();
            } while (names.includes(name) !== known && Date.now() < end);
            if (names.includes(name) !== known) {
                throw new Error(`${names.length} customers in the browser`);
            }
        },
        timeout: 10000,
    };
}

function readStores(databaseName) {
    return new Promise((resolve, reject) => {
        const request = indexedDB.open(databaseName);
        request.onerror = () => reject(request.error);
        request.onsuccess = async () => {
            const database = request.result;
            const rows = [];
            for (const name of database.objectStoreNames) {
                const all = database.transaction(name).objectStore(name).getAll();
                await new Promise((done) => (all.onsuccess = done));
                rows.push([name, JSON.stringify(all.result)]);
            }
            database.close();
            resolve(rows);
        };
    });
}

/** Wait until the databases of the browser hold all of these texts anywhere, or none of them. */
export function browserHolds(texts, holds = true) {
    return {
        content: `the browser ${holds ? "holds" : "has forgotten"} ${texts}`,
        trigger: "body",
        async run() {
            const end = Date.now() + 8000;
            let wrong;
            do {
                const tills = await findTills();
                const rows = (await Promise.all(tills.map(({ name }) => readStores(name)))).flat();
                const find = (text) => rows.filter((row) => row[1].includes(text));
                wrong = texts.filter((text) => Boolean(find(text).length) !== holds);
                wrong = wrong.map((text) => [text, find(text).map(([name]) => name)]);
            } while (wrong.length && Date.now() < end);
            if (wrong.length) {
                throw new Error(`In the browser: ${JSON.stringify(wrong)}`);
            }
        },
        timeout: 10000,
    };
}

export function logOut() {
    return [
        {
            content: "log out",
            trigger: ".pos",
            run: () => window.location.assign("/web/session/logout"),
            expectUnloadPage: true,
        },
        { content: "the login is asked for", trigger: ".oe_login_form" },
    ];
}

/** Log in again and open the till as from a bookmark, not from the back office. */
export function logIn(login) {
    return {
        content: `log in as ${login}`,
        trigger: ".oe_login_form",
        async run() {
            const [till] = await findTills();
            await rpc("/web/session/authenticate", { db: till.server, login, password: login });
            window.location.assign(`/pos/ui/${till.id}`);
        },
        expectUnloadPage: true,
    };
}

/** Delete the customer on the server, as the erasure does while the till is open. */
export function eraseOnServer(name) {
    const call = (method, args) => callServer("res.partner", method, args);
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

function callServer(model, method, args) {
    return rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs: {} });
}

async function runErasureJob() {
    const reference = ["dsgvo", "ir_cron_erase"];
    const [, jobId] = await callServer("ir.model.data", "check_object_reference", reference);
    await callServer("ir.cron", "method_direct_trigger", [[jobId]]);
}

function findCustomer(name) {
    return window.posmodel.models["res.partner"].find((partner) => partner.name === name);
}

/** Let the server erase who is due; the open till hears of it by itself. */
export function eraseWhoIsDue() {
    return {
        content: "the job erases the customer",
        trigger: ".pos",
        run: runErasureJob,
        timeout: 60000,
    };
}

/** Let the next sale be answered only after its customer was erased and the till heard of it. */
export function eraseBeforeTheAnswer(name) {
    return {
        content: `${name} is erased while the till waits for the answer to a sale`,
        trigger: ".pos",
        run() {
            const { data } = window.posmodel;
            const call = data.call.bind(data);
            data.call = async (model, method, ...rest) => {
                const answer = await call(model, method, ...rest);
                if (method === "sync_from_ui") {
                    delete data.call;
                    await runErasureJob();
                    await waitUntil(() => !findCustomer(name), { timeout: 8000 });
                }
                return answer;
            };
        },
    };
}

/** Record a consent in the back office. */
export function grantOnServer(name, field) {
    return {
        content: `${name} agrees in the office`,
        trigger: ".pos",
        run: () =>
            callServer("res.partner", "write", [[findCustomer(name).id], { [field]: "granted" }]),
    };
}

/** Scan the barcode of the consent form; the till does not have the customer in its memory. */
export function scanConsentForm(name) {
    return {
        content: `scan the consent form of ${name}`,
        trigger: ".pos .product-screen",
        async run() {
            const customer = findCustomer(name);
            const code = `DSGVO-${customer.id}`;
            customer.delete();
            await window.posmodel.barcodeReader.scan(code);
        },
    };
}

/** Nothing that is sold holds a text any more, although its customer is still being served. */
export function soldOrdersForget(text) {
    return {
        content: `sold orders have forgotten ${text}`,
        trigger: ".pos",
        async run() {
            const knows = (order) => JSON.stringify(order.raw).includes(text);
            await waitUntil(
                () =>
                    !window.posmodel.models["pos.order"].some(
                        (order) => order.finalized && knows(order),
                    ),
                { timeout: 8000 },
            );
        },
        timeout: 10000,
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
            await waitUntil(() => findCustomer(name)?.dsgvo_is_gone, { timeout: 8000 });
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

export function saysThatCustomerIsGone() {
    return {
        content: "the till says that the customer was erased",
        trigger: ".o_dsgvo_gone:contains(Customer was erased)",
    };
}

export function isNotOffered(name) {
    return {
        content: `${name} is not in the list of customers`,
        trigger: `.partner-list:not(:has(.partner-info:contains(${name})))`,
    };
}

let lastOnDisplay;

/** Write a note that the customer display shows, and watch the display. */
export function noteOnDisplay(note) {
    return {
        content: `the customer display shows ${note}`,
        trigger: ".pos",
        async run() {
            const display = new BroadcastChannel("UPDATE_CUSTOMER_DISPLAY");
            display.onmessage = ({ data }) => (lastOnDisplay = JSON.stringify(data));
            window.posmodel.getOrder().lines[0].setCustomerNote(note);
            await waitUntil(() => lastOnDisplay?.includes(note), { timeout: 8000 });
        },
        timeout: 10000,
    };
}

export function displayForgets(note) {
    return {
        content: `the customer display has forgotten ${note}`,
        trigger: ".pos",
        run: () => waitUntil(() => !lastOnDisplay.includes(note), { timeout: 8000 }),
        timeout: 10000,
    };
}
