import { Component, onPatched, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { announce } from "../announcer/announcer";
import { REFUSED, STATES, SUBJECT_SPECIFICATION } from "../consents";
import { DsgvoProof } from "../dsgvo_proof/dsgvo_proof";

/** The text DSGVO beside a customer, where nothing can be pressed: in an entry of a drop-down. */
export class DsgvoMark extends Component {
    static template = "dsgvo.DsgvoMark";
    static props = {
        state: { validate: (state) => state in STATES },
        // Without any consent, whether the customer was asked and has refused.
        refused: { type: Boolean, optional: true },
        // Which consents there are, in words; without it the badge says whether all, some or none.
        summary: { type: String, optional: true },
    };

    get display() {
        return this.props.refused ? REFUSED : STATES[this.props.state];
    }

    get words() {
        return this.props.summary || this.display.word;
    }

    /** What is heard of it, wherever it stands. */
    get fullText() {
        return `DSGVO – ${this.words}`;
    }
}

/**
 * The text DSGVO beside a customer: grey without a consent, coloured with one.
 *
 * A click on the coloured one shows the proof, on the grey one the consents to mark. Both ask the
 * server, so that a list that was loaded in the morning does not show what was withdrawn since.
 */
export class DsgvoBadge extends DsgvoMark {
    static template = "dsgvo.DsgvoBadge";
    static props = {
        ...DsgvoMark.props,
        partnerId: Number,
        // Before the consents open for change; they stay closed when it returns false.
        beforeChange: { type: Function, optional: true },
        // When the consents were closed, changed or not.
        onClosed: { type: Function, optional: true },
        // Below a heading that says DSGVO: only the words, so that those that differ come first.
        isHeaded: { type: Boolean, optional: true },
        // What a click does instead, at the till, which may have no connection.
        onOpen: { type: Function, optional: true },
    };
    static defaultProps = { beforeChange: () => true, onClosed: () => {} };

    setup() {
        this.root = useRef("root");
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.popover = usePopover(DsgvoProof, { position: "bottom-start" });
        this.isBusy = false;
        this.isChanging = false;
        let known = this.fullText;
        onPatched(() => {
            if (this.fullText !== known) {
                known = this.fullText;
                announce(known);
            }
        });
    }

    get text() {
        return this.props.isHeaded ? this.words : this.fullText;
    }

    async onClick() {
        if (this.isBusy) {
            return;
        }
        this.isBusy = true;
        try {
            await (this.props.onOpen ? this.props.onOpen() : this.show(await this.fetchSubject()));
        } finally {
            this.isBusy = false;
        }
    }

    async show(subject) {
        if (!subject) {
            this.notification.add(_t("This customer was erased."), { type: "warning" });
        } else if (subject.consent_state === "none") {
            await this.change(subject);
        } else {
            this.popover.open(this.root.el, { subject, onChange: () => this.change(subject) });
        }
    }

    /** Return whose consents these are, or undefined if there is no such customer any more. */
    async fetchSubject() {
        const [partner] = await this.orm.webRead("res.partner", [this.props.partnerId], {
            specification: {
                dsgvo_subject_id: { fields: { display_name: {}, ...SUBJECT_SPECIFICATION } },
            },
        });
        return partner?.dsgvo_subject_id;
    }

    async change(subject) {
        this.popover.close();
        if (this.isChanging) {
            return;
        }
        this.isChanging = true;
        try {
            this.isChanging = Boolean(await this.props.beforeChange());
        } catch (error) {
            this.isChanging = false;
            throw error;
        }
        if (this.isChanging) {
            this.openConsents(subject);
        }
    }

    openConsents(subject) {
        this.dialog.add(
            FormViewDialog,
            {
                resModel: "res.partner",
                resId: subject.id,
                title: _t("DSGVO"),
                context: { form_view_ref: "dsgvo.res_partner_view_form_consents" },
                canExpand: false,
            },
            // Not when saved: the button DSGVO has saved already, whatever closes the window.
            {
                onClose: () => {
                    this.isChanging = false;
                    this.props.onClosed();
                },
            },
        );
    }
}
