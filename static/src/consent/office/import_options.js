import { ImportDataOptions } from "@base_import/import_data_options/import_data_options";
import { patch } from "@web/core/utils/patch";
import { CONSENT_FIELDS } from "../consents";

const DECISIONS = [...CONSENT_FIELDS, "decision"];

patch(ImportDataOptions.prototype, {
    /** Offer no answer for cells that cannot be read: the server would refuse to decide so. */
    async loadOptions() {
        const options = await super.loadOptions();
        const { name, type } = this.props.fieldInfo;
        if (type !== "selection" || !DECISIONS.includes(name)) {
            return options;
        }
        const unread = ["prevent", "import_set_empty_fields", "import_skip_records"];
        return options.filter(([value]) => unread.includes(value));
    },
});
