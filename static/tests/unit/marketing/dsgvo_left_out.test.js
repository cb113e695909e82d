import { expect, test } from "@odoo/hoot";
import { advanceTime } from "@odoo/hoot-mock";
import {
    clickSave,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { PAUSE } from "@dsgvo/marketing/dsgvo_left_out/dsgvo_left_out";
import { withoutTillAndChat } from "../without_services";

class Target extends models.Model {
    _name = "target";

    name = fields.Char();

    _records = [{ id: 3, name: "Contact" }];
}

class Mailing extends models.Model {
    _name = "mailing";

    subject = fields.Char();
    mailing_domain = fields.Char();
    mailing_model_id = fields.Many2one({ relation: "target" });
    mailing_model_real = fields.Char();
    mailing_type = fields.Selection({ selection: [["mail", "Email"]] });
    state = fields.Selection({
        selection: [
            ["draft", "Draft"],
            ["done", "Sent"],
        ],
    });

    _records = [
        {
            id: 1,
            mailing_domain: "[]",
            mailing_model_id: 3,
            mailing_model_real: "res.partner",
            mailing_type: "mail",
            state: "draft",
        },
        { id: 2, state: "done" },
    ];
}

withoutTillAndChat();
defineModels([Mailing, Target]);

const TEXT = "[name=dsgvo_left_out]";
const NUMBERS = {
    dsgvo_left_out: 1200,
    dsgvo_left_out_unasked: 1199,
    dsgvo_left_out_refused: 1,
};

function mountMailing(resId) {
    onRpc("mailing", "dsgvo_read_left_out", ({ args }) => {
        expect.step(args);
        return NUMBERS;
    });
    return mountView({
        type: "form",
        resModel: "mailing",
        resId,
        arch: `<form>
            <field name="subject"/><field name="mailing_domain"/><widget name="dsgvo_left_out"/>
        </form>`,
    });
}

test("the form is there before the numbers, which come once", async () => {
    await mountMailing(1);
    expect(TEXT).toHaveText("Counting the recipients who are left out…");
    expect(TEXT).toHaveAttribute("aria-live", "polite");
    expect(TEXT).toHaveAttribute("aria-busy", "true");
    expect.verifySteps([]);
    await advanceTime(PAUSE);
    expect(TEXT).toHaveText(
        "1,200 recipients are left out because they did not consent to marketing:" +
            " 1,199 never asked, 1 refused.",
    );
    expect(TEXT).toHaveAttribute("aria-busy", "false");
    await contains("[name=subject] input").edit("Autumn");
    await clickSave();
    await advanceTime(PAUSE);
    expect.verifySteps([[[1], {}]]);
});

test("a selection that changes is counted once when it has come to rest", async () => {
    await mountMailing(1);
    for (const domain of ["[(1, '=', 1)]", "[(0, '=', 1)]"]) {
        await contains("[name=mailing_domain] input").edit(domain);
        await advanceTime(PAUSE / 2);
    }
    expect.verifySteps([]);
    await advanceTime(PAUSE);
    expect.verifySteps([
        [[1], { mailing_model_id: 3, mailing_domain: "[(0, '=', 1)]", mailing_type: "mail" }],
    ]);
});

test("a mailing that was sent is not counted", async () => {
    await mountMailing(2);
    await advanceTime(PAUSE);
    expect(TEXT).toHaveText("");
    expect.verifySteps([]);
});

test("numbers that cannot be had leave the form in use", async () => {
    await mountMailing(1);
    onRpc("mailing", "dsgvo_read_left_out", () => {
        throw new Error("no such field");
    });
    await advanceTime(PAUSE);
    expect(TEXT).toHaveText(
        "The recipients who are left out could not be counted. They get nothing all the same.",
    );
});
