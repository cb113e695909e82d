import { expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { FormController } from "@web/views/form/form_controller";
import { findSerious } from "@dsgvo/consent/office/ask_before_leaving";

const form = (before, now) => ({ _values: before, data: { ...before, ...now } });

test("only withdrawals and a refusal of storage are serious", () => {
    allowTranslations();
    for (const [before, now, count] of [
        [{ consent_storage: false }, { consent_storage: "granted" }, 0],
        [{ consent_storage: false }, { consent_storage: "refused" }, 1],
        [{ consent_storage: "refused" }, { consent_storage: "refused" }, 0],
        [{ consent_storage: "granted" }, { consent_storage: "refused" }, 1],
        [{ consent_marketing: false }, { consent_marketing: "refused" }, 0],
        [{ consent_marketing: "granted" }, { consent_marketing: false }, 1],
        [
            { consent_storage: "granted", consent_notification: "granted" },
            { consent_storage: "refused", consent_notification: "refused" },
            2,
        ],
    ]) {
        expect(findSerious(form(before, now))).toHaveLength(count);
    }
});

test("whoever drops what was marked leaves without saving it", async () => {
    allowTranslations();
    const controller = {
        dsgvoSerious: ["Storage"],
        dialogService: { add: (_dialog, { discard }) => discard() },
        model: { root: { discard: async () => expect.step("dropped") } },
    };
    expect(await FormController.prototype.dsgvoAsk.call(controller)).toBe(true);
    expect.verifySteps(["dropped"]);
});
