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
 * Options: `partner_field` names the customer (`id` in a view of customers), `summary_field` the
 * consents in words, without which a contact that is no customer has no badge, `refused_field` whether there is none because the customer has refused, `refresh` the fields which
 * the document proposes from the consents and which are proposed anew while it is not saved.
 */
export class DsgvoBadgeField extends Component {
    static template = "dsgvo.DsgvoBadgeField";
    static components = { DsgvoBadge };
    static props = {
        ...standardFieldProps,
        partnerField: String,
        summaryField: { type: String, optional: true },
        refusedField: { type: String, optional: true },
        refresh: { type: Array, element: String },
        isHeaded: { type: Boolean, optional: true },
    };

    setup() {
        this.orm = useService("orm");
    }

    get partner() {
        const { record, partnerField } = this.props;
        return partnerField === "id" ? { id: record.resId } : record.data[partnerField];
    }

    get hasBadge() {
        return Boolean(
            this.partner?.id && this.state && (!this.props.summaryField || this.summary),
        );
    }

    get state() {
        return this.props.record.data[this.props.name];
    }

    get summary() {
        return this.props.record.data[this.props.summaryField] || undefined;
    }

    get refused() {
        return Boolean(this.props.record.data[this.props.refusedField]);
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
    extractProps: ({ options, viewType }) => ({
        partnerField: options.partner_field || "partner_id",
        summaryField: options.summary_field,
        refusedField: options.refused_field,
        refresh: options.refresh || [],
        isHeaded: viewType === "list",
    }),
});
