import { expect, test } from "@odoo/hoot";
import { press } from "@odoo/hoot-dom";
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

class Customer extends models.Model {
    _name = "customer";

    consent_storage = fields.Selection({
        string: "Unlimited Storage",
        selection: [
            ["granted", "Granted"],
            ["refused", "Refused"],
        ],
    });

    _records = [{ id: 1 }, { id: 2, consent_storage: "granted" }];
}

withoutTillAndChat();
defineModels([Customer]);

const CHOSEN = ".o_dsgvo_pill[aria-pressed=true]";
const GRANTED = ".o_dsgvo_pill[data-value=granted]";
const REFUSED = ".o_dsgvo_pill[data-value=refused]";

function mountConsent(resId, attributes = "") {
    return mountView({
        type: "form",
        resModel: "customer",
        resId,
        arch: `<form><field name="consent_storage" widget="dsgvo_consent" ${attributes}/></form>`,
    });
}

test("nothing is chosen for a customer who was never asked", async () => {
    await mountConsent(1);
    expect(CHOSEN).toHaveCount(0);
    expect(".o_dsgvo_never_asked").toHaveText("Never asked");
    expect("[role=group]").toHaveAttribute("aria-label", "Unlimited Storage");
});

test("a choice can be taken back until it is saved", async () => {
    onRpc("web_save", ({ args }) => expect.step(args[1]));
    await mountConsent(1);
    await contains(GRANTED).click();
    expect(CHOSEN).toHaveText("Granted");
    expect(".o_dsgvo_never_asked").toHaveCount(0);
    await contains(GRANTED).click();
    expect(CHOSEN).toHaveCount(0);
    await contains(REFUSED).click();
    await clickSave();
    expect.verifySteps([{ consent_storage: "refused" }]);
});

test("a recorded consent is not withdrawn by a second click, only by refusing", async () => {
    await mountConsent(2);
    await contains(GRANTED).click();
    expect(CHOSEN).toHaveText("Granted");
    await contains(REFUSED).click();
    expect(CHOSEN).toHaveText("Refused");
    await contains(GRANTED).click();
    expect(CHOSEN).toHaveText("Granted");
});

test("a new form begins at the first answer", async () => {
    await mountConsent(undefined, 'default_focus="1"');
    expect(GRANTED).toBeFocused();
});

test("the keyboard chooses", async () => {
    await mountConsent(1);
    await contains(GRANTED).focus();
    await press("Tab");
    expect(REFUSED).toBeFocused();
    await press("Enter");
    await contains(CHOSEN).focus();
    expect(CHOSEN).toHaveText("Refused");
});

test("a click on the label records nothing", async () => {
    await mountView({
        type: "form",
        resModel: "customer",
        resId: 1,
        arch: `<form><group><field name="consent_storage" widget="dsgvo_consent"/></group></form>`,
    });
    await contains("label").click();
    expect(CHOSEN).toHaveCount(0);
});

test("a read-only form names the decision", async () => {
    await mountConsent(2, 'readonly="1"');
    expect(".o_dsgvo_decision").toHaveText("Granted");
    expect(".o_dsgvo_decision").toHaveClass("text-bg-success");
});

test("a read-only form says that nobody asked", async () => {
    await mountConsent(1, 'readonly="1"');
    expect(".o_dsgvo_decision").toHaveText("Never asked");
});
