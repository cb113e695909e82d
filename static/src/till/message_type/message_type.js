import { SelectionPopup } from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { MESSAGE_TYPES, proposeType, typesFor } from "./message_types";

patch(PosOrder.prototype, {
    /** Whether there is anything to tell: goods that leave, or are fetched, later. */
    get hasMessageType() {
        return Boolean(this.partner_id && (this.shipping_date || this.preset_time));
    },

    /** How the customer is told about this order. The server decides, and stores K without consent. */
    get messageType() {
        return typesFor(this.partner_id).includes(this.notification_type)
            ? this.notification_type
            : proposeType(this.partner_id);
    },

    /** What was chosen for one customer does not hold for another. */
    setPartner(partner) {
        if (partner?.id !== this.partner_id?.id) {
            this.notification_type = false;
        }
        super.setPartner(partner);
    },
});

patch(PaymentScreen.prototype, {
    get messageTypeLabel() {
        return MESSAGE_TYPES[this.currentOrder.messageType];
    },

    async chooseMessageType() {
        const order = this.currentOrder;
        const type = await makeAwaitable(this.dialog, SelectionPopup, {
            title:
                typesFor(order.partner_id).length > 1
                    ? _t("How is the customer told?")
                    : _t("No consent to notification: press the badge DSGVO to ask."),
            list: typesFor(order.partner_id).map((item) => ({
                id: item,
                item,
                label: MESSAGE_TYPES[item],
                isSelected: item === order.messageType,
            })),
        });
        if (type) {
            order.notification_type = type;
        }
    },
});
