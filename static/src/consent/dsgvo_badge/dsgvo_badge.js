import { Component, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { usePopover } from "@web/core/popover/popover_hook";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { STATES, SUBJECT_SPECIFICATION } from "../consents";
import { DsgvoProof } from "../dsgvo_proof/dsgvo_proof";

/**
 * The text DSGVO beside a customer: grey without a consent, coloured with one.
 *
 * A click on the coloured one shows the proof, on the grey one the consents to mark. Both ask the
 * server, so that a till that was loaded in the morning does not show what was withdrawn since.
 */
export class DsgvoBadge extends Component {
    static template = "dsgvo.DsgvoBadge";
    static props = {
        partnerId: Number,
        state: { validate: (state) => state in STATES },
        // Before the consents open for change; they stay closed when it returns false.
        beforeChange: { type: Function, optional: true },
        // When the consents were closed, changed or not.
        onClosed: Function,
        // When the server knows another state than the one shown, or no such customer.
        onOutdated: { type: Function, optional: true },
        context: { type: Object, optional: true },
    };
    static defaultProps = { beforeChange: () => true, onOutdated: () => {} };

    setup() {
        this.root = useRef("root");
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.popover = usePopover(DsgvoProof, { position: "bottom-start" });
        this.isBusy = false;
        this.isChanging = false;
    }

    get display() {
        return STATES[this.props.state];
    }

    async onClick() {
        if (this.isBusy) {
            return;
        }
        this.isBusy = true;
        try {
            await this.show(await this.fetchSubject());
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.notification.add(
                _t(
                    "There is no connection to the server. The consents can be seen and changed" +
                        " as soon as it is back; the sale can go on.",
                ),
                { type: "warning" },
            );
        } finally {
            this.isBusy = false;
        }
    }

    async show(subject) {
        if (subject?.consent_state !== this.props.state) {
            this.props.onOutdated();
        }
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
                context: {
                    ...this.props.context,
                    form_view_ref: "dsgvo.res_partner_view_form_consents",
                },
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
