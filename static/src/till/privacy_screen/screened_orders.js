import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { patch } from "@web/core/utils/patch";
import { screen } from "../../screen/screen";

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

    /** Load the customer of a sale that is over, now that it is this one's turn. */
    async loadCustomer(order) {
        if (screen.isOn && order?.raw.partner_id && !order.partner_id) {
            await this.pos.data.takeCustomers([order.raw.partner_id]);
        }
    },
});
