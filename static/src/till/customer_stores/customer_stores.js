const TILL = "point-of-sale-";
const SESSION = "pos.session";

/**
 * What a till stores of its customers, and which field of an order that is not over, or of its
 * lines, needs a row of it.
 */
export const CUSTOMER_STORES = {
    "res.partner": ["pos.order", "partner_id"],
    "sale.order": ["pos.order.line", "sale_order_origin_id"],
    "sale.order.line": ["pos.order.line", "sale_order_line_id"],
    "loyalty.card": ["pos.order.line", "coupon_id"],
};

/** What belongs to an order, and by which field. */
const PARTS = { "pos.order": "id", "pos.order.line": "order_id", "pos.payment": "pos_order_id" };

/** What was typed for a line of an order, and which field of the line names it. */
const LINE_TEXTS = {
    "product.attribute.custom.value": "custom_attribute_value_ids",
    "pos.pack.operation.lot": "pack_lot_ids",
};

/**
 * Empty the customers' stores in the databases of tills that were used in this browser.
 *
 * Orders that are open or that the server does not have stay, with what they need.
 *
 * @param {string[]} [names] of the databases, all of them by default
 */
export async function emptyCustomerStores(names) {
    names ??= await getTills();
    await Promise.all(names.map((name) => withDatabase(name, emptyDatabase)));
}

/** Return the names of the databases of all tills that were used in this browser. */
async function getTills() {
    const databases = (await indexedDB.databases?.()) || [];
    return databases.map(({ name }) => name).filter((name) => name.startsWith(TILL));
}

/**
 * Return the session for which each till of this browser has loaded its data.
 *
 * @param {string} server the Odoo database of the tills
 * @returns {Promise<Object>} ids of sessions by the name of the till's database
 */
export async function readSessions(server) {
    const names = (await getTills()).filter(
        (name) => name.replace(/^point-of-sale-\d+-/, "") === server,
    );
    const sessions = await Promise.all(names.map((name) => withDatabase(name, readSession)));
    return Object.fromEntries(names.map((name, index) => [name, sessions[index]]));
}

async function readSession(database) {
    if (database.objectStoreNames.contains(SESSION)) {
        const [session] = await answer(database.transaction(SESSION).objectStore(SESSION).getAll());
        return session?.id;
    }
}

/** Call a function with an open database, and close it whatever happens. */
async function withDatabase(name, work) {
    const database = await answer(indexedDB.open(name));
    try {
        return await work(database);
    } finally {
        database.close();
    }
}

async function emptyDatabase(database) {
    const wanted = [PARTS, LINE_TEXTS, CUSTOMER_STORES].flatMap(Object.keys);
    const names = wanted.filter((store) => database.objectStoreNames.contains(store));
    if (names.length) {
        const transaction = database.transaction(names, "readwrite");
        const stores = names.map((name) => [name, transaction.objectStore(name)]);
        await emptyStores(Object.fromEntries(stores));
        await new Promise((resolve, reject) => {
            transaction.oncomplete = resolve;
            transaction.onabort = () => reject(transaction.error);
        });
    }
}

async function emptyStores(stores) {
    const rows = {};
    for (const [name, store] of Object.entries(stores)) {
        rows[name] = await answer(store.getAll());
    }
    const over = new Set((rows["pos.order"] || []).filter(isOver).map((order) => order.id));
    for (const [name, field] of Object.entries(PARTS)) {
        rows[name] = remove(stores[name], rows[name], (row) => over.has(row[field]));
    }
    const lines = new Set(rows["pos.order.line"].map((line) => line.id));
    for (const [name, field] of Object.entries(LINE_TEXTS)) {
        const needed = new Set(rows["pos.order.line"].flatMap((line) => line[field]));
        remove(
            stores[name],
            rows[name],
            (row) => !needed.has(row.id) && !lines.has(row.pos_order_line_id),
        );
    }
    for (const [name, [owner, field]] of Object.entries(CUSTOMER_STORES)) {
        const needed = new Set(rows[owner].map((row) => row[field]));
        remove(stores[name], rows[name], (row) => !needed.has(row.id));
    }
}

/** Whether an order is neither open nor only in this browser: those have no number as id. */
function isOver({ id, state }) {
    return state !== "draft" && typeof id === "number";
}

/** Remove rows from a store, if the till has that store; return those that stay. */
function remove(store, rows = [], isUnwanted) {
    for (const row of rows.filter(isUnwanted)) {
        store.delete(row[store.keyPath]);
    }
    return rows.filter((row) => !isUnwanted(row));
}

/** Wait for a request to the database. */
function answer(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}
