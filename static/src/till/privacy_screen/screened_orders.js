import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { screen } from "../../screen/screen";

/** The id of the customer of a sale that is over, if not loaded; the anonymous one never is. */
function findMissingCustomer(order, company) {
    const id = order?.raw.partner_id;
    const isMissing =
        screen.isOn && !order?.partner_id && id !== company.raw.dsgvo_anonymous_partner_id;
    return isMissing && id;
}

patch(TicketScreen.prototype, {
    setup() {
        super.setup(...arguments);
        this.screen = screen;
    },

    /** The number stands for the customer, and for a name that was typed for the order. */
    getPartner(order) {
        return screen.isOn ? order.pos_reference : super.getPartner(order);
    },

    async onClickOrder(order) {
        super.onClickOrder(order);
        await this.loadCustomer(order);
    },

    async onDoRefund() {
        await this.loadCustomer(this.getSelectedOrder());
        return await super.onDoRefund(...arguments);
    },

    setPartnerToRefundOrder() {
        super.setPartnerToRefundOrder(...arguments);
        if (findMissingCustomer(this.getSelectedOrder(), this.pos.company)) {
            this.pos.notification.add(
                _t(
                    "The customer of this sale cannot be loaded: there is no connection to the server, or the customer was erased. The refund goes on without; choose the customer if you need one.",
                ),
                { type: "warning" },
            );
        }
    },

    /** Load the customer of a sale that is over, now that it is this one's turn. */
    async loadCustomer(order) {
        const id = findMissingCustomer(order, this.pos.company);
        if (id) {
            await this.pos.data.takeCustomers([id]);
        }
    },
});
