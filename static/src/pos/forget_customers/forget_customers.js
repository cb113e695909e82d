import { DataServiceOptions } from "@point_of_sale/app/models/data_service_options";
import { PosData } from "@point_of_sale/app/services/data_service";
import { patch } from "@web/core/utils/patch";

patch(DataServiceOptions.prototype, {
    get cleanupModels() {
        return [...super.cleanupModels, "res.partner"];
    },
});

patch(PosData.prototype, {
    async initData() {
        await super.initData(...arguments);
        const forget = () =>
            this.forgetErasedCustomers().catch(() => {
                // Offline, or a server that is busy: the next start asks again.
            });
        // The server says so after each erasure, so an open till need not be reloaded.
        this.connectWebSocket("DSGVO_FORGET", forget);
        // Not awaited: the till opens first.
        forget();
    },

    /**
     * Remove from memory and from the browser's database who was erased on the server.
     *
     * A till that is reloaded within its session takes everything from the browser and would keep
     * erased customers until the next session. Customers of an order that is being taken stay.
     */
    async forgetErasedCustomers() {
        const Partner = this.models["res.partner"];
        const gone = await this.orm.silent.call("pos.session", "filter_local_data", [
            odoo.pos_session_id,
            { "res.partner": Partner.map((partner) => partner.id) },
        ]);
        const busy = new Set(
            this.models["pos.order"]
                .filter((order) => !order.finalized)
                .map((order) => order.partner_id?.id),
        );
        const ids = gone["res.partner"].filter((id) => !busy.has(id));
        const theirOrders = this.models["pos.order"].filter(
            (order) => order.isSynced && ids.includes(order.partner_id?.id),
        );
        await this.indexedDB.delete("res.partner", ids);
        ids.forEach((id) => Partner.get(id)?.delete());
        await this.refreshOrders(theirOrders);
    },

    /** Take orders from the server anew, which took the customer out of them, notes included. */
    async refreshOrders(orders) {
        if (orders.length) {
            const specialOrders = orders
                .flatMap((order) => order.lines)
                .map((line) => line.sale_order_origin_id?.id)
                .filter(Boolean);
            await this.loadServerOrders([["id", "in", orders.map((order) => order.id)]]);
            await this.callRelated("sale.order", "load_sale_order_from_pos", [
                [...new Set(specialOrders)],
                odoo.pos_config_id,
            ]);
        }
    },
});
