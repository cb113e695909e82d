import { ResPartner } from "@point_of_sale/app/models/res_partner";
import { PosData } from "@point_of_sale/app/services/data_service";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";
import { screen } from "../../screen/screen";
import "../known_customers/known_customers";

const PARTNER = "res.partner";

patch(PosStore.prototype, {
    /** The switch of this till counts for whatever it asks the server from now on. */
    async processServerData() {
        if (this.data.models["pos.config"].getFirst().dsgvo_privacy_screen) {
            screen.isOn = true;
            user.updateContext({ dsgvo_screened: true });
        }
        return await super.processServerData(...arguments);
    },

    /** Whoever was served before is neither in memory nor in the browser's database any more. */
    addNewOrder() {
        const order = super.addNewOrder(...arguments);
        if (screen.isOn) {
            this.data.dropCustomers();
        }
        return order;
    },

    /** Load whom the server has found: a row of the list has no answers and no message type. */
    async takeCustomer(customer) {
        if (!screen.isOn || customer instanceof ResPartner) {
            return await super.takeCustomer(...arguments);
        }
        const [taken] = await this.data.takeCustomers([customer.id]);
        if (!taken) {
            this.notification.add(
                _t(
                    "This customer cannot be loaded now. Choose the customer again as soon as the connection to the server is back; the sale can go on without.",
                ),
                { type: "warning" },
            );
        }
        return taken;
    },
});

patch(PosData.prototype, {
    /** Customers of sales that are over are loaded when such a sale is chosen. */
    findMissingCustomers(records, asked) {
        if (!screen.isOn) {
            return super.findMissingCustomers(records, asked);
        }
        const open = (records["pos.order"] || []).filter((order) => order.state === "draft");
        return super.findMissingCustomers({ ...records, "pos.order": open }, asked);
    },

    async read(model, ids) {
        if (model !== PARTNER || !screen.isOn) {
            return await super.read(...arguments);
        }
        return await this.takeCustomers(ids);
    },

    async searchRead(model, domain) {
        if (model !== PARTNER || !screen.isOn) {
            return await super.searchRead(...arguments);
        }
        return await this.takeCustomers(await this.orm.search(PARTNER, domain, { limit: 1 }));
    },

    /** Load what sales to these customers need, and return them. */
    async takeCustomers(ids) {
        const customers = await this.readCustomers(ids);
        const records = await this.missingRecursive({ [PARTNER]: customers });
        this.models.connectNewData(records);
        this.synchronizeServerDataInIndexedDB(records);
        return this.models[PARTNER].readMany(customers.map((customer) => customer.id));
    },

    dropCustomers() {
        const needed = new Set([
            user.partnerId,
            ...this.getUnfinishedOrders().map((order) => order.partner_id?.id),
        ]);
        const ids = this.models[PARTNER].map((customer) => customer.id);
        return this.deleteRecords(
            PARTNER,
            ids.filter((id) => !needed.has(id)),
        );
    },
});
