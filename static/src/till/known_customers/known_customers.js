import { DataServiceOptions } from "@point_of_sale/app/models/data_service_options";
import { PosData } from "@point_of_sale/app/services/data_service";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { patch } from "@web/core/utils/patch";
import { logFailure } from "../log_failure";

const PARTNER = "res.partner";

patch(DataServiceOptions.prototype, {
    /** The customers of what is loaded are asked for in `missingRecursive` instead. */
    get pohibitedAutoLoadedModels() {
        return [...super.pohibitedAutoLoadedModels, PARTNER];
    },
});

patch(PosData.prototype, {
    /**
     * Load the customers of the records as well, except those whom a till must not know.
     *
     * Core reads them whatever became of them, and tells all other tills.
     */
    async missingRecursive(recordMap, idsMap = {}, acc = {}) {
        const records = await super.missingRecursive(recordMap, idsMap, acc);
        const asked = (idsMap[PARTNER] ??= new Set());
        const ids = this.network.offline ? [] : this.findMissingCustomers(records, asked);
        if (!ids.length) {
            return records;
        }
        ids.forEach((id) => asked.add(id));
        const customers = await this.readCustomers(ids);
        return this.missingRecursive({ [PARTNER]: customers }, idsMap, records);
    },

    findMissingCustomers(records, asked) {
        const loaded = new Set((records[PARTNER] || []).map((customer) => customer.id));
        const links = Object.entries(records).flatMap(([model, rows]) =>
            Object.values(this.relations[model] || {})
                .filter((field) => field.relation === PARTNER && field.type)
                .flatMap((field) => rows.flatMap((row) => row[field.name])),
        );
        return [...new Set(links)].filter(
            (id) =>
                typeof id === "number" &&
                !asked.has(id) &&
                !loaded.has(id) &&
                !this.models[PARTNER].get(id),
        );
    },

    /** Return what the till stores of these customers, without those whom it must not know. */
    async readCustomers(ids) {
        try {
            return await this.orm.call(PARTNER, "read_for_till", [odoo.pos_config_id, ids]);
        } catch (error) {
            // As in core: the records can be used without their customer.
            logFailure("readCustomers", error);
            return [];
        }
    },
});

patch(PosStore.prototype, {
    /** Return the record of a customer who was chosen in the list, where rows may be no records. */
    async takeCustomer(customer) {
        return customer;
    },
});
