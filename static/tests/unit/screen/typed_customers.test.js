import { expect, test } from "@odoo/hoot";
import { runAllTimers } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { screen } from "@dsgvo/screen/screen";
import { withoutTillAndChat } from "../without_services";

class Partner extends models.Model {
    _name = "res.partner";

    name = fields.Char();

    _records = [{ id: 1, name: "Adelheid" }];
}

class Order extends models.Model {
    _name = "order";

    partner_id = fields.Many2one({ relation: "res.partner" });
}

withoutTillAndChat();
defineModels([Partner, Order]);
onRpc("has_group", () => true);

async function type(text) {
    await contains("[name=partner_id] input").edit(text, { confirm: false });
    await runAllTimers();
}

async function openAndType() {
    // As the server of a screened user: nobody before the third letter.
    onRpc("res.partner", "web_name_search", ({ kwargs, parent }) => {
        expect.step(kwargs.name);
        return kwargs.name.length < 3 ? [] : parent();
    });
    await mountView({
        type: "form",
        resModel: "order",
        arch: '<form><field name="partner_id"/></form>',
    });
    await contains("[name=partner_id] input").click();
    await type("A");
    await type("Ade");
}

test("with the privacy screen a drop-down that was empty finds who is typed on", async () => {
    patchWithCleanup(screen, { isOn: true });
    await openAndType();
    expect.verifySteps(["", "A", "Ade"]);
    await contains(".o-autocomplete--dropdown-item:contains(Adelheid)").click();
    expect("[name=partner_id] input").toHaveValue("Adelheid");
});

test("without it core spares the server what can only be empty", async () => {
    patchWithCleanup(screen, { isOn: false });
    await openAndType();
    expect.verifySteps([""]);
});
