import { registry } from "@web/core/registry";
import * as PartnerList from "@point_of_sale/../tests/pos/tours/utils/partner_list_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as PosSale from "@pos_sale/../tests/tours/utils/pos_sale_utils";
import * as Ask from "./utils/ask_util";
import * as Dsgvo from "./utils/dsgvo_util";
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
            Ask.nothingIsChosen(),
            Ask.choose("notification", "granted"),
            Ask.done(),
            Dsgvo.badgeIs("partial", Till.lineOf("Adelheid Quittenbaum")),
            PartnerList.clickPartner("Adelheid Quittenbaum"),
            ProductScreen.customerIsSelected("Adelheid Quittenbaum"),
            Dsgvo.badgeIs("partial", Till.CUSTOMER_BUTTON),
            Dsgvo.clickBadge(Till.CUSTOMER_BUTTON),
            Ask.stands("notification", "Granted"),
            Ask.wordingSays("notification", "Bestellungen"),
            Ask.later(),
            Ask.isClosed(),
            ProductScreen.clickPayButton(),
            Dsgvo.badgeIs("partial", Till.PAYMENT_BUTTON),
            Till.pay(),
            Ask.typeOfSale("M"),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_pos_three_touches", {
    steps: () =>
        [
            Till.open(),
            Till.takeOrder("Adelheid Quittenbaum"),
            Dsgvo.clickBadge(Till.PAYMENT_BUTTON),
            Ask.grantAll(),
            Ask.done(),
            Dsgvo.badgeIs("full", Till.PAYMENT_BUTTON),
            Till.pay(),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_pos_sign", {
    steps: () =>
        [
            Till.open(),
            ProductScreen.clickPartnerButton(),
            PartnerList.clickPartnerOptions("Adelheid Quittenbaum"),
            PartnerList.clickDropDownItemText("Consents"),
            Ask.choose("storage", "granted"),
            Ask.letSign(),
            Ask.showsNothingBut("Adelheid Quittenbaum"),
            Ask.sign(),
            Ask.confirm(),
            Ask.giveBack(),
            Dsgvo.badgeIs("partial", Till.lineOf("Adelheid Quittenbaum")),
            // The customer answers alone, without a signature.
            Dsgvo.clickBadge(Till.lineOf("Adelheid Quittenbaum")),
            Ask.turn(),
            Ask.nothingIsChosen(),
            Ask.showsNothingBut("Adelheid Quittenbaum"),
            Ask.choose("marketing", "refused"),
            Ask.goOn(),
            Ask.confirm(),
            Ask.giveBack(),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_pos_offline_answer", {
    steps: () =>
        [
            Till.open(),
            Ask.loseAnswers(),
            Till.takeOrder("Adelheid Quittenbaum"),
            Dsgvo.clickBadge(Till.PAYMENT_BUTTON),
            Ask.choose("notification", "granted"),
            Ask.done(),
            Dsgvo.badgeIs("partial", Till.PAYMENT_BUTTON),
            Till.payWithoutConnection(),
            Ask.waiting(1),
            Ask.loseAnswers({ onlyReply: true }),
            Ask.sendAgain(),
            Ask.waiting(1),
            Till.reload(),
            Ask.waiting(0),
            Till.everySaleIsSent(),
            ReceiptScreen.clickNextOrder(),
            ProductScreen.clickPartnerButton(),
            Dsgvo.badgeIs("partial", Till.lineOf("Adelheid Quittenbaum")),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_pos_phone", {
    steps: () =>
        [
            Till.open(),
            ProductScreen.addOrderline("Desk Pad", "1"),
            ProductScreen.clickPartnerButton(),
            PartnerList.clickPartner("Adelheid Quittenbaum"),
            Dsgvo.badgeIs("none", Till.CUSTOMER_BUTTON),
            Dsgvo.clickBadge(Till.CUSTOMER_BUTTON),
            Ask.answerOnPhone(),
            Dsgvo.badgeIs("full", Till.CUSTOMER_BUTTON),
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
        [
            Till.open(),
            PosSale.settleNthOrder(1),
            ProductScreen.clickPayButton(),
            Till.warnsOfErasure(),
            PaymentScreen.clickInvoiceButton(),
            Till.warnsOfErasure(false),
            PaymentScreen.clickInvoiceButton(),
            Till.warnsOfErasure(),
            Till.pay(),
            Till.receiptIsWithout("Adelheid Quittenbaum"),
            Till.receiptIsWithout("Need an invoice?"),
        ].flat(),
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
