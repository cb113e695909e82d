import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import "../forget_customers/forget_customers";

patch(PosOrder.prototype, {
    /** Name the customer also if this browser does not know who it is: the server has to know. */
    serializeForORM() {
        const data = super.serializeForORM(...arguments);
        data.partner_id ||= this.raw.partner_id || this.uiState.dsgvoGoneId || false;
        return data;
    },
});

/**
 * What to tell the cashier of a sale that the server booked for the anonymous customer.
 *
 * @param {Object} order
 * @param {{ invoice: boolean, shipping: boolean }} asked what was asked for at the till
 */
export function describeLateSale(order, asked) {
    return [
        _t(
            "The customer of sale %(number)s is no longer there (erased, deleted or merged). The sale was booked without a customer.",
            { number: order.pos_reference },
        ),
        asked.invoice && _t("No invoice was made."),
        asked.shipping && _t("Nothing will be shipped."),
    ]
        .filter(Boolean)
        .join(" ");
}

// After `forget_customers`, whose occasions it uses, too.
patch(PosStore.prototype, {
    async setup() {
        // What was asked for in orders that are being sent, by their UUID.
        this.askedFor = new Map();
        await super.setup(...arguments);
    },

    async preSyncAllOrders(orders) {
        await super.preSyncAllOrders(...arguments);
        for (const order of orders) {
            this.askedFor.set(order.uuid, {
                customer: order.partner_id,
                customerId: order.raw.partner_id || order.uiState.dsgvoGoneId,
                invoice: Boolean(order.to_invoice),
                shipping: Boolean(order.shipping_date),
            });
        }
    },

    async postSyncAllOrders(orders) {
        await super.postSyncAllOrders(...arguments);
        const anonymousId = this.company.raw.dsgvo_anonymous_partner_id;
        for (const order of orders) {
            const asked = this.askedFor.get(order.uuid);
            this.askedFor.delete(order.uuid);
            if (asked && order.raw.partner_id === anonymousId && asked.customerId !== anonymousId) {
                this.notification.add(describeLateSale(order, asked), {
                    type: "warning",
                    sticky: true,
                });
                this.forgetCustomers(asked.customer ? [asked.customer] : []);
            }
        }
    },

    /**
     * Send also the sales that could not be sent before, after the others.
     *
     * Core takes a sale for sent as soon as it tried, until the till is loaded anew. No error of
     * theirs stops the sale of the next customer.
     */
    async syncAllOrders() {
        const result = await super.syncAllOrders(...arguments);
        if (result?.length) {
            this.sendAgain();
        }
        return result;
    },

    catchUp() {
        this.sendAgain();
        return super.catchUp(...arguments);
    },

    sendAgain() {
        const orders = this.models["pos.order"].filter(
            (order) =>
                order.isUnsyncedPaid && !order.isDirty() && !this.syncingOrders.has(order.uuid),
        );
        return orders.length ? this.syncAllOrders({ orders, force: true }) : undefined;
    },
});
