import { Component } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { PartnerLine } from "@point_of_sale/app/screens/partner_list/partner_line/partner_line";
import { SelectPartnerButton } from "@point_of_sale/app/screens/product_screen/control_buttons/select_partner_button/select_partner_button";
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

    /** Show the state of the server, or forget a customer who is gone. */
    async reload() {
        await this.pos.forgetCustomers([this.props.partner]);
    }
}

for (const component of [PartnerLine, SelectPartnerButton, PaymentScreen]) {
    component.components = { ...component.components, PartnerBadge };
}
