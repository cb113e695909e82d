import { expect, test } from "@odoo/hoot";
import {
    clickSave,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { withoutTillAndChat } from "../without_services";

const CONSENTS = ["consent_storage", "consent_notification", "consent_marketing"];
const CHOICES = {
    selection: [
        ["granted", "Granted"],
        ["refused", "Refused"],
    ],
};

class Customer extends models.Model {
    _name = "customer";

    consent_storage = fields.Selection(CHOICES);
    consent_notification = fields.Selection(CHOICES);
    consent_marketing = fields.Selection(CHOICES);

    _records = [{ id: 1, consent_storage: "granted" }];
}

withoutTillAndChat();
defineModels([Customer]);

function mountConsents() {
    onRpc("web_save", ({ args }) => expect.step(args[1]));
    const consents = CONSENTS.map((name) => `<field name="${name}" widget="dsgvo_consent"/>`);
    return mountView({
        type: "form",
        resModel: "customer",
        resId: 1,
        arch: `<form>${consents.join("")}<widget name="dsgvo_consent_all"/></form>`,
    });
}

test("one touch grants all, and nothing is saved by it", async () => {
    await mountConsents();
    await contains("button:contains(Grant All)").click();
    expect("[name^=consent_] [data-value=granted][aria-pressed=true]").toHaveCount(3);
    expect.verifySteps([]);
    await clickSave();
    expect.verifySteps([{ consent_notification: "granted", consent_marketing: "granted" }]);
});

test("one touch refuses all, and the withdrawal is said before it is saved", async () => {
    await mountConsents();
    await contains("button:contains(Refuse All)").click();
    expect("[name^=consent_] [data-value=refused][aria-pressed=true]").toHaveCount(3);
    expect("[name=consent_storage] .o_dsgvo_withdraws").toHaveCount(1);
    expect.verifySteps([]);
});
