import { CustomerDisplayPosAdapter } from "@point_of_sale/app/customer_display/customer_display_adapter";
import { ResPartner } from "@point_of_sale/app/models/res_partner";
import { PosData } from "@point_of_sale/app/services/data_service";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { browser } from "@web/core/browser/browser";
import { pick } from "@web/core/utils/objects";
import { patch } from "@web/core/utils/patch";
import { debounce } from "@web/core/utils/timing";
import { logFailure } from "../log_failure";

const HOUR = 3600 * 1000;
// Erasures come in batches, with a message each. After the last one, the till asks for all of them.
const PAUSE = 1000;
// What the server says of a customer, and the till shows: `_dsgvo_read_badges`.
const BADGE = [
    "id",
    "consent_state",
    "dsgvo_refused",
    "dsgvo_storage_allowed",
    "dsgvo_answers",
    "dsgvo_message_type",
];

// Of an order that is paid; the server empties the same ones when it arrives.
const NO_TEXTS = { general_customer_note: "", internal_note: "", floating_order_name: "" };

const localMark = (name) => ({ model: "res.partner", name, type: "boolean", local: true });

patch(ResPartner, {
    extraFields: {
        ...(ResPartner.extraFields || {}),
        // Erased or archived on the server, and here only until the order being taken is over.
        dsgvo_is_gone: localMark("dsgvo_is_gone"),
        dsgvo_is_archived: localMark("dsgvo_is_archived"),
    },
});

patch(PosData.prototype, {
    /**
     * Remove from memory and from the browser's database who is gone on the server, with what the
     * server took out of orders and special orders.
     *
     * A customer stays, marked as gone or archived, while an order is being taken. A paid order that
     * is not sent yet needs only the number.
     *
     * @param {Object[]} customers whom to look at; of one who has left the till, the id alone
     * @returns {Promise<Object[]>} orders that were taken anew from the server
     */
    async forgetCustomers(customers) {
        const { gone, archived, changed } = await this.checkCustomers(customers);
        for (const { id, ...badge } of changed) {
            this.models["res.partner"].get(id)?.update(badge);
        }
        const leaving = new Set([...gone, ...archived]);
        if (!leaving.size) {
            return [];
        }
        this.markAsLeaving(gone, "dsgvo_is_gone");
        this.markAsLeaving(archived, "dsgvo_is_archived");
        // Before the customers: if it fails, they are the sign that it is still to be done.
        const orders = await this.takeOrdersAnew(leaving);
        const busy = this.models["pos.order"]
            .filter((order) => !order.finalized)
            .map((order) => order.partner_id?.id);
        await this.deleteRecords(
            "res.partner",
            [...leaving].filter((id) => !busy.includes(id)),
        );
        return orders;
    },

    async checkCustomers(customers) {
        if (!customers.length) {
            return { gone: [], archived: [], changed: [] };
        }
        return await this.orm.silent.call("res.partner", "check_for_till", [
            customers.map((customer) => pick(customer, ...BADGE)),
        ]);
    },

    /** Orders that are being taken, and those that the server does not have yet. */
    getUnfinishedOrders() {
        return this.models["pos.order"].filter((order) => !(order.finalized && order.isSynced));
    },

    /** Customers who went while the server took the sale: its answer was made before that. */
    getCustomersOfSentSales() {
        return this.models["pos.order"]
            .filter(({ finalized, isSynced, uiState }) =>
                Boolean(finalized && isSynced && uiState.dsgvoGoneId),
            )
            .map((order) => ({ id: order.uiState.dsgvoGoneId }));
    },

    /** Mark customers who were erased or archived, and let their orders go on without them. */
    markAsLeaving(ids, mark) {
        for (const customer of this.models["res.partner"].readMany(ids)) {
            customer.update({ [mark]: true });
        }
        for (const order of this.getUnfinishedOrders()) {
            const customer = order.partner_id;
            if (customer?.[mark] && (order.finalized || customer.dsgvo_is_gone)) {
                // Also without a customer, it is about this one: the server has to know.
                order.uiState.dsgvoGoneId = customer.id;
            }
            if (customer?.dsgvo_is_gone) {
                order.update(
                    order.finalized ? NO_TEXTS : { to_invoice: false, shipping_date: false },
                );
            }
            if (customer?.dsgvo_is_gone && order.finalized) {
                order.lines.forEach((line) => line.update({ customer_note: "", note: "[]" }));
            }
        }
    },

    /** Take what is sold from the server, which emptied it, and drop the special orders. */
    async takeOrdersAnew(customerIds) {
        const belongsToThem = (specialOrder) =>
            ["partner_id", "partner_invoice_id", "partner_shipping_id"].some((name) =>
                customerIds.has(specialOrder?.raw[name]),
            );
        const sold = this.models["pos.order"].filter(
            (order) =>
                order.finalized &&
                order.isSynced &&
                (customerIds.has(order.partner_id?.id) ||
                    customerIds.has(order.uiState.dsgvoGoneId) ||
                    order.lines.some((line) => belongsToThem(line.sale_order_origin_id))),
        );
        await this.deleteSpecialOrders(this.models["sale.order"].filter(belongsToThem));
        if (!sold.length) {
            return [];
        }
        const orders = await this.loadServerOrders([["id", "in", sold.map(({ id }) => id)]]);
        sold.forEach((order) => delete order.uiState.dsgvoGoneId);
        return orders;
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
        this.data.connectWebSocket("DSGVO_FORGET", debounce(catchUp, PAUSE));
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
        return this.forgetCustomers([
            ...this.models["res.partner"].getAll(),
            ...this.data.getCustomersOfSentSales(),
        ]);
    },

    /** Forget who of these customers is gone. Never stops a sale. */
    async forgetCustomers(customers) {
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
        this.forgetCustomers([
            ...this.models["res.partner"].filter(
                (customer) => customer.dsgvo_is_gone || customer.dsgvo_is_archived,
            ),
            ...this.data.getCustomersOfSentSales(),
        ]);
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
