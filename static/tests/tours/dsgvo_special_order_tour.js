import { registry } from "@web/core/registry";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as PosSale from "@pos_sale/../tests/tours/utils/pos_sale_utils";
import * as SpecialOrder from "./utils/special_order_util";
import * as Till from "./utils/till_util";

const CUSTOMER = "Adelheid Quittenbaum";
const PERSON = [CUSTOMER, "adelheid@quittenbaum.example", "+49 30 901820", "Holunderweg 17"];

registry.category("web_tour.tours").add("dsgvo_special_order_circle", {
    steps: () =>
        [
            Till.open(),
            Till.browserHolds(PERSON),
            SpecialOrder.openFor(CUSTOMER),
            SpecialOrder.enter("code", "978-3-10-397088-4"),
            SpecialOrder.isRefused("is no ISBN or EAN"),
            SpecialOrder.enter("code", "978-3-10-397088-3"),
            SpecialOrder.enter("title", "Tschick"),
            SpecialOrder.enter("price", "0"),
            SpecialOrder.enter("supplier", "Nobody Knows"),
            SpecialOrder.order(),
            SpecialOrder.isRefused("is no known supplier"),
            SpecialOrder.enter("supplier", "Barsortiment Lindenau"),
            SpecialOrder.order(),
            SpecialOrder.isRefused("Tschick has no price yet"),
            SpecialOrder.enter("price", "12.00"),
            SpecialOrder.enter("deposit", "15"),
            SpecialOrder.order(),
            SpecialOrder.isRefused("The deposit must be between 0 and"),
            SpecialOrder.enter("deposit", "5"),
            SpecialOrder.holds("message_type", "M"),
            SpecialOrder.order(),
            SpecialOrder.printsSlips({
                "Slip for the Customer": { says: ["Tschick", "1 ×"], isWithout: PERSON },
                "Slip for the Shelf": { says: [], isWithout: [...PERSON, "Tschick"] },
            }),
            SpecialOrder.closeSlips(),
            ProductScreen.totalAmountIs("5.00"),
            ProductScreen.clickPayButton(),
            Till.pay(),
            Till.receiptIsWithout(CUSTOMER),
            Till.receiptIsWithout("Holunderweg"),
            ReceiptScreen.clickNextOrder(),
            SpecialOrder.receiveGoods("Tschick"),
            PosSale.settleNthOrder(1),
            ProductScreen.totalAmountIs("7.00"),
            ProductScreen.clickPayButton(),
            Till.warnsOfErasure(),
            Till.pay(),
            Till.eraseWhoIsDue(),
            PERSON.map((text) => Till.memoryKnows(text, false)),
            Till.browserHolds(PERSON, false),
        ].flat(),
});
