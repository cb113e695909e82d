import { EventBus, markRaw } from "@odoo/owl";
import { CustomerDisplayPosAdapter } from "@point_of_sale/app/customer_display/customer_display_adapter";
import { DataServiceOptions } from "@point_of_sale/app/models/data_service_options";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { uuidv4 } from "@point_of_sale/utils";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { Mutex } from "@web/core/utils/concurrency";
import { omit, pick } from "@web/core/utils/objects";
import { patch } from "@web/core/utils/patch";
import "../forget_customers/forget_customers";
import { logFailure } from "../log_failure";
import { AnswerQueue } from "./answer_queue";
import { badgeAfter, chooseWording, now } from "./answers";
import { AskPopup } from "./ask_popup";

const WORDING = "dsgvo.wording";
// Of one request: a signature has some kilobytes.
const AT_ONCE = 20;
// The display thanks the customer before it shows the order again.
const THANKS = 5000;

const BECAME_OF_IT = {
    overruled: _t(
        "A consent given at this till was refused or withdrawn elsewhere meanwhile. The stricter decision is in force.",
    ),
    overruling: _t(
        "A customer refused at this till what was agreed to elsewhere meanwhile. The refusal is in force.",
    ),
    failed: _t(
        "An answer could not be recorded yet. The till keeps it and sends it again. The privacy officer was told.",
    ),
    dropped: _t(
        "An answer was not recorded: nobody is there any more who could decide this. The privacy officer was told.",
    ),
};

patch(DataServiceOptions.prototype, {
    /** Texts of yesterday go when those of today are loaded. */
    get uniqueModels() {
        return [...super.uniqueModels, WORDING];
    },
});

patch(CustomerDisplayPosAdapter.prototype, {
    dispatch(pos) {
        this.data.dsgvoAnswerPath = pos.answerPathOnDisplay;
        return super.dispatch(...arguments);
    },
});

patch(PosStore.prototype, {
    async setup() {
        const { pos_config_id: till, info } = odoo;
        this.answerQueue = markRaw(new AnswerQueue(`dsgvo-answers-${till}-${info?.db}`));
        this.sendingAnswers = markRaw(new Mutex());
        // The cashier was told of these: they stay in the queue.
        this.failedAnswers = markRaw(new Set());
        this.answerBus = markRaw(new EventBus());
        this.answerPathOnDisplay = false;
        this.isAsking = false;
        await super.setup(...arguments);
    },

    async afterProcessServerData() {
        const processed = await super.afterProcessServerData(...arguments);
        this.data.connectWebSocket("DSGVO_ANSWERED", ({ id }) =>
            this.answerBus.trigger("answered", id),
        );
        return processed;
    },

    /** Let the cashier, or the customer, answer on the consents of a customer. */
    ask(customer) {
        if (!this.isAsking && !customer.dsgvo_is_gone) {
            this.isAsking = true;
            this.dialog.add(
                AskPopup,
                { customer },
                {
                    onClose: () => {
                        this.isAsking = false;
                    },
                },
            );
        }
    },

    /** The wording of a purpose in the language of a customer, if the till has loaded it. */
    getWording(customer, purpose) {
        return chooseWording(this.models[WORDING]?.getAll() || [], purpose, customer.lang);
    },

    /**
     * Keep what a customer has answered, show it, and send it as soon as there is a connection.
     *
     * @param {Object} customer
     * @param {Object} answers granted or refused by purpose
     * @param {{ means: string, signature?: string }} evidence the signature as PNG in Base64
     */
    async recordAnswers(customer, answers, { means, signature = false }) {
        const wordings = Object.keys(answers)
            .map((purpose) => [purpose, this.getWording(customer, purpose)?.id])
            .filter(([, id]) => id);
        await this.answerQueue.add({
            uuid: uuidv4(),
            partner_id: customer.id,
            session_id: this.session.id,
            decided_at: now(),
            means,
            answers: { ...answers },
            wordings: Object.fromEntries(wordings),
            signature,
        });
        customer.update(badgeAfter(customer, answers));
        this.sendAnswers();
    },

    /**
     * Send what is in the queue, in its order. Never stops a sale, and is done again later.
     *
     * An answer that the server could not record stays and holds up no other.
     */
    sendAnswers() {
        return this.sendingAnswers.exec(async () => {
            try {
                let answers = [];
                do {
                    const last = answers.at(-1)?.number || 0;
                    const waiting = await this.answerQueue.getAll();
                    answers = waiting.filter(({ number }) => number > last).slice(0, AT_ONCE);
                    await this.sendSomeAnswers(answers);
                } while (answers.length);
            } catch (error) {
                logFailure("sendAnswers", error);
            }
        });
    },

    async sendSomeAnswers(answers) {
        if (!answers.length) {
            return;
        }
        const sent_at = now();
        const outcomes = await this.data.orm.silent.call("dsgvo.till.answer", "receive", [
            this.config.id,
            answers.map((answer) => ({ ...omit(answer, "number"), sent_at })),
        ]);
        const done = answers.filter(({ uuid }) => outcomes[uuid] !== "failed");
        await this.answerQueue.remove(done);
        this.tellOfOutcomes(outcomes);
        const ids = new Set(done.map((answer) => answer.partner_id));
        this.forgetCustomers(this.models["res.partner"].readMany([...ids]));
    },

    /** Tell the cashier what is not in force as it was answered, and once of what waits. */
    tellOfOutcomes(outcomes) {
        const news = Object.keys(outcomes).filter(
            (uuid) => outcomes[uuid] !== "failed" || !this.failedAnswers.has(uuid),
        );
        for (const outcome of new Set(news.map((uuid) => outcomes[uuid]))) {
            if (outcome in BECAME_OF_IT) {
                const options = { type: "warning", sticky: true };
                this.notification.add(BECAME_OF_IT[outcome], options);
            }
        }
        news.filter((uuid) => outcomes[uuid] === "failed").forEach((uuid) =>
            this.failedAnswers.add(uuid),
        );
    },

    catchUp() {
        this.sendAnswers();
        return super.catchUp(...arguments);
    },

    /**
     * Open a page on which a customer can answer away from this till.
     *
     * @param {"display"|"own_phone"} means
     * @returns {Promise<{ id: number, path: string, url: string }>}
     */
    async openAnswerPage(customer, means) {
        const page = await this.data.orm.call("dsgvo.answer.link", "open_for_till", [
            this.config.id,
            customer.id,
            means,
        ]);
        if (means === "display") {
            this.showOnDisplay(page.path);
        }
        return pick(page, "id", "url");
    },

    /** End a page that the cashier has closed. Without a connection it ends by itself later. */
    async endAnswerPage(id) {
        try {
            await this.data.orm.silent.call("dsgvo.answer.link", "end_for_till", [
                this.config.id,
                id,
            ]);
        } catch (error) {
            logFailure("endAnswerPage", error);
        }
    },

    /** Show a page on the customer display, or the order again. */
    showOnDisplay(path) {
        this.answerPathOnDisplay = path;
        if (this.getOrder()) {
            this.refreshCustomerDisplay();
        }
    },

    /** @param {boolean} wasAnswered whether to let the customer read the thanks first */
    clearDisplay(wasAnswered) {
        const path = this.answerPathOnDisplay;
        if (path) {
            browser.setTimeout(
                () => {
                    if (this.answerPathOnDisplay === path) {
                        this.showOnDisplay(false);
                    }
                },
                wasAnswered ? THANKS : 0,
            );
        }
    },
});
