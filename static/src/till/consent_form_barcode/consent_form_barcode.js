import { ResPartner } from "@point_of_sale/app/models/res_partner";
import { PartnerList } from "@point_of_sale/app/screens/partner_list/partner_list";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";
import { BarcodeReader } from "@point_of_sale/app/services/barcode_reader_service";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { patch } from "@web/core/utils/patch";

/**
 * The customer whose consent form this barcode was printed on.
 *
 * @param {string} code
 * @returns {number} the id, or NaN for any other text
 */
export function customerIdOf(code) {
    return Number(/^\W*DSGVO-(\d{1,9})\W*$/i.exec(code || "")?.[1] ?? NaN);
}

patch(BarcodeReader.prototype, {
    /** Every nomenclature takes it for a product, or for an error. */
    async _scan(code) {
        if (!customerIdOf(code)) {
            return await super._scan(...arguments);
        }
        const maps = this.exclusiveCbMap ? [this.exclusiveCbMap] : [...this.cbMaps];
        const parsed = { type: "client", code };
        const actions = maps.map((map) => map.client).filter(Boolean);
        if (!actions.length) {
            this.showNotFoundNotification(parsed);
        }
        for (const action of actions) {
            await action(parsed);
        }
    },
});

patch(PosStore.prototype, {
    /** Return a customer, from the server if this till does not have the customer yet. */
    async findCustomer(id) {
        const known = this.models["res.partner"].get(id);
        if (known) {
            return known;
        }
        const found = await this.data.callRelated("res.partner", "get_new_partner", [
            this.config.id,
            [["id", "=", id]],
            0,
        ]);
        return found["res.partner"]?.[0];
    },
});

patch(ProductScreen.prototype, {
    async _getPartnerByBarcode({ code }) {
        const id = customerIdOf(code);
        return id
            ? await this.pos.findCustomer(id)
            : await super._getPartnerByBarcode(...arguments);
    },
});

patch(ResPartner.prototype, {
    exactMatch(searchWord) {
        return customerIdOf(searchWord) === this.id || super.exactMatch(...arguments);
    },
});

patch(PartnerList.prototype, {
    async getNewPartners() {
        const id = customerIdOf(this.state.query);
        if (!id) {
            return await super.getNewPartners();
        }
        const customer = await this.pos.findCustomer(id).catch(() => undefined);
        if (customer && !this.loadedPartnerIds.has(id)) {
            this.loadedPartnerIds.add(id);
            this.state.loadedPartners.push(customer);
        }
        return customer ? [customer] : [];
    },
});
