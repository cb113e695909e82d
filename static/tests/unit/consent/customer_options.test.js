import { expect, test } from "@odoo/hoot";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { withoutTillAndChat } from "../without_services";
import "@dsgvo/consent/office/customer_options";

class Partner extends models.Model {
    _name = "res.partner";

    name = fields.Char();
    consent_state = fields.Char();
    dsgvo_refused = fields.Boolean();
    dsgvo_summary = fields.Char();

    _records = [
        { id: 1, name: "Adelheid", consent_state: "partial", dsgvo_summary: "Some: Storage" },
        { id: 2, name: "Adelheid Verlag", consent_state: "none" },
    ];
}

class Order extends models.Model {
    _name = "order";

    partner_id = fields.Many2one({ relation: "res.partner" });
}

withoutTillAndChat();
defineModels([Partner, Order]);
onRpc("has_group", () => true);

async function openDropDown(context) {
    onRpc("res.partner", "web_name_search", ({ kwargs }) => {
        expect.step(Object.keys(kwargs.specification));
    });
    await mountView({
        type: "form",
        resModel: "order",
        arch: `<form><field name="partner_id" context="${context}"/></form>`,
    });
    await contains("[name=partner_id] input").click();
}

test("the entries of a drop-down of customers have the badge of each customer", async () => {
    await openDropDown("{'res_partner_search_mode': 'customer'}");
    expect.verifySteps([["display_name", "consent_state", "dsgvo_refused", "dsgvo_summary"]]);
    expect(".o-autocomplete--dropdown-item .o_dsgvo_mark").toHaveCount(1);
    expect(".o-autocomplete--dropdown-item:contains(Some: Storage)").toHaveText(/Adelheid/);
    expect(".o-autocomplete--dropdown-item .o_dsgvo_mark").toHaveClass("text-bg-warning");
    await contains(".o-autocomplete--dropdown-item:first a").click();
    expect("[name=partner_id] input").toHaveValue("Adelheid");
});

test("other drop-downs of contacts have none", async () => {
    await openDropDown("{}");
    expect.verifySteps([["display_name"]]);
    expect(".o_dsgvo_mark").toHaveCount(0);
});
