import { Many2XAutocomplete } from "@web/views/fields/relational_utils";
import { patch } from "@web/core/utils/patch";
import { DsgvoMark } from "../dsgvo_badge/dsgvo_badge";

/** The badge in the entries of a drop-down, where the customer of a document is chosen. */
patch(Many2XAutocomplete.prototype, {
    get choosesCustomer() {
        const { context, resModel } = this.props;
        return resModel === "res.partner" && context.res_partner_search_mode === "customer";
    },

    get searchSpecification() {
        const specification = super.searchSpecification;
        return this.choosesCustomer
            ? { ...specification, consent_state: {}, dsgvo_refused: {}, dsgvo_summary: {} }
            : specification;
    },

    buildRecordSuggestion(request, record) {
        const suggestion = super.buildRecordSuggestion(...arguments);
        // Without words it is no customer, and nobody is asked.
        suggestion.data.dsgvoMark = record.dsgvo_summary && {
            state: record.consent_state,
            refused: record.dsgvo_refused,
            summary: record.dsgvo_summary,
        };
        return suggestion;
    },

    // A class of another addon that extends this one has its components already.
    get dsgvoMark() {
        return DsgvoMark;
    },
});
