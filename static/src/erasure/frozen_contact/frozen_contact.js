import { patch } from "@web/core/utils/patch";
import { FormController } from "@web/views/form/form_controller";

/**
 * Leave out of the actions of a form what the server would refuse: a contact that nobody changes
 * is not duplicated, restored, deleted, written to or asked. What can be printed stays.
 *
 * @param {Object} record of the form
 * @param {Object} items the actions and prints that Odoo offers
 */
export function offerWhatWorks(record, items) {
    const isFrozen = record.resModel === "res.partner" && record.data.dsgvo_frozen_notice;
    return isFrozen ? { ...items, action: [] } : items;
}

patch(FormController.prototype, {
    get actionMenuItems() {
        return offerWhatWorks(this.model.root, super.actionMenuItems);
    },
});
