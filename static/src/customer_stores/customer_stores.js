const TILL = "point-of-sale-";

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

/**
 * Empty the customers' stores in the databases of all tills that were used in this browser.
 *
 * Orders that are open or that the server does not have stay, with what they need.
 */
export async function emptyCustomerStores() {
    const databases = (await indexedDB.databases?.()) || [];
    const tills = databases.filter(({ name }) => name.startsWith(TILL));
    await Promise.all(tills.map(({ name }) => emptyDatabase(name)));
}

async function emptyDatabase(name) {
    const database = await answer(indexedDB.open(name));
    try {
        const wanted = [...Object.keys(PARTS), ...Object.keys(CUSTOMER_STORES)];
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
    } finally {
        database.close();
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
