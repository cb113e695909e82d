import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { patch } from "@web/core/utils/patch";

// By uuid: the receipt is drawn again when the customer is gone, and must not change then.
const ordersWithDeadCode = new Set();

patch(PosOrder.prototype, {
    /** Customers of the special orders in this sale who are erased after it. */
    get customersToErase() {
        if (!this.company.dsgvo_erase_after_sale) {
            return [];
        }
        const customers = this.lines
            .filter((line) => line.product_id?.id !== this.config.down_payment_product_id?.id)
            .map((line) => line.sale_order_origin_id?.partner_id);
        return [...new Set(customers)].filter(
            (customer) => customer && !customer.dsgvo_is_gone && !customer.dsgvo_storage_allowed,
        );
    },

    /** Whether the code of the invoice box leads nowhere, now or as soon as the customer is gone. */
    get hasDeadInvoiceCode() {
        // By id: what a component reads is wrapped anew.
        if (this.customersToErase.some((customer) => customer.id === this.partner_id?.id)) {
            ordersWithDeadCode.add(this.uuid);
        }
        return !this.ticket_code || ordersWithDeadCode.has(this.uuid);
    },

    /** Whether the receipt names the customer. */
    get namesCustomerOnReceipt() {
        return Boolean(
            this.isToInvoice() ||
            (this.config.dsgvo_customer_on_receipt && this.partner_id?.dsgvo_storage_allowed),
        );
    },
});

patch(PosStore.prototype, {
    /** Let the ledger know that the consents in the window of the customer came from the till. */
    editPartnerContext() {
        return { ...super.editPartnerContext(...arguments), dsgvo_till_id: this.config.id };
    },
});
