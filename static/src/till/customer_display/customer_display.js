import { CustomerDisplayPosAdapter } from "@point_of_sale/app/customer_display/customer_display_adapter";
import { patch } from "@web/core/utils/patch";

const SHORTEST = 3; // letters of a word that is looked for

/** Find a customer of this sale, or of a special order in it, in a text. */
function findsCustomer(order) {
    const customers = [
        order.partner_id,
        ...order.lines.map((line) => line.sale_order_origin_id?.partner_id),
    ];
    const words = customers
        .flatMap((customer) => customer?.name?.toLowerCase().split(/[^\p{L}]+/u) || [])
        .filter((word) => word.length >= SHORTEST);
    return (text) => words.some((word) => text?.toLowerCase().includes(word));
}

patch(CustomerDisplayPosAdapter.prototype, {
    /** Show the next customer nothing of this one: no note that names somebody, no paid order. */
    formatOrderData(order) {
        super.formatOrderData(...arguments);
        const namesCustomer = findsCustomer(order);
        if (order.finalized || namesCustomer(this.data.general_customer_note)) {
            this.data.general_customer_note = "";
        }
        this.data.lines = order.finalized ? [] : this.data.lines;
        for (const line of this.data.lines) {
            line.customerNote = namesCustomer(line.customerNote) ? "" : line.customerNote;
            line.internalNote = namesCustomer(line.internalNote) ? "[]" : line.internalNote;
        }
    },
});
