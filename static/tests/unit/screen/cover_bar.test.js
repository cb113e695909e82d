import { beforeEach, expect, test } from "@odoo/hoot";
import { keyDown, keyUp, pointerDown, pointerUp, press } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import {
    clickSave,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { cookie } from "@web/core/browser/cookie";
import { MASK, screen } from "@dsgvo/screen/screen";
import { withoutTillAndChat } from "../without_services";

const SHOWN = ".o_dsgvo_show[aria-pressed=true]";
const COVERED = ".o_dsgvo_show[aria-pressed=false]";

class Customer extends models.Model {
    _name = "customer";

    name = fields.Char();
    email = fields.Char({ required: true });
    birthday = fields.Date();
    comment = fields.Html();

    _records = [
        {
            id: 1,
            name: "Adelheid",
            email: "adelheid@example.com",
            birthday: "1970-01-01",
            comment: "<p>Allergic to nuts</p>",
        },
        { id: 2, name: "Irene", email: "irene@example.com" },
    ];
}

withoutTillAndChat();
defineModels([Customer]);

beforeEach(() => {
    patchWithCleanup(screen, {
        isOn: true,
        shown: {},
        settings: { fields: { customer: ["birthday"] }, seconds: 30 },
    });
    // As the server does.
    onRpc("customer", "web_read", async ({ args, kwargs, parent }) => {
        const rows = await parent();
        const isShown = kwargs.context.dsgvo_shown === `customer,${args[0][0]}`;
        expect.step(isShown ? "all" : "covered");
        const covered = { email: MASK, birthday: false, comment: MASK };
        return rows.map((row) => (isShown ? row : { ...row, ...covered }));
    });
});

async function mountCustomer(resId = 1) {
    await mountView({
        type: "form",
        resModel: "customer",
        resId,
        resIds: [1, 2],
        arch: `<form>
            <field name="name"/><field name="email"/><field name="birthday"/>
            <field name="comment"/>
        </form>`,
    });
    if (resId) {
        expect.verifySteps(["covered"]);
    }
}

async function emailIsShown() {
    await animationFrame();
    expect(SHOWN).toHaveCount(1);
    expect("[name=email] input").toHaveValue("adelheid@example.com");
    expect.verifySteps(["all"]);
}

async function emailIsCovered() {
    await animationFrame();
    expect(COVERED).toHaveCount(1);
    expect("[name=email] input, [name=birthday] input").toHaveCount(0);
    expect("[name=email] .o_dsgvo_covered").toHaveText("•••••");
    expect("[name=comment] .o_dsgvo_covered").toHaveText("•••••");
    expect("[name=comment] [contenteditable]").toHaveCount(0);
    await animationFrame();
    expect.verifySteps(["covered"]);
}

test("covered fields cannot be typed into, and say so to a screen reader", async () => {
    await mountCustomer();
    expect(".o_dsgvo_covered[role=img][aria-label=Covered]").toHaveCount(3);
    expect("[name=name] input").toHaveCount(1);
    expect(".o_dsgvo_cover_bar [role=status]").toHaveText("Personal data are covered.");
});

test("a touch shows the record until the time is over", async () => {
    await mountCustomer();
    await contains(".o_dsgvo_show").click();
    await emailIsShown();
    expect(".o_dsgvo_covered").toHaveCount(0);
    expect(".o_dsgvo_cover_bar [role=status]").toHaveText(
        "Personal data are shown. Escape covers them.",
    );
    await advanceTime(29000);
    expect(SHOWN).toHaveCount(1);
    await advanceTime(1000);
    await emailIsCovered();
});

test("a second touch covers the record, and no time does when it is never", async () => {
    screen.settings.seconds = 0;
    await mountCustomer();
    await contains(".o_dsgvo_show").click();
    await emailIsShown();
    await advanceTime(3600 * 1000);
    expect(SHOWN).toHaveCount(1);
    await contains(".o_dsgvo_show").click();
    await emailIsCovered();
});

test("whoever holds the button sees the record until it is let go", async () => {
    await mountCustomer();
    await pointerDown(".o_dsgvo_show");
    await emailIsShown();
    await advanceTime(600);
    await pointerUp(".o_dsgvo_show");
    await emailIsCovered();
});

for (const key of ["Enter", " "]) {
    test(`the key "${key}" does the same as a finger`, async () => {
        await mountCustomer();
        document.querySelector(".o_dsgvo_show").focus();
        await press(key);
        await emailIsShown();
        await press(key);
        await emailIsCovered();
    });
}

for (const key of ["Enter", " "]) {
    test(`whoever holds the key "${key}" sees the record until it is let go`, async () => {
        await mountCustomer();
        document.querySelector(".o_dsgvo_show").focus();
        await keyDown(key);
        await emailIsShown();
        await advanceTime(600);
        await keyDown(key); // the keyboard repeats it
        await animationFrame();
        expect(SHOWN).toHaveCount(1);
        await keyUp(key);
        await emailIsCovered();
    });
}

test("the server knows by a cookie what is shown, for the history", async () => {
    await mountCustomer();
    expect(cookie.get("dsgvo_shown")).toBe(undefined);
    await contains(".o_dsgvo_show").click();
    await emailIsShown();
    expect(cookie.get("dsgvo_shown")).toBe("customer:1");
    const deleted = [];
    // The cookies of tests are never deleted.
    patchWithCleanup(cookie, { delete: (key) => deleted.push(key) });
    await press("Escape");
    await emailIsCovered();
    expect(deleted).toEqual(["dsgvo_shown"]);
});

test("Escape covers the record", async () => {
    await mountCustomer();
    await contains(".o_dsgvo_show").click();
    await emailIsShown();
    await press("Escape");
    await emailIsCovered();
});

test("the next record is covered, and the first one when one comes back", async () => {
    await mountCustomer();
    await contains(".o_dsgvo_show").click();
    await emailIsShown();
    for (const button of [".o_pager_next", ".o_pager_previous"]) {
        await contains(button).click();
        await animationFrame();
        expect(screen.shown).toEqual({});
        expect(COVERED).toHaveCount(1);
        expect("[name=email] .o_dsgvo_covered").toHaveCount(1);
    }
    // The last record was asked for once more when it was left.
    expect.verifySteps(["covered", "covered", "covered"]);
});

test("what was typed stays when the record is shown and covered", async () => {
    onRpc("customer", "web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await mountCustomer();
    await contains("[name=name] input").edit("Adele");
    await contains(".o_dsgvo_show").click();
    await emailIsShown();
    expect("[name=name] input").toHaveValue("Adele");
    await contains("[name=email] input").edit("adele@example.com");
    await press("Escape");
    await animationFrame();
    await animationFrame();
    expect("[name=name] input").toHaveValue("Adele");
    expect.verifySteps(["covered"]);
    await clickSave();
    expect.verifySteps([{ name: "Adele", email: "adele@example.com" }]);
});

test("a covered form is saved without what is covered, although it is required", async () => {
    onRpc("customer", "web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await mountCustomer();
    await contains("[name=name] input").edit("Adele");
    await clickSave();
    expect.verifySteps([{ name: "Adele" }]);
});

test("a new record is not covered", async () => {
    await mountCustomer(false);
    expect(".o_dsgvo_show").toHaveCount(0);
    expect("[name=email] input").toHaveCount(1);
});

test("without the privacy screen nothing is covered", async () => {
    screen.isOn = false;
    await mountCustomer();
    expect(".o_dsgvo_show").toHaveCount(0);
});
