import { registry } from "@web/core/registry";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import * as Dsgvo from "./utils/dsgvo_util";
import * as Till from "./utils/till_util";

const CUSTOMER = "Adelheid Quittenbaum";
const takeOrder = () => Till.takeOrder(CUSTOMER);
const sellToSomebodyElse = () =>
    [
        ReceiptScreen.clickNextOrder(),
        ProductScreen.addOrderline("Desk Pad", "1"),
        ProductScreen.clickPayButton(),
        Till.pay(),
    ].flat();

/** Erase the customer, whom the till still needs for an order. */
const eraseCustomer = () => [Till.eraseWhoIsDue(), Till.customerIsMarkedAsGone(CUSTOMER)];
const customerIsForgotten = () => [
    Till.memoryKnows(CUSTOMER, false),
    Till.browserKnows(CUSTOMER, false),
];
const saleIsBookedWithoutInvoice = () =>
    [
        Till.cashierIsTold("No invoice was made."),
        Till.everySaleIsSent(),
        customerIsForgotten(),
    ].flat();

registry.category("web_tour.tours").add("dsgvo_late_after_restart", {
    steps: () =>
        [
            Till.open(),
            takeOrder(),
            PaymentScreen.clickInvoiceButton(),
            Till.payWithoutConnection(),
            Till.eraseWhoIsDue(),
            Till.reload(),
            saleIsBookedWithoutInvoice(),
            sellToSomebodyElse(),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_late_with_invoice", {
    steps: () =>
        [
            Till.open(),
            takeOrder(),
            PaymentScreen.clickInvoiceButton(),
            Till.payWithoutConnection(),
            // The sale that is not sent needs the number of the customer only.
            Till.eraseWhoIsDue(),
            customerIsForgotten(),
            Till.sendSales(),
            sellToSomebodyElse(),
            saleIsBookedWithoutInvoice(),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_late_with_shipping", {
    steps: () =>
        [
            Till.open(),
            takeOrder(),
            PaymentScreen.clickShipLaterButton(),
            PaymentScreen.shippingLaterHighlighted(),
            Till.payWithoutConnection(),
            // The sale that is not sent needs the number of the customer only.
            Till.eraseWhoIsDue(),
            customerIsForgotten(),
            Till.sendSales(),
            Till.connectionIsBack(),
            Till.cashierIsTold("Nothing will be shipped."),
            Till.everySaleIsSent(),
            Till.memoryKnows(CUSTOMER, false),
            sellToSomebodyElse(),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_late_open_order", {
    steps: () =>
        [
            Till.open(),
            takeOrder(),
            PaymentScreen.clickInvoiceButton(),
            eraseCustomer(),
            PaymentScreen.isInvoiceButtonUnchecked(),
            Till.pay(),
            Till.cashierIsTold("The sale was booked without a customer."),
            Till.everySaleIsSent(),
            customerIsForgotten(),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_late_answer", {
    steps: () =>
        [
            Till.open(),
            takeOrder(),
            Till.noteOnDisplay("Wird morgen abgeholt"),
            Till.eraseBeforeTheAnswer(CUSTOMER),
            Till.pay(),
            Till.displayForgets("Wird morgen abgeholt"),
            Till.memoryKnows(CUSTOMER, false),
            Till.memoryKnows("adelheid@quittenbaum.example", false),
            Till.browserKnows(CUSTOMER, false),
            sellToSomebodyElse(),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_pos_forget_parked", {
    steps: () =>
        [
            Till.open(),
            takeOrder(),
            Till.pay(),
            ReceiptScreen.clickNextOrder(),
            takeOrder(),
            Till.memoryKnows("adelheid@quittenbaum.example"),
            eraseCustomer(),
            Till.soldOrdersForget("adelheid@quittenbaum.example"),
            Till.saysThatCustomerIsGone(),
            PaymentScreen.clickInvoiceButton(),
            PaymentScreen.isInvoiceButtonUnchecked(),
            Till.pay(),
            Till.cashierIsTold("The sale was booked without a customer."),
            customerIsForgotten(),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_pos_cancel_parked", {
    steps: () =>
        [
            Till.open(),
            takeOrder(),
            eraseCustomer(),
            PaymentScreen.clickBack(),
            ProductScreen.clickPartnerButton(),
            Till.isNotOffered(CUSTOMER),
            Dialog.discard(),
            Till.saysThatCustomerIsGone(),
            Chrome.clickOrders(),
            TicketScreen.deleteOrder("1001"),
            Dialog.confirm(),
            customerIsForgotten(),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_pos_consent_form", {
    steps: () =>
        [
            Till.open(),
            ProductScreen.addOrderline("Desk Pad", "1"),
            Till.scanConsentForm(CUSTOMER),
            ProductScreen.customerIsSelected(CUSTOMER),
            Dsgvo.badgeIs("none", Till.CUSTOMER_BUTTON),
            Till.grantOnServer(CUSTOMER, "consent_storage"),
            Dsgvo.badgeIs("partial", Till.CUSTOMER_BUTTON),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_pos_restricted", {
    steps: () =>
        [
            Till.open(),
            Chrome.clickOrders(),
            TicketScreen.selectFilter("Paid"),
            Till.memoryKnows("Sold to"),
            Till.memoryKnows("Ludwig Tiefenbach", false),
            Till.memoryKnows("Anonymous Customer", false),
            Till.browserKnows("Ludwig Tiefenbach", false),
        ].flat(),
});
