import { PartnerLine } from "@point_of_sale/app/screens/partner_list/partner_line/partner_line";
import { PartnerList } from "@point_of_sale/app/screens/partner_list/partner_list";
import { useEffect } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { useDebounced } from "@web/core/utils/timing";
import { screen } from "../../screen/screen";
import "../gone_customers/gone_customers";

// As `res_partner.py` of the screen.
const LEAST = 3;

/** No list to browse: the server finds customers by what was typed, and only one is taken. */
patch(PartnerList.prototype, {
    setup() {
        super.setup();
        this.screen = screen;
        if (screen.isOn) {
            this.state.initialPartners = this.props.partner ? [this.props.partner] : [];
            this.state.answeredQuery = "";
            const find = useDebounced(() => this.getNewPartners(), 250);
            useEffect(
                () => {
                    find();
                },
                () => [this.state.query],
            );
        }
    },

    /** Whether the server knows nobody for what is typed; it answers from the third character. */
    get foundNobody() {
        const { answeredQuery, query } = this.state;
        return query === answeredQuery && query.match(/[\p{L}\p{N}]/gu)?.length >= LEAST;
    },

    getPartners(partners) {
        if (!screen.isOn) {
            return super.getPartners(partners);
        }
        // The server has found them, maybe by what the till does not know.
        return partners.map((row) => this.pos.models["res.partner"].get(row.id) || row);
    },

    async getNewPartners() {
        if (!screen.isOn) {
            return await super.getNewPartners();
        }
        const { query } = this.state;
        this.state.loading = true;
        try {
            const found = await this.pos.data.call("res.partner", "find_for_till", [
                this.pos.config.id,
                query,
            ]);
            if (query === this.state.query) {
                this.state.loadedPartners = found.filter(({ id }) => id !== this.props.partner?.id);
                this.state.answeredQuery = query;
            }
            return found;
        } catch {
            return []; // as in core: the till is offline
        } finally {
            this.state.loading = false;
        }
    },

    async clickPartner(partner) {
        if (!partner || !screen.isOn) {
            return super.clickPartner(partner);
        }
        const customer = await this.pos.takeCustomer(partner);
        if (customer) {
            super.clickPartner(customer);
        }
    },
});

patch(PartnerLine.prototype, {
    setup() {
        super.setup();
        this.screen = screen;
    },
});
