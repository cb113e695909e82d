import { after, expect, test } from "@odoo/hoot";
import { PosData } from "@point_of_sale/app/services/data_service";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { emptyCustomerStores, readSessions } from "@dsgvo/till/customer_stores/customer_stores";

const KEYS = {
    "pos.order": "uuid",
    "pos.order.line": "uuid",
    "pos.payment": "uuid",
    "res.partner": "id",
    "sale.order": "id",
    "sale.order.line": "id",
    "loyalty.card": "id",
    "product.product": "id",
    "product.attribute.custom.value": "id",
    "pos.pack.operation.lot": "id",
    "pos.session": "id",
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
            custom_attribute_value_ids: [501],
            pack_lot_ids: ["lot of unsent"],
        },
        { uuid: "line of parked", id: 3, order_id: 3 },
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
    "product.attribute.custom.value": [
        { id: 500, custom_value: "Für Oma", pos_order_line_id: 1 },
        { id: 501, custom_value: "Für Opa" },
        { id: 502, custom_value: "Für Ute", pos_order_line_id: 3 },
        { id: 503, custom_value: "Für Udo", pos_order_line_id: 99 },
        { id: 504, custom_value: "Für niemand" },
    ],
    "pos.pack.operation.lot": [
        { id: 600, lot_name: "Sent", pos_order_line_id: 1 },
        { id: "lot of unsent", lot_name: "Unsent", pos_order_line_id: "line of unsent" },
    ],
    "pos.session": [{ id: 7 }],
};

function answer(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

async function createTill(name, stores = Object.keys(KEYS), rows = ROWS) {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => {
        for (const store of stores) {
            const keyPath = KEYS[store];
            const created = request.result.createObjectStore(store, { keyPath });
            (rows[store] || ROWS[store]).forEach((row) => created.put(row));
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
        expect(await keysIn(till, "pos.order.line")).toEqual(["line of parked", "line of unsent"]);
        expect(await keysIn(till, "pos.payment")).toEqual(["payment of unsent"]);
        expect(await keysIn(till, "res.partner")).toEqual([2, 3]);
        expect(await keysIn(till, "sale.order")).toEqual([2]);
        expect(await keysIn(till, "sale.order.line")).toEqual([20]);
        expect(await keysIn(till, "loyalty.card")).toEqual([200]);
        expect(await keysIn(till, "product.product")).toEqual([1]);
        expect(await keysIn(till, "product.attribute.custom.value")).toEqual([501, 502]);
        expect(await keysIn(till, "pos.pack.operation.lot")).toEqual(["lot of unsent"]);
    }
});

test("only the tills that are named are emptied", async () => {
    const till = await createTill("point-of-sale-900006-hoot");
    const other = await createTill("point-of-sale-900007-hoot");
    await emptyCustomerStores(["point-of-sale-900006-hoot"]);
    expect(await keysIn(till, "res.partner")).toEqual([2, 3]);
    expect(await keysIn(other, "res.partner")).toEqual([1, 2, 3, 4]);
    expect(await keysIn(other, "pos.pack.operation.lot")).toEqual([600, "lot of unsent"]);
});

test("each till of a server names its session", async () => {
    await createTill("point-of-sale-900008-hoot");
    await createTill("point-of-sale-900009-hoot", ["res.partner"]);
    await createTill("point-of-sale-900008-other");
    const sessions = await readSessions("hoot");
    expect(sessions["point-of-sale-900008-hoot"]).toBe(7);
    expect(sessions["point-of-sale-900009-hoot"]).toBe(undefined);
    expect("point-of-sale-900008-other" in sessions).toBe(false);
});

test("a new session empties its own till, and others of which the session is closed", async () => {
    const tills = {};
    for (const [id, session] of Object.entries({ 900010: 21, 900011: 22, 900012: 23 })) {
        const name = `point-of-sale-${id}-sessions`;
        tills[id] = await createTill(name, Object.keys(KEYS), { "pos.session": [{ id: session }] });
    }
    const orm = {
        call(model, method, [domain]) {
            expect.step([model, method, domain]);
            return [22];
        },
    };
    patchWithCleanup(odoo, { info: { ...odoo.info, db: "sessions" } });
    await PosData.prototype.emptyClosedTills.call({
        databaseName: "point-of-sale-900010-sessions",
        orm,
    });
    expect.verifySteps([
        [
            "pos.session",
            "search",
            [
                ["id", "in", [22, 23]],
                ["state", "=", "closed"],
            ],
        ],
    ]);
    expect(await keysIn(tills[900010], "res.partner")).toEqual([2, 3]);
    expect(await keysIn(tills[900011], "res.partner")).toEqual([2, 3]);
    expect(await keysIn(tills[900012], "res.partner")).toEqual([1, 2, 3, 4]);
    expect(await keysIn(tills[900011], "pos.order")).toEqual(["new", "parked", "unsent"]);
});

test("a till without orders or vouchers is emptied, and nothing else of this browser", async () => {
    const till = await createTill("point-of-sale-900003-hoot", ["res.partner"]);
    const other = await createTill("my-point-of-sale-900004-hoot", ["res.partner"]);
    await createTill("point-of-sale-900005-hoot", ["product.product"]);
    await emptyCustomerStores();
    expect(await keysIn(till, "res.partner")).toEqual([]);
    expect(await keysIn(other, "res.partner")).toEqual([1, 2, 3, 4]);
});
