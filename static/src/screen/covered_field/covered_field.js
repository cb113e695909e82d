import { patch } from "@web/core/utils/patch";
import { Record } from "@web/model/relational_model/record";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { omit } from "@web/core/utils/objects";
import { Many2XAutocomplete } from "@web/views/fields/relational_utils";
import { Field } from "@web/views/fields/field";
import { isCovered, screen } from "../screen";

patch(Field.prototype, {
    /** Nobody types over what is covered. */
    get isCovered() {
        return isCovered(this.props.record, this.props.name);
    },
});

patch(Record.prototype, {
    /** What is covered is not missing, only not sent. */
    _isRequired(fieldName) {
        return super._isRequired(fieldName) && !isCovered(this, fieldName);
    },
});

patch(RelationalModel.prototype, {
    /** Whatever is loaded next is covered, another record or this one anew. */
    load(params = {}) {
        const context = omit(params.context || this.config.context, "dsgvo_shown");
        return super.load({ ...params, context });
    },
});

patch(Many2XAutocomplete.prototype, {
    /** No list of customers to browse. */
    addSearchMoreSuggestion() {
        return (
            !(screen.isOn && this.props.resModel === "res.partner") &&
            super.addSearchMoreSuggestion(...arguments)
        );
    },
});
