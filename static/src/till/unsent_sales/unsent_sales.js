import { ClosePosPopup } from "@point_of_sale/app/components/popups/closing_popup/closing_popup";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { ask } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";

patch(PosStore.prototype, {
    /** Sales that were paid and exist in this browser only. */
    get unsentSales() {
        return this.models["pos.order"].filter((order) => order.isUnsyncedPaid);
    },

    /**
     * The figures of the closing window are those of the server: send first.
     *
     * On a bad line that takes a while, so the cashier sees what the till waits for.
     */
    async closeSession() {
        const { ui } = this.env.services;
        ui.block({ message: _t("The till sends its sales and asks the server for the figures.") });
        try {
            await this.syncAllOrders({ orders: this.unsentSales, force: true });
            return await super.closeSession(...arguments);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.dialog.add(AlertDialog, {
                title: _t("No connection to the server"),
                body: _t(
                    "The register can be closed as soon as the connection is back." +
                        " Until then, you can go on selling.",
                ),
            });
        } finally {
            ui.unblock();
        }
    },
});

patch(ClosePosPopup.prototype, {
    /** Number and amount of each sale that the figures do not contain. */
    get unsentSales() {
        return this.pos.unsentSales.map((order) =>
            _t("%(number)s: %(amount)s", {
                number: order.pos_reference,
                amount: this.env.utils.formatCurrency(order.priceIncl),
            }),
        );
    },

    /** Begin anew, with the figures of then. */
    sendUnsentSales() {
        this.dialog.closeAll();
        return this.pos.closeSession();
    },

    async confirm() {
        if (!this.unsentSales.length || (await this.askToCloseWithout(this.unsentSales))) {
            return await super.confirm(...arguments);
        }
    },

    askToCloseWithout(sales) {
        return ask(this.dialog, {
            title: _t("Close although paid sales are missing?"),
            body: _t(
                "The server does not have these sales: %(sales)s. They are booked in the next" +
                    " session, when the register is opened again in this browser. Until then, do" +
                    " not delete the data of the browser.",
                { sales: sales.join(", ") },
            ),
            confirmLabel: _t("Close Anyway"),
            cancelLabel: _t("Go Back"),
        });
    },
});
