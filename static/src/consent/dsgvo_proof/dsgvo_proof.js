import { Component } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { SUBJECT_SPECIFICATION, consentsOf } from "../consents";

/**
 * The popover of a coloured badge: text, date and the three consents.
 */
export class DsgvoProof extends Component {
    static template = "dsgvo.DsgvoProof";
    static props = {
        subject: {
            type: Object,
            shape: Object.fromEntries(
                ["id", "display_name", ...Object.keys(SUBJECT_SPECIFICATION)].map((k) => [k, true]),
            ),
        },
        onChange: Function,
        close: { type: Function, optional: true },
    };

    get consents() {
        return consentsOf(this.props.subject);
    }

    get date() {
        return this.format(this.props.subject.consent_date);
    }

    get expiryDate() {
        return this.format(this.props.subject.consent_expiry_date);
    }

    format(date) {
        return date && formatDate(deserializeDate(date));
    }
}
