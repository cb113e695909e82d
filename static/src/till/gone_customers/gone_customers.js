import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { PartnerList } from "@point_of_sale/app/screens/partner_list/partner_list";
import { patch } from "@web/core/utils/patch";

patch(PartnerList.prototype, {
    /** Offer nobody who was erased or archived and is only here until an open order is over. */
    getPartners(partners) {
        return super.getPartners(
            partners.filter((partner) => !partner.dsgvo_is_gone && !partner.dsgvo_is_archived),
        );
    },
});

patch(PosOrder.prototype, {
    /** Whoever was erased stays on the order that is being taken, and comes to no other one. */
    setPartner(partner) {
        if (!partner?.dsgvo_is_gone) {
            super.setPartner(partner);
        } else if (partner.id !== this.partner_id?.id) {
            super.setPartner(false);
        }
    },

    setToInvoice(toInvoice) {
        super.setToInvoice(toInvoice && !this.partner_id?.dsgvo_is_gone);
    },

    setShippingDate(shippingDate) {
        super.setShippingDate(this.partner_id?.dsgvo_is_gone ? false : shippingDate);
    },
});
