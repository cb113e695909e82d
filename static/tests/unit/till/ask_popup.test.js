import { expect, test } from "@odoo/hoot";
import { click, queryAll, queryFirst, queryOne } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import {
    contains,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { AnswerFrame } from "@dsgvo/till/display/answer_frame";
import { SignatureCanvas } from "@dsgvo/till/ask/signature_canvas";

definePosModels();

const POPUP = ".o_dsgvo_ask";
const part = (name) => `${POPUP} .o_dsgvo_ask_${name}`;
const choice = (purpose, value) => `${POPUP} [data-purpose=${purpose}] [data-value=${value}]`;
const NEVER = { storage: false, notification: false, marketing: false };

/** Open the questions at a till, and note what is kept. */
async function ask(answers = NEVER, values = {}) {
    onRpc("res.partner", "check_for_till", () => ({ gone: [], archived: [], changed: [] }));
    const store = await setupPosEnv();
    const customer = {
        id: 7,
        name: "Adelheid Quittenbaum",
        lang: "de_DE",
        dsgvo_answers: answers,
        ...values,
    };
    patchWithCleanup(store, {
        recordAnswers: async (_customer, given, { means, signature }) =>
            expect.step([given, means, Boolean(signature)]),
        getWording: (_customer, purpose) => ({ id: 1, text: `<p>Wortlaut ${purpose}</p>` }),
        endAnswerPage: async (id) => expect.step(`ended page ${id}`),
        openAnswerPage: async (_customer, means) => ({ id: 5, url: `https://shop/${means}` }),
    });
    await mountWithCleanup(MainComponentsContainer);
    store.ask(customer);
    await animationFrame();
    return store;
}

test("nothing is chosen, and both answers to each question look the same", async () => {
    await ask();
    expect(`${POPUP} [data-purpose]`).toHaveCount(3);
    expect(`${POPUP} [aria-pressed=true]`).toHaveCount(0);
    expect(part("done")).not.toBeEnabled();
    const looks = queryAll(`${POPUP} .o_dsgvo_ask_choice`).map((button) => {
        const { width, height } = button.getBoundingClientRect();
        return [button.className, Math.round(width), Math.round(height)].join();
    });
    expect(new Set(looks).size).toBe(1);
    expect(queryFirst(`${POPUP} .o_dsgvo_ask_choice`).offsetHeight).toBeGreaterThan(43);
});

test("the wording is behind More, in the language of the customer", async () => {
    await ask();
    expect(`${POPUP} details[open]`).toHaveCount(0);
    expect(`${POPUP} [data-purpose=storage] .o_dsgvo_ask_wording`).toHaveAttribute("lang", "de-DE");
    expect(queryOne(`${POPUP} [data-purpose=storage] details`).textContent).toMatch(/Wortlaut/);
});

test("two touches grant all", async () => {
    await ask();
    await contains(part("all")).click();
    await contains(part("done")).click();
    expect.verifySteps([
        [{ storage: "granted", notification: "granted", marketing: "granted" }, "till", false],
    ]);
    expect(POPUP).toHaveCount(0);
});

test("what was chosen is told, and can be unchosen", async () => {
    await ask();
    expect(part("status")).toHaveText("Nothing is chosen yet");
    await contains(choice("storage", "refused")).click();
    expect(choice("storage", "refused")).toHaveAttribute("aria-pressed", "true");
    expect(part("status")).toHaveText("1 of 3 answered");
    await contains(choice("storage", "refused")).click();
    expect(`${POPUP} [aria-pressed=true]`).toHaveCount(0);
});

test("later and Escape record nothing", async () => {
    const store = await ask();
    await contains(choice("storage", "refused")).click();
    await contains(part("later")).click();
    expect(POPUP).toHaveCount(0);
    store.ask({ id: 7, dsgvo_answers: NEVER });
    await animationFrame();
    expect(POPUP).toHaveCount(1);
    expect.verifySteps([]);
});

test("standing consents are seen, and only what is chosen is recorded", async () => {
    await ask({ storage: "granted", notification: "refused", marketing: false });
    expect(`${POPUP} [data-purpose=storage] .o_dsgvo_ask_standing`).toHaveText("So far: Granted");
    expect(`${POPUP} [data-purpose=marketing] .o_dsgvo_ask_standing`).toHaveCount(0);
    await contains(choice("storage", "refused")).click();
    expect(part("withdraws")).toHaveCount(1);
    await contains(part("done")).click();
    expect.verifySteps([[{ storage: "refused" }, "till", false]]);
});

test("a company is asked for advertising only", async () => {
    await ask({ marketing: false });
    expect(`${POPUP} [data-purpose]`).toHaveCount(1);
    expect(part("all")).toHaveCount(0);
});

test("the turned tablet suggests nothing and shows nobody's name", async () => {
    await ask();
    await contains(part("all")).click();
    await contains(part("turn")).click();
    expect(`${POPUP} [aria-pressed=true]`).toHaveCount(0);
    expect(queryOne(POPUP).textContent).not.toMatch(/Quittenbaum/);
    await contains(choice("marketing", "granted")).click();
    await contains(part("done")).click();
    expect(`${POPUP} [data-purpose]`).toHaveCount(1);
    expect(part("confirm")).toHaveText("I agree");
    await contains(part("confirm")).click();
    expect.verifySteps([[{ marketing: "granted" }, "tablet", false]]);
    expect(`${POPUP} [role=status]`).toHaveText(/answers are recorded/);
    await contains(part("end")).click();
    expect(POPUP).toHaveCount(0);
});

test("a customer who decides later gives the tablet back first", async () => {
    await ask();
    await contains(part("turn")).click();
    await contains(part("later")).click();
    expect(`${POPUP} [role=status]`).toHaveText(/no refusal/);
    expect.verifySteps([]);
});

test("the own phone is offered only where the shop has switched it on, and online", async () => {
    const store = await ask();
    expect(part("phone")).toHaveCount(0);
    store.config.dsgvo_answer_on_phone = true;
    await animationFrame();
    await contains(choice("storage", "granted")).click();
    expect(part("phone")).toHaveCount(1);
    store.data.network.offline = true;
    await contains(choice("storage", "granted")).click();
    expect(part("phone")).toHaveCount(0);
});

test("the questions close when the customer has answered on the own phone", async () => {
    const store = await ask();
    store.config.dsgvo_answer_on_phone = true;
    await contains(choice("storage", "granted")).click();
    await contains(part("phone")).click();
    expect(part("qr")).toHaveAttribute("data-url", "https://shop/own_phone");
    store.answerBus.trigger("answered", 6);
    await animationFrame();
    expect(part("qr")).toHaveCount(1);
    store.answerBus.trigger("answered", 5);
    await animationFrame();
    expect(POPUP).toHaveCount(0);
    expect.verifySteps([]);
});

test("a page that has ended is not waited for any more", async () => {
    const store = await ask();
    store.config.dsgvo_answer_on_phone = true;
    await contains(choice("storage", "granted")).click();
    await contains(part("phone")).click();
    await advanceTime(15 * 60 * 1000);
    await animationFrame();
    expect(part("qr")).toHaveCount(0);
    expect(part("done")).toHaveCount(1);
    expect.verifySteps(["ended page 5"]);
});

test("a page ends when the cashier closes the questions", async () => {
    const store = await ask();
    store.config.dsgvo_answer_on_phone = true;
    await contains(choice("storage", "granted")).click();
    await contains(part("phone")).click();
    store.dialog.closeAll();
    await animationFrame();
    expect(POPUP).toHaveCount(0);
    expect.verifySteps(["ended page 5"]);
});

test("nobody is asked twice at the same time, nor somebody who was erased", async () => {
    const store = await ask();
    store.ask({ id: 8, dsgvo_answers: NEVER });
    await animationFrame();
    expect(POPUP).toHaveCount(1);
    await contains(part("later")).click();
    store.ask({ id: 8, dsgvo_answers: NEVER, dsgvo_is_gone: true });
    await animationFrame();
    expect(POPUP).toHaveCount(0);
});

test("a signature is a picture, and nothing when it was cleared", async () => {
    const pictures = [];
    await mountWithCleanup(SignatureCanvas, {
        props: { onChange: (picture) => pictures.push(picture) },
    });
    const canvas = queryOne("canvas");
    const { left, top } = canvas.getBoundingClientRect();
    for (const [type, x] of [
        ["pointerdown", 10],
        ["pointermove", 60],
        ["pointerup", 60],
    ]) {
        canvas.dispatchEvent(
            new PointerEvent(type, { bubbles: true, clientX: left + x, clientY: top + 20 }),
        );
    }
    expect(pictures.at(-1)).toMatch(/^iVBOR/);
    await click("button");
    expect(pictures.at(-1)).toBe(false);
});

test("a touch is no signature", async () => {
    const pictures = [];
    await mountWithCleanup(SignatureCanvas, {
        props: { onChange: (picture) => pictures.push(picture) },
    });
    await click("canvas");
    expect(pictures.filter(Boolean)).toEqual([]);
});

test("the customer display shows only a page of this addon", async () => {
    for (const [path, count] of [
        ["/dsgvo/answer/aB-_9", 1],
        [false, 0],
        ["https://elsewhere/dsgvo/answer/a", 0],
        ["/web", 0],
        ["/dsgvo/answer/../../web", 0],
    ]) {
        const frame = new AnswerFrame({ path }, {}, {});
        expect(frame.source ? 1 : 0).toBe(count, { message: String(path) });
    }
});
