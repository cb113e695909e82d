import { Component } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { PartnerLine } from "@point_of_sale/app/screens/partner_list/partner_line/partner_line";
import { SelectPartnerButton } from "@point_of_sale/app/screens/product_screen/control_buttons/select_partner_button/select_partner_button";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { SHORT_PURPOSES } from "../../consent/consents";
import { DsgvoBadge } from "../../consent/dsgvo_badge/dsgvo_badge";

/**
 * The badge DSGVO of a customer that the till has loaded.
 *
 * In a list it says which consents there are, if some are missing. Beside the customer of the sale
 * there is no room for that, and a row of a screened till has no answers: only the state then.
 */
export class PartnerBadge extends Component {
    static template = "dsgvo.PartnerBadge";
    static components = { DsgvoBadge };
    static props = { partner: Object, isInList: { type: Boolean, optional: true } };

    setup() {
        this.pos = usePos();
    }

    get summary() {
        const { consent_state, dsgvo_answers } = this.props.partner;
        if (!this.props.isInList || consent_state !== "partial") {
            return undefined;
        }
        return Object.keys(dsgvo_answers || {})
            .filter((purpose) => dsgvo_answers[purpose] === "granted")
            .map((purpose) => SHORT_PURPOSES[purpose])
            .join(", ");
    }

    /** Ask with what the till knows, while the server says what changed meanwhile. */
    async ask() {
        const customer = await this.pos.takeCustomer(this.props.partner);
        if (customer) {
            this.pos.ask(customer);
            this.pos.forgetCustomers([customer]);
        }
    }
}

for (const component of [PartnerLine, SelectPartnerButton, PaymentScreen, TicketScreen]) {
    component.components = { ...component.components, PartnerBadge };
}
