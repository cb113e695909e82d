import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { CONSENT_FIELDS } from "../consents";

/** Marks the same answer to all questions, where each touch counts. Nothing is saved yet. */
export class DsgvoConsentAll extends Component {
    static template = "dsgvo.DsgvoConsentAll";
    static props = { ...standardWidgetProps };

    async choose(value) {
        const { record } = this.props;
        const fields = CONSENT_FIELDS.filter((field) => record.data[field] !== value);
        await record.update(Object.fromEntries(fields.map((field) => [field, value])));
    }
}

registry.category("view_widgets").add("dsgvo_consent_all", { component: DsgvoConsentAll });
