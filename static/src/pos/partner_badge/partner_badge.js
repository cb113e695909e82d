import { Component } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { PartnerLine } from "@point_of_sale/app/screens/partner_list/partner_line/partner_line";
import { SelectPartnerButton } from "@point_of_sale/app/screens/product_screen/control_buttons/select_partner_button/select_partner_button";
import { ConnectionLostError } from "@web/core/network/rpc";
import { DsgvoBadge } from "../../consent/dsgvo_badge/dsgvo_badge";

/**
 * The badge DSGVO of a customer that the till has loaded.
 */
export class PartnerBadge extends Component {
    static template = "dsgvo.PartnerBadge";
    static components = { DsgvoBadge };
    static props = { partner: Object };

    setup() {
        this.pos = usePos();
        // Unlike a default it reaches the dialogs that open from the consents.
        this.context = { dsgvo_till_id: this.pos.config.id };
    }

    async reload() {
        try {
            await this.pos.data.read("res.partner", [this.props.partner.id]);
        } catch (error) {
            // The badge is right again at the next loading; the sale goes on.
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
    }
}

for (const component of [PartnerLine, SelectPartnerButton, PaymentScreen]) {
    component.components = { ...component.components, PartnerBadge };
}
