import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as PartnerList from "@point_of_sale/../tests/pos/tours/utils/partner_list_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import { registry } from "@web/core/registry";
import * as SaleOrder from "./utils/sale_order_util";
import * as Screen from "./utils/screen_util";
import * as Till from "./utils/till_util";

registry.category("web_tour.tours").add("dsgvo_screen_office", {
    steps: () =>
        [
            Screen.listShows("K-2020"),
            { content: "begin an order", trigger: ".o_list_button_add", run: "click" },
            SaleOrder.chooseCustomer("Adelheid Quittenbaum"),
            SaleOrder.openOtherInformation(),
            SaleOrder.setReference("Shelf 7"),
            SaleOrder.save(),
            Screen.isCovered("client_order_ref"),
            Screen.show(),
            Screen.isShown("client_order_ref", "Shelf 7"),
            { content: "the history is there", trigger: ".o-mail-Chatter .o-mail-Message" },
            Screen.coverByEscape(),
            Screen.isCovered("client_order_ref"),
            { content: "the history is covered", trigger: ".o_dsgvo_covered_chatter" },
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_screen_contact", {
    steps: () =>
        [
            Screen.isCovered("email"),
            Screen.isCovered("street"),
            Screen.show(),
            Screen.isShown("email", "adelheid@quittenbaum.example"),
            Screen.coverByEscape(),
            Screen.isCovered("email"),
            {
                content: "type a profession",
                trigger: ".o_field_widget[name=function] input",
                run: "edit Reader",
            },
            SaleOrder.save(),
            Screen.isCovered("email"),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_screen_till", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.addOrderline("Desk Pad", "1"),
            Screen.askForCustomer(),
            Screen.tillFindsNobody(),
            Screen.typeForCustomer("901820"),
            Screen.tillFinds("Adelheid Quittenbaum", "Berlin"),
            PartnerList.clickPartner("Adelheid Quittenbaum"),
            ProductScreen.customerIsSelected("Adelheid Quittenbaum"),
            ProductScreen.clickPayButton(),
            Till.pay(),
            ReceiptScreen.clickNextOrder(),
            Chrome.clickOrders(),
            TicketScreen.selectFilter("Paid"),
            TicketScreen.contains("Sold before"),
        ].flat(),
});
