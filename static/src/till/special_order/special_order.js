import { ControlButtons } from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";
import { PartnerLine } from "@point_of_sale/app/screens/partner_list/partner_line/partner_line";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import { SpecialOrderDialog } from "./special_order_dialog";
import { SpecialOrderSlips } from "./special_order_slips";

patch(PosStore.prototype, {
    /** Order articles for a customer, who is chosen first if the sale has none. */
    async takeSpecialOrder(customer = this.getOrder().getPartner()) {
        customer ||= await this.selectPartner();
        if (!customer || customer.dsgvo_is_gone) {
            return this.refuseSpecialOrder(
                customer
                    ? _t("This customer was erased. Choose another customer for a special order.")
                    : _t("Choose a customer first: a special order is made for somebody."),
            );
        }
        const offer = await this.askServer(() =>
            this.data.call("pos.config", "prepare_special_order", [[this.config.id]]),
        );
        const line = this.getLineToOrder();
        const taken = offer && (await this.openSpecialOrder({ customer, offer, line }));
        if (taken) {
            await this.afterSpecialOrder(taken, customer, line);
        }
    },

    async openSpecialOrder(props) {
        return await makeAwaitable(this.dialog, SpecialOrderDialog, props);
    },

    /** The selected line, if it can be ordered instead of sold. */
    getLineToOrder() {
        const line = this.getOrder().getSelectedOrderline();
        const isGoods =
            line?.product_id.type === "consu" &&
            line.qty > 0 &&
            !line.sale_order_origin_id &&
            !line.refunded_orderline_id &&
            !line.combo_parent_id &&
            !line.combo_line_ids?.length;
        return isGoods ? line : undefined;
    },

    async afterSpecialOrder({ slip, deposit, takesLine }, customer, line) {
        if (takesLine && line) {
            line.order_id.removeOrderline(line);
        }
        if (deposit) {
            await this.askServer(
                () => this.addDeposit(slip.id, deposit),
                _t(
                    "The order %(number)s is taken, the deposit is not. Take it with Quotation/Order as soon as the connection is back.",
                    { number: slip.name },
                ),
            );
        }
        this.dialog.add(SpecialOrderSlips, { slip, customer });
    },

    /** Put a deposit into the sale, as pos_sale does for an order that is loaded. */
    async addDeposit(specialOrderId, amount) {
        const specialOrder = await this._getSaleOrder(specialOrderId);
        const isOfSomebodyElse = this.getOrder().lines.some(
            ({ sale_order_origin_id: other }) =>
                other && other.partner_id?.id !== specialOrder.partner_id?.id,
        );
        if (isOfSomebodyElse) {
            this.addNewOrder({ partner_id: specialOrder.partner_id });
        }
        this.getOrder().setPartner(specialOrder.partner_id);
        await this.addDownPaymentProductOrderlineToOrder(specialOrder, amount, false);
    },

    /** Ask the server, and say so if there is no connection to it. */
    async askServer(question, withoutConnection) {
        try {
            return await question();
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.refuseSpecialOrder(
                withoutConnection ||
                    _t(
                        "There is no connection to the server. A special order can be taken as soon as it is back; the sale can go on.",
                    ),
            );
        }
    },

    refuseSpecialOrder(words) {
        this.notification.add(words, { type: "warning" });
    },
});

patch(ControlButtons.prototype, {
    async onClickSpecialOrder() {
        this.props.close?.();
        await this.pos.takeSpecialOrder();
    },
});

patch(PartnerLine.prototype, {
    /** Choose this customer for the sale, and order. */
    async onClickSpecialOrder() {
        const customer = await this.pos.takeCustomer(this.props.partner);
        if (customer) {
            await this.props.onClickPartner(customer);
            await this.pos.takeSpecialOrder(customer);
        }
    },
});
