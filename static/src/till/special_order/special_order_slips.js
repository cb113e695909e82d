import { Component } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { Dialog } from "@web/core/dialog/dialog";
import { MESSAGE_TYPES } from "../message_type/message_types";

/** What the customer takes home: number, date, titles and total, and nobody's address. */
export class CustomerSlip extends Component {
    static template = "dsgvo.CustomerSlip";
    static props = { slip: Object, shop: String, total: String };
}

/** What stands on the shelf: the short number and the date, large; the name only if chosen. */
export class ShelfSlip extends Component {
    static template = "dsgvo.ShelfSlip";
    static props = { slip: Object, name: { type: String, optional: true } };
}

/** The special order is taken: its number, and the slips to be printed. */
export class SpecialOrderSlips extends Component {
    static template = "dsgvo.SpecialOrderSlips";
    static components = { Dialog };
    // `slip` is what `take_special_order` returns.
    static props = { slip: Object, customer: Object, close: Function };

    setup() {
        this.pos = usePos();
    }

    get message() {
        return MESSAGE_TYPES[this.props.slip.notification_type];
    }

    /** What the customer will pay, which may differ by cents from what was typed. */
    get total() {
        return this.env.utils.formatCurrency(this.props.slip.amount_total);
    }

    async printForCustomer() {
        const { slip } = this.props;
        await this.print(CustomerSlip, { slip, shop: this.pos.company.name, total: this.total });
    }

    async printForShelf() {
        const { slip, customer } = this.props;
        await this.print(ShelfSlip, {
            slip,
            name: this.pos.config.dsgvo_name_on_shelf_slip ? customer.name : undefined,
        });
    }

    async print(slip, props) {
        await this.pos.printer.print(slip, props, this.pos.printOptions);
    }
}
