import { after, expect, test } from "@odoo/hoot";
import { emptyCustomerStores } from "@dsgvo/customer_stores/customer_stores";

const KEYS = {
    "pos.order": "uuid",
    "pos.order.line": "uuid",
    "pos.payment": "uuid",
    "res.partner": "id",
    "sale.order": "id",
    "sale.order.line": "id",
    "loyalty.card": "id",
    "product.product": "id",
};

/** What the browser has of orders that were sent, that are open, and that were not sent. */
const ROWS = {
    "pos.order": [
        { uuid: "sent", id: 1, state: "paid", partner_id: 1, email: "sent@example.com" },
        { uuid: "cancelled", id: 2, state: "cancel", partner_id: 1 },
        { uuid: "parked", id: 3, state: "draft", partner_id: 3 },
        { uuid: "new", id: "new", state: "draft", partner_id: false },
        { uuid: "unsent", id: "unsent", state: "paid", partner_id: 2 },
    ],
    "pos.order.line": [
        { uuid: "line of sent", id: 1, order_id: 1, sale_order_origin_id: 1 },
        {
            uuid: "line of unsent",
            id: "line of unsent",
            order_id: "unsent",
            sale_order_origin_id: 2,
            sale_order_line_id: 20,
            coupon_id: 200,
        },
    ],
    "pos.payment": [
        { uuid: "payment of sent", id: 1, pos_order_id: 1, cardholder_name: "Frau Sent" },
        { uuid: "payment of unsent", id: "payment of unsent", pos_order_id: "unsent" },
    ],
    "res.partner": [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }],
    "sale.order": [{ id: 1 }, { id: 2 }],
    "sale.order.line": [{ id: 10 }, { id: 20 }],
    "loyalty.card": [{ id: 100 }, { id: 200 }],
    "product.product": [{ id: 1 }],
};

function answer(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

async function createTill(name, stores = Object.keys(KEYS)) {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => {
        for (const store of stores) {
            const keyPath = KEYS[store];
            const created = request.result.createObjectStore(store, { keyPath });
            ROWS[store].forEach((row) => created.put(row));
        }
    };
    const database = await answer(request);
    after(() => {
        database.close();
        indexedDB.deleteDatabase(name);
    });
    return database;
}

async function keysIn(database, store) {
    return await answer(database.transaction(store).objectStore(store).getAllKeys());
}

test("only what an order that is open or not sent needs stays, of every till", async () => {
    const tills = [
        await createTill("point-of-sale-900001-hoot"),
        await createTill("point-of-sale-900002-hoot"),
    ];
    await emptyCustomerStores();
    for (const till of tills) {
        expect(await keysIn(till, "pos.order")).toEqual(["new", "parked", "unsent"]);
        expect(await keysIn(till, "pos.order.line")).toEqual(["line of unsent"]);
        expect(await keysIn(till, "pos.payment")).toEqual(["payment of unsent"]);
        expect(await keysIn(till, "res.partner")).toEqual([2, 3]);
        expect(await keysIn(till, "sale.order")).toEqual([2]);
        expect(await keysIn(till, "sale.order.line")).toEqual([20]);
        expect(await keysIn(till, "loyalty.card")).toEqual([200]);
        expect(await keysIn(till, "product.product")).toEqual([1]);
    }
});

test("a till without orders or vouchers is emptied, and nothing else of this browser", async () => {
    const till = await createTill("point-of-sale-900003-hoot", ["res.partner"]);
    const other = await createTill("my-point-of-sale-900004-hoot", ["res.partner"]);
    await createTill("point-of-sale-900005-hoot", ["product.product"]);
    await emptyCustomerStores();
    expect(await keysIn(till, "res.partner")).toEqual([]);
    expect(await keysIn(other, "res.partner")).toEqual([1, 2, 3, 4]);
});
