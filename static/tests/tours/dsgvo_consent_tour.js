import { registry } from "@web/core/registry";
import * as Dsgvo from "./utils/dsgvo_util";
import * as SaleOrder from "./utils/sale_order_util";

const TEXT = "Kunde hat gem. DSGVO zugestimmt.";

registry.category("web_tour.tours").add("dsgvo_customer", {
    steps: () =>
        [
            Dsgvo.openPage(),
            Dsgvo.neverAsked("storage"),
            Dsgvo.choose("storage", "granted"),
            Dsgvo.choose("marketing", "refused"),
            Dsgvo.pressButton(),
            Dsgvo.dateIsFilled(),
            Dsgvo.textIs(TEXT),
            Dsgvo.consentIs("storage", "granted"),
            Dsgvo.neverAsked("notification"),
            Dsgvo.consentIs("marketing", "refused"),
        ].flat(),
});

const grantNotification = () =>
    [
        Dsgvo.badgeIs("none"),
        Dsgvo.clickBadge(),
        Dsgvo.dialogShows("Adelheid Quittenbaum"),
        Dsgvo.choose("notification", "granted"),
        Dsgvo.pressButton(),
        Dsgvo.dialogIsClosed(),
        Dsgvo.badgeIs("partial"),
    ].flat();

registry.category("web_tour.tours").add("dsgvo_new_sale_order", {
    steps: () =>
        [
            SaleOrder.chooseCustomer("Adelheid Quittenbaum"),
            Dsgvo.badgeIs("none"),
            SaleOrder.openOtherInformation(),
            SaleOrder.setReference("Regal 7"),
            grantNotification(),
            SaleOrder.referenceIs("Regal 7"),
            SaleOrder.save(),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_three_touches", {
    steps: () =>
        [
            SaleOrder.typeCustomer("Clara Wolkenstein"),
            Dsgvo.markIsReadable("full"),
            SaleOrder.chooseCustomer("Adelheid Quittenbaum"),
            Dsgvo.badgeIs("none"),
            Dsgvo.clickBadge(),
            Dsgvo.grantAll(),
            Dsgvo.pressButton(),
            Dsgvo.dialogIsClosed(),
            Dsgvo.badgeIs("full"),
            SaleOrder.messageTypeIs("E-Mail"),
            SaleOrder.save(),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_saved_sale_order", {
    steps: () =>
        [
            Dsgvo.badgeIs("none"),
            SaleOrder.openOtherInformation(),
            SaleOrder.setReference("Regal 7"),
            grantNotification(),
            SaleOrder.referenceIs("Regal 7"),
            Dsgvo.clickBadge(),
            Dsgvo.proofShows(TEXT),
            Dsgvo.proofShowsDate(),
            Dsgvo.proofShowsConsent("notification", "Granted"),
            Dsgvo.proofShowsConsent("marketing", "Never asked"),
            Dsgvo.clickChange(),
            Dsgvo.choose("notification", "refused"),
            Dsgvo.saveDialog(),
            Dsgvo.dialogIsClosed(),
            Dsgvo.badgeIs("none"),
        ].flat(),
});
