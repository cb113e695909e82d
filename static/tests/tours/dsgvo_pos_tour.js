import { registry } from "@web/core/registry";
import * as PartnerList from "@point_of_sale/../tests/pos/tours/utils/partner_list_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as PosSale from "@pos_sale/../tests/tours/utils/pos_sale_utils";
import * as Dsgvo from "./utils/dsgvo_util";
import * as Record from "./utils/record_util";
import * as Till from "./utils/till_util";

registry.category("web_tour.tours").add("dsgvo_pos_badge", {
    steps: () =>
        [
            Till.open(),
            ProductScreen.addOrderline("Desk Pad", "1"),
            ProductScreen.clickPartnerButton(),
            Dsgvo.badgeIs("full", Till.lineOf("Clara Wolkenstein")),
            Dsgvo.badgeIs("none", Till.lineOf("Adelheid Quittenbaum")),
            Dsgvo.clickBadge(Till.lineOf("Adelheid Quittenbaum")),
            Dsgvo.choose("notification", "granted"),
            Dsgvo.pressButton(),
            Dsgvo.textIs("Kunde hat gem. DSGVO zugestimmt."),
            Dsgvo.saveDialog(),
            Dsgvo.badgeIs("partial", Till.lineOf("Adelheid Quittenbaum")),
            PartnerList.clickPartner("Adelheid Quittenbaum"),
            ProductScreen.customerIsSelected("Adelheid Quittenbaum"),
            Dsgvo.badgeIs("partial", Till.CUSTOMER_BUTTON),
            Dsgvo.clickBadge(Till.CUSTOMER_BUTTON),
            Dsgvo.proofShowsConsent("notification", "Granted"),
            ProductScreen.clickPayButton(),
            Dsgvo.badgeIs("partial", Till.PAYMENT_BUTTON),
            Till.pay(),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_pos_sign", {
    steps: () =>
        [
            Till.open(),
            ProductScreen.clickPartnerButton(),
            Dsgvo.clickBadge(Till.lineOf("Adelheid Quittenbaum")),
            Record.openFromBadge("Record with Proof"),
            Record.grant("storage"),
            Record.sign(),
            Record.finish("action_record", Dsgvo.consentIs("storage", "granted")),
            Dsgvo.saveDialog(),
            Dsgvo.badgeIs("partial", Till.lineOf("Adelheid Quittenbaum")),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_pos_editor", {
    steps: () =>
        [
            Till.open(),
            ProductScreen.clickPartnerButton(),
            PartnerList.clickPartnerOptions("Adelheid Quittenbaum"),
            PartnerList.clickDropDownItemText("Edit Details"),
            Dsgvo.openPage(),
            Dsgvo.choose("storage", "granted"),
            Dsgvo.pressButton(),
            Dsgvo.dateIsFilled(),
            Dsgvo.textIs("Kunde hat gem. DSGVO zugestimmt."),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_pos_forget", {
    steps: () =>
        [
            Till.open(),
            Till.browserKnows("Adelheid Quittenbaum"),
            Till.eraseOnServer("Adelheid Quittenbaum"),
            Till.reload(),
            Till.browserKnows("Adelheid Quittenbaum", false),
            Till.browserKnows("Clara Wolkenstein"),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_pos_settle", {
    steps: () =>
        [Till.open(), PosSale.settleNthOrder(1), ProductScreen.clickPayButton(), Till.pay()].flat(),
});

registry.category("web_tour.tours").add("dsgvo_pos_forget_sold", {
    steps: () =>
        [
            Till.open(),
            PosSale.settleNthOrder(1),
            ProductScreen.clickPayButton(),
            Till.pay(),
            Till.memoryKnows("Adelheid Quittenbaum"),
            Till.eraseWhoIsDue(),
            Till.memoryKnows("Adelheid Quittenbaum", false),
            Till.memoryKnows("adelheid@quittenbaum.example", false),
            // The till goes on selling.
            ReceiptScreen.clickNextOrder(),
            ProductScreen.addOrderline("Desk Pad", "1"),
            ProductScreen.clickPayButton(),
            Till.pay(),
        ].flat(),
});
