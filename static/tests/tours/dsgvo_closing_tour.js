import { registry } from "@web/core/registry";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as Closing from "./utils/closing_util";
import * as Till from "./utils/till_util";

const CUSTOMER = "Adelheid Quittenbaum";
const PRICE = "1.98";
const sellWithoutConnection = () =>
    [
        Till.open(),
        Till.browserKnows(CUSTOMER),
        Till.takeOrder(CUSTOMER),
        Till.payWithoutConnection(),
    ].flat();

registry.category("web_tour.tours").add("dsgvo_closing_sends_again", {
    steps: () =>
        [
            sellWithoutConnection(),
            Closing.openWindow(),
            Closing.namesUnsentSale(PRICE),
            { ...Till.sendSales(), trigger: ".close-pos-popup" },
            Closing.sendAgain(),
            Closing.namesNoSale(`1 orders: $ ${PRICE}`),
            Dialog.discard(),
            Till.everySaleIsSent(),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_closing_without", {
    steps: () =>
        [
            sellWithoutConnection(),
            Closing.openWindow(),
            Closing.namesUnsentSale(PRICE),
            Closing.confirm(),
            Closing.goBack(),
            Closing.confirm(),
            Closing.closeWithout(),
            Closing.nextSessionWaits(),
            Till.everySaleIsSent(),
            Closing.openNextSession(),
            ProductScreen.isShown(),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_closing_forgets", {
    steps: () =>
        [
            Till.open(),
            Till.browserKnows(CUSTOMER),
            Closing.openWindow(),
            { ...Closing.confirm(), expectUnloadPage: true },
            Closing.nextSessionWaits(),
            Till.browserKnows(CUSTOMER, false),
            Closing.openNextSession(),
            Till.browserKnows(CUSTOMER),
            Till.takeOrder(CUSTOMER),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_logout_forgets", {
    steps: () =>
        [
            Till.open(),
            Till.browserKnows(CUSTOMER),
            Till.logOut(),
            Till.browserKnows(CUSTOMER, false),
            Till.logIn("pos_user"),
            Chrome.startPoS(),
            Till.browserKnows(CUSTOMER),
            Till.takeOrder(CUSTOMER),
        ].flat(),
});
