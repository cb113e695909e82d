import { beforeEach, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { getFilledOrder, setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import {
    contains,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { ResPartner } from "@point_of_sale/app/models/res_partner";
import { PartnerList } from "@point_of_sale/app/screens/partner_list/partner_list";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { ConnectionLostError } from "@web/core/network/rpc";
import { screen } from "@dsgvo/screen/screen";

definePosModels();

const FOUND = {
    id: 77,
    name: "Adelheid",
    parent_name: false,
    city: "Berlin",
    consent_state: "none",
    dsgvo_refused: false,
};

beforeEach(() => {
    patchWithCleanup(screen, { isOn: true });
    onRpc("res.partner", "check_for_till", () => ({ gone: [], archived: [], changed: [] }));
    onRpc("res.partner", "find_for_till", ({ args }) => {
        expect.step(args[1]);
        return args[1] === "Adel" ? [FOUND] : [];
    });
    onRpc("res.partner", "read_for_till", ({ args }) => {
        expect.step(args[1]);
        return [{ id: args[1][0], name: "Adelheid", city: "Berlin" }];
    });
});

/** Use the badge, or the special order, of the customer in the list; note in `used` for whom. */
const USES = {
    badge: async (store, used) => {
        patchWithCleanup(store, { ask: (customer) => used.push(customer) });
        await contains(".partner-info .o_dsgvo_badge").click();
    },
    "special order": async (store, used) => {
        patchWithCleanup(store, { takeSpecialOrder: (customer) => used.push(customer) });
        await contains(".partner-info button:has(.fa-bars)").click();
        await contains(".dropdown-item:contains(Special Order)").click();
    },
};

async function mountList() {
    const chosen = [];
    await mountWithCleanup(PartnerList, {
        props: { partner: null, getPayload: (partner) => chosen.push(partner), close: () => {} },
    });
    await advanceTime(300);
    expect.verifySteps([""]);
    return chosen;
}

async function find(text) {
    await contains("input").edit(text, { confirm: false });
    await advanceTime(200); // until the field tells what was typed
    await advanceTime(300);
    expect.verifySteps([text]);
}

/** Let the server give no customer, and note how the cashier is told. */
function cutOff(store) {
    onRpc("res.partner", "read_for_till", () => {
        throw new ConnectionLostError("/web/dataset");
    });
    patchWithCleanup(store.notification, {
        add: (_words, { type }) => expect.step(type),
    });
}

test("the till has no list of customers and asks for what was typed", async () => {
    const store = await setupPosEnv();
    const chosen = await mountList();
    expect(".partner-info").toHaveCount(0);
    expect(".o_dsgvo_type").toHaveCount(1);
    await find("Adel");
    expect(".partner-info .o_dsgvo_town").toHaveText("Berlin");
    await contains(".partner-info").click();
    await animationFrame();
    expect.verifySteps([[77]]);
    expect(chosen.map((partner) => partner.name)).toEqual(["Adelheid"]);
    expect(store.models["res.partner"].get(77)).not.toBe(undefined);
});

test("the till says when it knows nobody, and before that how much to type", async () => {
    await setupPosEnv();
    await mountList();
    for (const [typed, told] of [
        ["Xy", /three characters/],
        ["Xyz", /No customer/],
        ["X-y", /three characters/],
    ]) {
        await find(typed);
        expect(".o_dsgvo_type[role=status]").toHaveText(told);
    }
});

for (const [use, start] of Object.entries(USES)) {
    test(`the ${use} in the list gets what the till has to know of a customer`, async () => {
        const store = await setupPosEnv();
        await mountList();
        await find("Adel");
        const used = [];
        await start(store, used);
        await animationFrame();
        expect.verifySteps([[77]]);
        expect(used.map((customer) => customer instanceof ResPartner)).toEqual([true]);
    });

    test(`without a connection, the ${use} in the list says so and does nothing`, async () => {
        const store = await setupPosEnv();
        await mountList();
        await find("Adel");
        const used = [];
        cutOff(store);
        await start(store, used);
        await animationFrame();
        expect.verifySteps(["warning"]);
        expect(used).toEqual([]);
    });
}

test("a customer who cannot be loaded is not chosen silently", async () => {
    const store = await setupPosEnv();
    const chosen = await mountList();
    await find("Adel");
    cutOff(store);
    await contains(".partner-info").click();
    await animationFrame();
    expect.verifySteps(["warning"]);
    expect(chosen).toEqual([]);
});

test("the list shows what became of a customer since the search", async () => {
    const store = await setupPosEnv();
    await mountList();
    await find("Adel");
    await store.data.takeCustomers([77]);
    expect.verifySteps([[77]]);
    const shown = PartnerList.prototype.getPartners.call({ pos: store }, [FOUND, { id: 99 }]);
    expect(shown.map((row) => row instanceof ResPartner)).toEqual([true, false]);
});

test("with the next order the till forgets who is on no open order", async () => {
    const store = await setupPosEnv();
    const order = await getFilledOrder(store);
    const [kept] = await store.data.takeCustomers([77]);
    const [served] = await store.data.takeCustomers([78]);
    expect.verifySteps([[77], [78]]);
    order.setPartner(kept);
    const servedId = served.id;
    store.addNewOrder();
    await animationFrame();
    expect(store.models["res.partner"].get(servedId)).toBe(undefined);
    expect(store.models["res.partner"].get(77)).not.toBe(undefined);
});

test("customers of sales that are over are loaded when the sale is chosen", async () => {
    const store = await setupPosEnv();
    const rows = [
        { id: 5, state: "paid", partner_id: 77 },
        { id: 6, state: "draft", partner_id: 78 },
    ];
    expect(store.data.findMissingCustomers({ "pos.order": rows }, new Set())).toEqual([78]);
    const order = { raw: { partner_id: 77 }, partner_id: undefined };
    await TicketScreen.prototype.loadCustomer.call({ pos: store }, order);
    expect.verifySteps([[77]]);
});

test("a refund says if its customer cannot be loaded, who is not the anonymous one", async () => {
    const { data, notification } = await setupPosEnv();
    cutOff({ notification });
    const company = { raw: { dsgvo_anonymous_partner_id: 5 } };
    for (const [customerId, told] of [
        [77, ["warning"]],
        [5, []],
        [false, []],
    ]) {
        const order = { raw: { partner_id: customerId } };
        const ticketScreen = Object.assign(Object.create(TicketScreen.prototype), {
            pos: { data, notification, company },
            getSelectedOrder: () => order,
        });
        await ticketScreen.loadCustomer(order);
        ticketScreen.setPartnerToRefundOrder(undefined, { getPartner: () => undefined });
        expect.verifySteps(told);
    }
});

test("order lists have the number in the place of the name", async () => {
    const order = { pos_reference: "263-4-000003", getPartnerName: () => "Adelheid" };
    expect(TicketScreen.prototype.getPartner(order)).toBe("263-4-000003");
    screen.isOn = false;
    expect(TicketScreen.prototype.getPartner(order)).toBe("Adelheid");
});

test("the list of orders does not begin with the name of the present customer", async () => {
    const store = await setupPosEnv();
    const order = await getFilledOrder(store);
    order.setPartner(store.models["res.partner"].getFirst());
    const ticketScreen = await mountWithCleanup(TicketScreen, { props: {} });
    expect(ticketScreen.state.search.searchTerm).toBe("");
    const search = { fieldName: "PARTNER", searchTerm: order.getPartnerName() };
    ticketScreen.state.search = search; // as when the orders of one customer are opened
    expect(ticketScreen.getSearchBarConfig().defaultSearchDetails.searchTerm).toBe("");
    screen.isOn = false;
    expect(store.getDefaultSearchDetails()).toEqual(search);
    expect(ticketScreen.getSearchBarConfig().defaultSearchDetails).toEqual(search);
});
