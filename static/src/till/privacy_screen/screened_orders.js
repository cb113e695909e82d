import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { PosStore } from "@point_of_sale/app/services/pos_store";
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

patch(PosStore.prototype, {
    /** Core looks for the orders of the present customer, with the name in the search field. */
    getDefaultSearchDetails() {
        return screen.isOn
            ? { fieldName: "RECEIPT_NUMBER", searchTerm: "" }
            : super.getDefaultSearchDetails();
    },
});

patch(TicketScreen.prototype, {
    setup() {
        super.setup(...arguments);
        this.screen = screen;
    },

    /** Whoever opens the orders of one customer sees these, without the name in the field. */
    getSearchBarConfig() {
        const config = super.getSearchBarConfig();
        const { defaultSearchDetails: search } = config;
        return screen.isOn && search.fieldName === "PARTNER"
            ? { ...config, defaultSearchDetails: { ...search, searchTerm: "" } }
            : config;
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
