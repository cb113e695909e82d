import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { pick } from "@web/core/utils/objects";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { DsgvoBadge } from "./dsgvo_badge";

/**
 * The badge of the customer of a document, on the related field `consent_state`.
 *
 * Options: `partner_field` names the customer, `refresh` the fields which the document proposes
 * from the consents and which are proposed anew while it is not saved.
 */
export class DsgvoBadgeField extends Component {
    static template = "dsgvo.DsgvoBadgeField";
    static components = { DsgvoBadge };
    static props = {
        ...standardFieldProps,
        partnerField: String,
        refresh: { type: Array, element: String },
    };

    setup() {
        this.orm = useService("orm");
    }

    get partner() {
        return this.props.record.data[this.props.partnerField];
    }

    get state() {
        return this.props.record.data[this.props.name];
    }

    beforeChange() {
        const { record } = this.props;
        return record.isNew || record.save();
    }

    async refresh() {
        const { record } = this.props;
        if (record.isNew) {
            await record.update(await this.fetchProposal());
        } else {
            await record.load();
            record.model.notify();
        }
    }

    /**
     * Return what a fresh document proposes for this customer.
     *
     * Choosing the customer again in the document itself would be simpler, but would also reset
     * addresses, terms and prices that the clerk has changed by hand.
     */
    async fetchProposal() {
        const { name, partnerField, record, refresh } = this.props;
        const fields = [name, ...refresh].filter((field) => field in record.activeFields);
        const specification = Object.fromEntries(fields.map((field) => [field, {}]));
        const { value } = await this.orm.call(
            record.resModel,
            "onchange",
            [[], { [partnerField]: this.partner.id }, [partnerField], specification],
            { context: record.context },
        );
        return pick(value, ...fields);
    }
}

registry.category("fields").add("dsgvo_badge", {
    component: DsgvoBadgeField,
    displayName: _t("DSGVO badge"),
    supportedTypes: ["selection"],
    isEmpty: () => false,
    extractProps: ({ options }) => ({
        partnerField: options.partner_field || "partner_id",
        refresh: options.refresh || [],
    }),
});
