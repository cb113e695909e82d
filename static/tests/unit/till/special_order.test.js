import { expect, test } from "@odoo/hoot";
import { click, edit, queryAllValues, select } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import {
    makeServerError,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { ConnectionLostError } from "@web/core/network/rpc";
import { CustomerSlip, SpecialOrderSlips } from "@dsgvo/till/special_order/special_order_slips";
import { SpecialOrderDialog, TAKEN } from "@dsgvo/till/special_order/special_order_dialog";

definePosModels();

const OFFER = {
    suppliers: [{ id: 7, name: "Barsortiment Lindenau" }],
    taxes: [
        { id: 1, name: "7 %" },
        { id: 2, name: "19 %" },
    ],
    can_take_deposit: true,
};
const BOOK = {
    product_id: 5,
    title: "Der Zauberberg",
    code: "",
    price: 20,
    on_hand: 3,
    free: 1,
    waiting: 2,
};
const REFUSAL = ".o_dsgvo_refusal";

/** Open the special order of a customer; return the requests to the server, and its connection. */
async function openDialog({
    customer = {},
    answer = () => ({ name: "S00012" }),
    lookUp,
    ...props
} = {}) {
    const requests = [];
    onRpc("res.partner", "check_for_till", () => ({ gone: [], archived: [], changed: [] }));
    onRpc("pos.config", "take_special_order", ({ args }) => {
        requests.push(args[1]);
        return answer(requests.length);
    });
    const lookUps = [];
    onRpc("pos.config", "look_up_article", async ({ kwargs }) => {
        lookUps.push(kwargs);
        await lookUp?.(lookUps.length);
        return kwargs.product_id
            ? { ...BOOK, price: kwargs.quantity < 5 ? 20 : 10 }
            : { product_id: false, code: "9783103970883" };
    });
    const { data } = await setupPosEnv();
    await mountWithCleanup(SpecialOrderDialog, {
        props: {
            customer: { id: 3, name: "Adelheid", dsgvo_message_type: "M", ...customer },
            offer: OFFER,
            getPayload: ({ deposit, takesLine }) => expect.step({ deposit, takesLine }),
            close: () => expect.step("closed"),
            ...props,
        },
    });
    return { requests, lookUps, data };
}

async function enter(name, value) {
    await click(`[name=${name}]`);
    await edit(value, { confirm: "blur" });
    await animationFrame();
}

async function press(selector) {
    await click(selector);
    await animationFrame();
}

const order = () => press(".modal-footer .btn-primary");

async function enterNew() {
    await enter("title", "Tschick");
    await enter("price", "12.50");
    await enter("quantity", "2");
    await enter("supplier", "barsortiment lindenau");
}

const NEW = { code: "", title: "Tschick", price: 12.5, tax_id: 1, supplier_id: 7, quantity: 2 };

test("a new article is ordered as typed, with the message type of the consents", async () => {
    const { requests } = await openDialog();
    await enterNew();
    await enter("deposit", "5");
    await order();
    expect(requests[0]).toMatchObject({
        partner_id: 3,
        notification_type: "M",
        wish_date: false,
        articles: [NEW],
    });
    expect.verifySteps([{ deposit: 5, takesLine: false }, "closed"]);
});

test("without consent there is K alone, and it says why", async () => {
    const { requests } = await openDialog({ customer: { dsgvo_message_type: false } });
    expect(queryAllValues("[name=message_type] option")).toEqual(["K"]);
    expect(".modal-body").toHaveText(/No consent to notification/);
    await enterNew();
    await order();
    expect(requests[0].notification_type).toBe("K");
    expect.verifySteps([{ deposit: 0, takesLine: false }, "closed"]);
});

test("another message type can be chosen for the order", async () => {
    const { requests } = await openDialog();
    await click("[name=message_type]");
    await select("T");
    await enterNew();
    await order();
    expect(requests[0].notification_type).toBe("T");
    expect.verifySteps([{ deposit: 0, takesLine: false }, "closed"]);
});

test("the line of the sale is ordered instead, with what is known of it", async () => {
    const { requests } = await openDialog({ line: { product_id: { id: 5 }, qty: 3 } });
    expect("[name=title]").toHaveValue("Der Zauberberg");
    expect(".o_dsgvo_counts").toHaveText(
        "In stock: 3, of these free: 1. Orders of customers that wait for it: 2.",
    );
    await order();
    expect(requests[0].articles).toEqual([{ product_id: 5, quantity: 3 }]);
    expect.verifySteps([{ deposit: 0, takesLine: true }, "closed"]);
});

test("the price is asked for the customer and the quantity", async () => {
    const { requests, lookUps } = await openDialog();
    await enter("code", "3103970889");
    expect(lookUps).toMatchObject([{ code: "3103970889", partner_id: 3, quantity: 1 }]);
    await enter("quantity", "5");
    expect(lookUps).toHaveLength(1);
    expect(requests).toEqual([]);
});

test("another quantity of an article may have another price", async () => {
    const { requests, lookUps } = await openDialog({ line: { product_id: { id: 5 }, qty: 3 } });
    expect(lookUps).toMatchObject([{ product_id: 5, partner_id: 3, quantity: 3 }]);
    expect("[name=price]").toHaveValue("20.00");
    await enter("quantity", "5");
    expect(lookUps[1]).toMatchObject({ product_id: 5, partner_id: 3, quantity: 5 });
    expect("[name=price]").toHaveValue("10.00");
    await enter("quantity", "many");
    expect(REFUSAL).toHaveText(/is no number/);
    expect(lookUps).toHaveLength(2);
    expect(requests).toEqual([]);
});

test("nobody waits for the price of another quantity, and a late one does not count", async () => {
    const late = new Deferred();
    const { requests } = await openDialog({
        line: { product_id: { id: 5 }, qty: 3 },
        lookUp: (number) => number === 2 && late,
    });
    await enter("quantity", "5");
    await enter("quantity", "2");
    expect("[name=price]").toHaveValue("20.00");
    late.resolve();
    await animationFrame();
    expect("[name=price]").toHaveValue("20.00");
    await order();
    expect(requests[0].articles).toEqual([{ product_id: 5, quantity: 2 }]);
    expect.verifySteps([{ deposit: 0, takesLine: true }, "closed"]);
});

test("a line of the sale for which another title is ordered stays", async () => {
    const { requests } = await openDialog({ line: { product_id: { id: 5 }, qty: 3 } });
    await press(".btn:contains(Another title)");
    await enterNew();
    await order();
    expect(requests[0].articles).toEqual([NEW]);
    expect.verifySteps([{ deposit: 0, takesLine: false }, "closed"]);
});

test("several articles are one request", async () => {
    const { requests } = await openDialog();
    await enterNew();
    await press(".btn:contains(Add another article)");
    expect(".o_dsgvo_ordered").toHaveText(/2 × Tschick/);
    await enter("title", "Der Prozess");
    await enter("price", "8");
    await order();
    expect(requests[0].articles.map((article) => article.title)).toEqual([
        "Tschick",
        "Der Prozess",
    ]);
    expect.verifySteps([{ deposit: 0, takesLine: false }, "closed"]);
});

test("what cannot be sent is refused in words, and stays typed", async () => {
    const { requests } = await openDialog();
    const refusals = {
        supplier: ["Nobody Knows", /is no known supplier/],
        price: ["much", /is no number/],
        quantity: ["some", /is no number/],
        deposit: ["99", /deposit must be between 0 and/],
    };
    for (const [name, [value, words]] of Object.entries(refusals)) {
        await enterNew();
        await enter(name, value);
        await order();
        expect(REFUSAL).toHaveText(words);
        expect(`[name=${name}]`).toHaveValue(value);
    }
    expect(requests).toEqual([]);
});

test("a refusal of the server is shown, and nothing typed is lost", async () => {
    await openDialog({
        answer: () => {
            throw makeServerError({ type: "UserError", message: "It has no price yet." });
        },
    });
    await enterNew();
    await order();
    expect(REFUSAL).toHaveText("It has no price yet.");
    expect("[name=title]").toHaveValue("Tschick");
});

test("a database that is busy is explained", async () => {
    await openDialog({
        answer: () => {
            throw makeServerError({
                errorName: "psycopg2.errors.SerializationFailure",
                message: "could not serialize access",
            });
        },
    });
    await enterNew();
    await order();
    expect(REFUSAL).toHaveText(/Another till orders the same/);
});

test("an order whose answer was lost is sent again with the same uuid", async () => {
    const { requests, data } = await openDialog();
    const { call } = data;
    data.call = async (...args) => {
        data.call = call;
        await call.apply(data, args);
        throw new ConnectionLostError("/web/dataset");
    };
    await enterNew();
    await order();
    expect(REFUSAL).toHaveText(/no connection to the server. Nothing is lost/);
    await order();
    expect(requests).toHaveLength(2);
    expect(requests[1]).toEqual(requests[0]);
    expect.verifySteps([{ deposit: 0, takesLine: false }, "closed"]);
});

test("what is ordered after the server says that it was taken is another request", async () => {
    const { requests } = await openDialog({
        answer: (number) => {
            if (number === 1) {
                throw makeServerError({ errorName: TAKEN, message: "S00011 was taken already." });
            }
            return { name: "S00012" };
        },
    });
    await enterNew();
    await order();
    expect(REFUSAL).toHaveText("S00011 was taken already.");
    await order();
    expect(requests).toHaveLength(2);
    expect(requests[1].uuid).not.toBe(requests[0].uuid);
    expect.verifySteps([{ deposit: 0, takesLine: false }, "closed"]);
});

test("a double tap is one request", async () => {
    const taken = new Deferred();
    const { requests } = await openDialog({ answer: () => taken });
    await enterNew();
    await click(".modal-footer .btn-primary");
    await click(".modal-footer .btn-primary");
    await animationFrame();
    expect(".modal-footer .btn-primary").not.toBeEnabled();
    taken.resolve({ name: "S00012" });
    await animationFrame();
    expect(requests).toHaveLength(1);
    expect.verifySteps([{ deposit: 0, takesLine: false }, "closed"]);
});

test("the slips say what the order costs, and name nobody", async () => {
    await setupPosEnv();
    const slip = {
        name: "S00012",
        short: "0012",
        date: "11/27/2026",
        wish_date: false,
        notification_type: "M",
        titles: [{ quantity: 3, name: "Tschick" }],
        amount_total: 35.98,
    };
    const printed = [];
    patchWithCleanup(SpecialOrderSlips.prototype, {
        print: (component, props) => printed.push([component, props]),
    });
    await mountWithCleanup(SpecialOrderSlips, {
        props: { slip, customer: { id: 3, name: "Adelheid" }, close: () => {} },
    });
    expect(".o_dsgvo_total").toHaveText(/35\.98/);
    await press(".btn:contains(Slip for the Customer)");
    const [[component, props]] = printed;
    expect(component).toBe(CustomerSlip);
    await mountWithCleanup(CustomerSlip, { props });
    expect(".pos-receipt").toHaveText(/35\.98/);
    expect(".pos-receipt").not.toHaveText(/Adelheid/);
});

test("there is no deposit for who may not sell it", async () => {
    await openDialog({ offer: { ...OFFER, can_take_deposit: false } });
    expect("[name=deposit]").toHaveCount(0);
});
