import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { DECISIONS, UNCHANGED, decisionOf } from "../consents";

/**
 * One consent with its three states: granted, refused, or nothing chosen (never asked).
 *
 * The core widget `selection_badge` empties a value that is clicked again. Here that would withdraw
 * a consent by a slip of the finger, so only what was chosen since the last save can be unchosen.
 *
 * With the option `unchanged` the field is an answer still to be recorded: nothing chosen leaves the
 * consent as it is, and everything can be unchosen.
 */
export class DsgvoConsentField extends Component {
    static template = "dsgvo.DsgvoConsentField";
    static props = {
        ...standardFieldProps,
        unchanged: { type: Boolean, optional: true },
    };

    get options() {
        return Object.entries(DECISIONS).map(([value, decision]) => ({
            ...decision,
            value,
            chosen: value === this.value,
        }));
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return this.props.record.fields[this.props.name].string;
    }

    get decision() {
        return !this.value && this.props.unchanged ? UNCHANGED : decisionOf(this.value);
    }

    get withdraws() {
        const { name, record } = this.props;
        return record._values[name] === "granted" && this.value === "refused";
    }

    choose(value) {
        const { name, record } = this.props;
        if (value !== this.value) {
            return record.update({ [name]: value });
        }
        // `_values` is what the server knows, `data` what the form shows.
        if (this.props.unchanged || !record._values[name]) {
            return record.update({ [name]: false });
        }
    }
}

registry.category("fields").add("dsgvo_consent", {
    component: DsgvoConsentField,
    displayName: _t("DSGVO consent"),
    supportedTypes: ["selection"],
    extractProps: ({ options }) => ({ unchanged: Boolean(options.unchanged) }),
    // Nothing chosen is an answer too: show it in a read-only form.
    isEmpty: () => false,
});
