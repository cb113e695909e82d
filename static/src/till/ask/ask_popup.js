import { Component, markup, onWillUnmount, useState } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { generateQRCodeDataUrl } from "@point_of_sale/utils";
import { browser } from "@web/core/browser/browser";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { useBus, useService } from "@web/core/utils/hooks";
import { DECISIONS, labelOf } from "../../consent/consents";
import { logFailure } from "../log_failure";
import { SignatureCanvas } from "./signature_canvas";

const PAGE_ENDS = 15 * 60 * 1000;
// In the words of the cashier, and in those of the customer who holds the tablet.
const CHOICES = {
    cashier: { granted: DECISIONS.granted.label, refused: DECISIONS.refused.label },
    customer: { granted: _t("I agree"), refused: _t("I do not agree") },
};

/**
 * The questions on the consents of a customer, for fingers.
 *
 * The cashier marks what the customer says, or turns the tablet. Then it fills the screen and shows
 * nothing of the till. It opens only when somebody asks for it, and whoever closes it has recorded
 * nothing. What it needs is loaded with the till.
 */
export class AskPopup extends Component {
    static template = "dsgvo.AskPopup";
    static components = { Dialog, SignatureCanvas };
    static props = { customer: Object, close: Function };

    setup() {
        this.pos = usePos();
        this.notification = useService("notification");
        this.state = useState({
            // questions, confirm (sign or agree), page (the customer answers elsewhere), end
            view: "questions",
            // Whether the customer holds the tablet.
            isTurned: false,
            answers: {},
            signature: false,
            page: null,
            isRecorded: false,
        });
        this.isBusy = false;
        useBus(this.pos.answerBus, "answered", ({ detail }) => this.onAnswered(detail));
        onWillUnmount(() => this.leavePage());
    }

    // === WHAT IS SHOWN === #

    get customer() {
        return this.props.customer;
    }

    get title() {
        return _t("%(company)s asks for consent", { company: this.pos.company.name });
    }

    get questions() {
        const choices = this.state.isTurned ? CHOICES.customer : CHOICES.cashier;
        return Object.entries(this.customer.dsgvo_answers || {}).map(([purpose, standing]) => ({
            purpose,
            label: labelOf(purpose),
            standing: standing && choices[standing],
            answer: this.state.answers[purpose],
            said: choices[this.state.answers[purpose]],
            wording: markup(this.pos.getWording(this.customer, purpose)?.text || ""),
            choices: Object.entries(choices).map(([value, label]) => ({
                value,
                label,
                icon: DECISIONS[value].icon,
                isChosen: this.state.answers[purpose] === value,
            })),
        }));
    }

    get answered() {
        return this.questions.filter((question) => question.answer);
    }

    get status() {
        const { length } = this.questions;
        return this.answered.length
            ? _t("%(count)s of %(total)s answered", { count: this.answered.length, total: length })
            : _t("Nothing is chosen yet");
    }

    /** Whether recording would withdraw the consent in storage, after which the data go. */
    get withdrawsStorage() {
        return (
            this.customer.dsgvo_answers?.storage === "granted" &&
            this.state.answers.storage === "refused"
        );
    }

    get confirmLabel() {
        if (this.state.signature) {
            return _t("Sign and Send");
        }
        return Object.values(this.state.answers).includes("granted")
            ? CHOICES.customer.granted
            : _t("These Are My Answers");
    }

    get isOnline() {
        return !this.pos.data.network.offline;
    }

    /** Core gives this browser a number when its customer display is opened. */
    get hasDisplay() {
        return this.isOnline && Boolean(browser.localStorage.getItem("device_uuid"));
    }

    get hasPhone() {
        return this.isOnline && this.pos.config.dsgvo_answer_on_phone;
    }

    get qrCode() {
        return generateQRCodeDataUrl(this.state.page.url, { width: 260, height: 260 });
    }

    // === WHAT FINGERS DO === #

    choose(purpose, value) {
        if (this.state.answers[purpose] === value) {
            delete this.state.answers[purpose];
        } else {
            this.state.answers[purpose] = value;
        }
    }

    chooseAll(value) {
        for (const { purpose } of this.questions) {
            this.state.answers[purpose] = value;
        }
    }

    /** Give the tablet to the customer, to whom nothing is suggested. */
    turn() {
        Object.assign(this.state, { isTurned: true, answers: {} });
    }

    /** Let the customer read what was marked, and sign it or agree. */
    toConfirm() {
        Object.assign(this.state, { view: "confirm", isTurned: true, signature: false });
    }

    toQuestions() {
        this.state.view = "questions";
    }

    setSignature(signature) {
        this.state.signature = signature;
    }

    /** The cashier takes the answers down. */
    async record() {
        if (await this.keep({ means: "till" })) {
            const message = this.isOnline
                ? _t("The answers are recorded.")
                : _t("The answers are kept and sent as soon as the connection is back.");
            this.notification.add(message, { type: "success" });
            this.props.close();
        }
    }

    /** The customer sends the answers. */
    async confirm() {
        const { signature } = this.state;
        if (await this.keep({ means: "tablet", signature })) {
            Object.assign(this.state, { view: "end", isRecorded: true });
        }
    }

    /** Nothing is recorded, and later is no refusal. A customer gives the tablet back first. */
    later() {
        if (this.state.isTurned) {
            this.state.view = "end";
        } else {
            this.props.close();
        }
    }

    async keep(evidence) {
        if (this.isBusy || !this.answered.length) {
            return false;
        }
        this.isBusy = true;
        try {
            await this.pos.recordAnswers(this.customer, { ...this.state.answers }, evidence);
            return true;
        } catch (error) {
            logFailure("keep", error);
            this.notification.add(
                _t(
                    "The browser cannot keep the answers: its memory is full or closed to this page. Note them on paper.",
                ),
                { type: "danger" },
            );
            return false;
        } finally {
            this.isBusy = false;
        }
    }

    // === THE CUSTOMER ANSWERS ELSEWHERE === #

    async openPage(means) {
        if (this.isBusy) {
            return;
        }
        this.isBusy = true;
        try {
            const page = await this.pos.openAnswerPage(this.customer, means);
            Object.assign(this.state, { view: "page", page: { ...page, means } });
            this.pageEnds = browser.setTimeout(() => this.leavePage(), PAGE_ENDS);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.notification.add(
                _t("There is no connection to the server. The customer can answer here."),
                { type: "warning" },
            );
        } finally {
            this.isBusy = false;
        }
    }

    leavePage(wasAnswered = false) {
        if (this.state.page) {
            browser.clearTimeout(this.pageEnds);
            this.pos.clearDisplay(wasAnswered);
            if (!wasAnswered) {
                this.pos.endAnswerPage(this.state.page.id);
            }
            Object.assign(this.state, { view: "questions", page: null });
        }
    }

    onAnswered(id) {
        if (this.state.page?.id === id) {
            this.leavePage(true);
            this.pos.forgetCustomers([this.customer]);
            this.notification.add(_t("The customer has answered."), { type: "success" });
            this.props.close();
        }
    }
}
