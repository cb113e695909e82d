import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { uuidv4 } from "@point_of_sale/utils";
import { makeServerError, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { ConnectionLostError } from "@web/core/network/rpc";
import { AnswerQueue } from "@dsgvo/till/ask/answer_queue";
import { badgeAfter, chooseWording } from "@dsgvo/till/ask/answers";

definePosModels();

const newName = () => `dsgvo-answers-test-${uuidv4()}`;
const uuidsOf = (answers) => answers.map(({ uuid }) => uuid);

/** Open a till whose server is `receive`, which gets the answers of one request. */
async function openTill(receive) {
    onRpc("res.partner", "check_for_till", () => ({ gone: [], archived: [], changed: [] }));
    onRpc("dsgvo.till.answer", "receive", ({ args: [, answers] }) => receive(answers));
    return await setupPosEnv();
}

const recordAll = (answers) => Object.fromEntries(answers.map(({ uuid }) => [uuid, "recorded"]));

/** Let a customer of this till grant a purpose; return what the badge then shows. */
async function record(store, purpose) {
    const badge = {};
    const customer = {
        id: 3,
        dsgvo_answers: { storage: false, notification: false, marketing: false },
        update: (values) => Object.assign(badge, values),
    };
    await store.recordAnswers(customer, { [purpose]: "granted" }, { means: "till" });
    await store.sendAnswers();
    return badge;
}

test("a queue keeps what was added, in order, also for the next tab", async () => {
    const name = newName();
    const queue = new AnswerQueue(name);
    for (const uuid of ["c", "a", "b"]) {
        await queue.add({ uuid });
    }
    const afterCrash = new AnswerQueue(name);
    expect(uuidsOf(await afterCrash.getAll())).toEqual(["c", "a", "b"]);
    await afterCrash.remove((await afterCrash.getAll()).slice(0, 2));
    expect(uuidsOf(await queue.getAll())).toEqual(["b"]);
    await queue.add({ uuid: "d" });
    expect(uuidsOf(await queue.getAll())).toEqual(["b", "d"]);
});

test("an answer is sent once and leaves the queue", async () => {
    const store = await openTill((answers) => {
        expect.step(answers.map((answer) => answer.answers));
        return recordAll(answers);
    });
    const badge = await record(store, "notification");
    await store.sendAnswers();
    expect.verifySteps([[{ notification: "granted" }]]);
    expect(badge.consent_state).toBe("partial");
    expect(await store.answerQueue.getAll()).toEqual([]);
});

test("answers without a connection are sent together, in order, with the time of each", async () => {
    let isOnline = false;
    const store = await openTill((answers) => {
        if (!isOnline) {
            throw new ConnectionLostError();
        }
        expect.step(answers.map((answer) => Object.keys(answer.answers)[0]));
        expect(answers.every((answer) => answer.decided_at <= answer.sent_at)).toBe(true);
        expect(new Set(uuidsOf(answers)).size).toBe(2);
        return recordAll(answers);
    });
    patchWithCleanup(store.data.orm, {
        call(model, method) {
            if (method === "receive" && !isOnline) {
                return Promise.reject(new ConnectionLostError());
            }
            return super.call(...arguments);
        },
    });
    await record(store, "storage");
    await record(store, "marketing");
    expect((await store.answerQueue.getAll()).length).toBe(2);
    isOnline = true;
    await store.sendAnswers();
    expect.verifySteps([["storage", "marketing"]]);
});

test("after a crash between sending and reply the same answer is sent again", async () => {
    let replies = false;
    const uuids = [];
    const store = await openTill((answers) => {
        uuids.push(...uuidsOf(answers));
        return recordAll(answers);
    });
    patchWithCleanup(store.data.orm, {
        async call(model, method) {
            const reply = await super.call(...arguments);
            if (method === "receive" && !replies) {
                throw new ConnectionLostError();
            }
            return reply;
        },
    });
    await record(store, "notification");
    expect((await store.answerQueue.getAll()).length).toBe(1);
    replies = true;
    await store.sendAnswers();
    expect(uuids.length).toBeGreaterThan(1);
    expect(new Set(uuids).size).toBe(1);
    expect(await store.answerQueue.getAll()).toEqual([]);
});

test("an error of the server keeps the answers and stops nothing", async () => {
    const store = await openTill(() => {
        throw makeServerError({ type: "AccessError", message: "Frau Quittenbaum" });
    });
    const logged = new Set();
    patchWithCleanup(console, { error: (...args) => logged.add(args.join(" ")) });
    const badge = await record(store, "notification");
    expect((await store.answerQueue.getAll()).length).toBe(1);
    expect([...logged]).toEqual(["DSGVO: sendAnswers failed: odoo.exceptions.AccessError"]);
    expect(badge.consent_state).toBe("partial");
});

test("the cashier is told of what is not in force", async () => {
    const store = await openTill((answers) => ({ [answers[0].uuid]: "overruled" }));
    patchWithCleanup(store.notification, { add: (text) => expect.step(text.split(".")[0]) });
    await record(store, "notification");
    expect.verifySteps([
        "A consent given at this till was refused or withdrawn elsewhere meanwhile",
    ]);
});

test("an answer that fails stays, holds up no other, and is told of once", async () => {
    let fails = true;
    const isRecorded = ({ answers }) => !(fails && answers.storage);
    const store = await openTill((answers) =>
        Object.fromEntries(
            answers.map((answer) => [answer.uuid, isRecorded(answer) ? "recorded" : "failed"]),
        ),
    );
    patchWithCleanup(store.notification, { add: (text) => expect.step(text.split(".")[0]) });
    const purposes = async () =>
        (await store.answerQueue.getAll()).flatMap(({ answers }) => Object.keys(answers));
    await record(store, "storage");
    await record(store, "marketing");
    expect(await purposes()).toEqual(["storage"]);
    expect.verifySteps(["An answer could not be recorded yet"]);
    fails = false;
    await store.sendAnswers();
    expect(await purposes()).toEqual([]);
});

test("more answers than fit in one request are sent past those that fail", async () => {
    const sent = [];
    const store = await openTill((answers) => {
        sent.push(answers.length);
        return Object.fromEntries(answers.map(({ uuid }) => [uuid, "failed"]));
    });
    patchWithCleanup(store.notification, { add: () => {} });
    for (let i = 0; i < 25; i++) {
        await store.answerQueue.add({ uuid: uuidv4(), partner_id: 3 });
    }
    await store.sendAnswers();
    expect(sent).toEqual([20, 5]);
});

test("the badge follows an answer before the server knows it", () => {
    const never = { storage: false, notification: false, marketing: false };
    const badge = (standing, given) =>
        badgeAfter({ dsgvo_answers: standing, dsgvo_storage_allowed: false }, given);
    expect(badge(never, { storage: "granted" })).toEqual({
        consent_state: "partial",
        dsgvo_refused: false,
        dsgvo_storage_allowed: true,
        dsgvo_answers: { ...never, storage: "granted" },
    });
    expect(badge(never, { marketing: "refused" }).dsgvo_refused).toBe(true);
    expect(badge({ marketing: false }, { marketing: "granted" }).consent_state).toBe("full");
    expect(badge({ marketing: "granted" }, { marketing: "refused" }).consent_state).toBe("none");
});

test("the wording is that of the customer's language, or of the shop", () => {
    const wording = (purpose, lang, is_fallback) => ({ purpose, lang, raw: { is_fallback } });
    const wordings = [
        wording("marketing", "de_DE", false),
        wording("storage", "en_US", true),
        wording("storage", "de_DE", false),
    ];
    const choose = (lang) => chooseWording(wordings, "storage", lang).lang;
    expect(choose("de_DE")).toBe("de_DE");
    expect(choose("de_AT")).toBe("de_DE");
    expect(choose("fr_FR")).toBe("en_US");
    expect(choose(false)).toBe("en_US");
    expect(chooseWording([], "storage", "de_DE")).toBe(undefined);
});
