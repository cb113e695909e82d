import { patch } from "@web/core/utils/patch";
import { Many2XAutocomplete } from "@web/views/fields/relational_utils";
import { screen } from "../screen";

patch(Many2XAutocomplete.prototype, {
    /**
     * Ask for contacts anew with each letter.
     *
     * Core takes from an empty answer that more letters find nobody either. With the privacy screen
     * the answer is always empty before the third one.
     */
    search() {
        if (screen.isOn && this.props.resModel === "res.partner") {
            this.lastEmptySearch = null;
        }
        return super.search(...arguments);
    },
});
