import { registry } from "@web/core/registry";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PartnerList from "@point_of_sale/../tests/pos/tours/utils/partner_list_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as Ask from "./utils/ask_util";
import * as Closing from "./utils/closing_util";
import * as Dsgvo from "./utils/dsgvo_util";
import * as Screens from "./utils/screens_util";
import * as Till from "./utils/till_util";

registry.category("web_tour.tours").add("dsgvo_pos_screens", {
    steps: () =>
        [
            Till.open(),
            ProductScreen.addOrderline("Desk Pad", "1"),
            Screens.onWide(
                ProductScreen.clickControlButton("Quotation/Order"),
                Screens.noNameIsBroken("Wolkensteinhausen"),
                Dialog.cancel(),
            ),
            ProductScreen.clickPartnerButton(),
            Screens.look("the list of customers", Till.lineOf("Adelheid Quittenbaum")),
            Dsgvo.clickBadge(Till.lineOf("Adelheid Quittenbaum")),
            Ask.choose("storage", "granted"),
            Screens.look("the questions", Ask.popup("[aria-pressed=true]")),
            Ask.turn(),
            Screens.look("the questions to the customer", ".o_dsgvo_ask_turned"),
            Ask.choose("storage", "granted"),
            Ask.goOn(),
            Screens.look("the place to sign", Ask.popup("canvas")),
            Ask.later(),
            Screens.look("the end", Ask.popup(".o_dsgvo_ask_end")),
            Ask.giveBack(),
            PartnerList.clickPartner("Clara Wolkenstein"),
            Screens.look("the products", `${Till.CUSTOMER_BUTTON} .o_dsgvo_badge`),
            Dsgvo.clickBadge(Till.CUSTOMER_BUTTON),
            Screens.look("the standing consents", Ask.popup(".o_dsgvo_ask_standing")),
            Ask.later(),
            Screens.openPayment(),
            Screens.look("the payment", `${Till.PAYMENT_BUTTON} .o_dsgvo_badge`),
            Till.payWithoutConnection(),
            Closing.openWindow(),
            Screens.look("the closing", ".o_dsgvo_unsent"),
            { ...Till.sendSales(), trigger: ".close-pos-popup" },
            Closing.sendAgain(),
            Closing.namesNoSale("1 orders"),
            Dialog.discard(),
            Till.everySaleIsSent(),
        ].flat(),
});
