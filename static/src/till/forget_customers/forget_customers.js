import { CustomerDisplayPosAdapter } from "@point_of_sale/app/customer_display/customer_display_adapter";
import { ResPartner } from "@point_of_sale/app/models/res_partner";
import { PosData } from "@point_of_sale/app/services/data_service";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { browser } from "@web/core/browser/browser";
import { patch } from "@web/core/utils/patch";
import { logFailure } from "../log_failure";

const HOUR = 3600 * 1000;

patch(ResPartner, {
    extraFields: {
        ...(ResPartner.extraFields || {}),
        // Erased on the server, and here only until the order that is being taken is over.
        dsgvo_is_gone: {
            model: "res.partner",
            name: "dsgvo_is_gone",
            type: "boolean",
            local: true,
        },
    },
});

patch(PosData.prototype, {
    /**
     * Remove from memory and from the browser's database who is gone on the server, with what the
     * server took out of orders and special orders.
     *
     * A customer stays, marked as gone, while an order is being taken or is not sent yet.
     *
     * @param {Object[]} customers whom to look at
     * @returns {Promise<Object[]>} orders that were taken anew from the server
     */
    async forgetCustomers(customers) {
        const { gone, archived, states } = await this.checkCustomers(customers);
        for (const [id, consent_state] of states) {
            this.models["res.partner"].get(id)?.update({ consent_state });
        }
        const leaving = new Set([...gone, ...archived]);
        if (!leaving.size) {
            return [];
        }
        this.markAsGone(gone);
        // Before the customers: if it fails, they are the sign that it is still to be done.
        const orders = await this.takeOrdersAnew(leaving);
        const busy = this.getUnfinishedOrders().map((order) => order.partner_id?.id);
        await this.deleteRecords(
            "res.partner",
            [...leaving].filter((id) => !busy.includes(id)),
        );
        return orders;
    },

    async checkCustomers(customers) {
        if (!customers.length) {
            return { gone: [], archived: [], states: [] };
        }
        return await this.orm.silent.call("res.partner", "check_for_till", [
            customers.map((customer) => [customer.id, customer.consent_state]),
        ]);
    },

    /** Orders that are being taken, and those that the server does not have yet. */
    getUnfinishedOrders() {
        return this.models["pos.order"].filter((order) => !(order.finalized && order.isSynced));
    },

    /** Let open orders go on without what cannot be done for somebody who was erased. */
    markAsGone(ids) {
        for (const customer of this.models["res.partner"].readMany(ids)) {
            customer.update({ dsgvo_is_gone: true });
        }
        for (const order of this.models["pos.order"].filter((order) => !order.finalized)) {
            if (order.partner_id?.dsgvo_is_gone) {
                order.update({ to_invoice: false, shipping_date: false });
                // Also without a customer, its notes are about this one: the server has to know.
                order.uiState.dsgvoGoneId = order.partner_id.id;
            }
        }
    },

    /** Take what is sold from the server, which emptied it, and drop the special orders. */
    async takeOrdersAnew(customerIds) {
        const belongsToThem = (specialOrder) =>
            ["partner_id", "partner_invoice_id", "partner_shipping_id"].some((name) =>
                customerIds.has(specialOrder?.[name]?.id),
            );
        const sold = this.models["pos.order"].filter(
            (order) =>
                order.finalized &&
                order.isSynced &&
                (customerIds.has(order.partner_id?.id) ||
                    order.lines.some((line) => belongsToThem(line.sale_order_origin_id))),
        );
        await this.deleteSpecialOrders(this.models["sale.order"].filter(belongsToThem));
        return sold.length
            ? await this.loadServerOrders([["id", "in", sold.map((order) => order.id)]])
            : [];
    },

    /** Those that are being sold stay. */
    async deleteSpecialOrders(specialOrders) {
        const inUse = new Set(
            this.getUnfinishedOrders().flatMap((order) =>
                order.lines.map((line) => line.sale_order_origin_id?.id),
            ),
        );
        const over = specialOrders.filter((specialOrder) => !inUse.has(specialOrder.id));
        const lines = over.flatMap((specialOrder) => specialOrder.order_line);
        await this.deleteRecords(
            "sale.order.line",
            lines.map((line) => line.id),
        );
        await this.deleteRecords(
            "sale.order",
            over.map((specialOrder) => specialOrder.id),
        );
    },

    async deleteRecords(model, ids) {
        await this.indexedDB.delete(model, ids);
        this.models[model].deleteMany(this.models[model].readMany(ids));
    },
});

patch(PosStore.prototype, {
    async afterProcessServerData() {
        const result = await super.afterProcessServerData(...arguments);
        const catchUp = () => this.catchUp();
        // The server says so after each erasure. Whatever gets lost is found at the next occasion.
        this.data.connectWebSocket("DSGVO_FORGET", catchUp);
        this.data.connectWebSocket("DSGVO_DECISION", ({ ids }) =>
            this.forgetCustomers(this.models["res.partner"].readMany(ids)),
        );
        this.bus.addEventListener("BUS:RECONNECT", catchUp);
        window.addEventListener("pos-network-online", catchUp);
        browser.setInterval(catchUp, HOUR);
        // Not awaited: the till opens first. Only now all orders of this browser are loaded.
        catchUp();
        return result;
    },

    /** Do what this till may have missed. */
    catchUp() {
        return this.forgetCustomers();
    },

    /** Forget who is gone; of all customers, or only among those given. Never stops a sale. */
    async forgetCustomers(customers = this.models["res.partner"].getAll()) {
        try {
            const orders = await this.data.forgetCustomers(customers);
            if (orders.some((order) => order.uuid === this.selectedOrderUuid)) {
                this.refreshCustomerDisplay();
            }
        } catch (error) {
            logFailure("forgetCustomers", error);
        }
    },

    /** Show no note of somebody who was erased until the next order is begun. */
    refreshCustomerDisplay() {
        const adapter = new CustomerDisplayPosAdapter();
        adapter.formatOrderData(this.getOrder());
        adapter.dispatch(this);
    },

    /** An order is over: look at those who only stayed for it. */
    forgetWhoWaits() {
        this.forgetCustomers(
            this.models["res.partner"].filter((customer) => customer.dsgvo_is_gone),
        );
    },

    postSyncAllOrders() {
        const result = super.postSyncAllOrders(...arguments);
        this.forgetWhoWaits();
        return result;
    },

    removeOrder() {
        const result = super.removeOrder(...arguments);
        this.forgetWhoWaits();
        return result;
    },
});
