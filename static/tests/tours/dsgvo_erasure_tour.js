import { registry } from "@web/core/registry";
import * as Erasure from "./utils/erasure_util";

registry.category("web_tour.tours").add("dsgvo_erase_selection", {
    steps: () =>
        [
            Erasure.select("Quittenbaum Eins"),
            Erasure.select("Quittenbaum Zwei"),
            Erasure.runAction("Erase Customers (DSGVO)"),
            Erasure.previewShows("Quittenbaum Eins"),
            Erasure.previewShows("Quittenbaum Zwei"),
            Erasure.confirm(),
            Erasure.isListed("Quittenbaum Eins"),
        ].flat(),
});

registry.category("web_tour.tours").add("dsgvo_officer_decides", {
    steps: () =>
        [
            // Three touches from the list of customers, as the page DSGVO is in front.
            Erasure.open("Adelheid Quittenbaum"),
            Erasure.press("action_dsgvo_lock"),
            Erasure.giveReason("Az. 12 C 345"),
            Erasure.save(),
            Erasure.shows("dsgvo_lock_notice", "locked by the privacy officer"),
            Erasure.press("action_dsgvo_lift_lock"),
            Erasure.press("action_dsgvo_request"),
            Erasure.previewShows("Adelheid Quittenbaum"),
            Erasure.press("action_erase"),
            Erasure.isListed("Adelheid Quittenbaum"),
            Erasure.open("Adelheid Quittenbaum"),
            Erasure.press("action_take_back"),
            Erasure.giveReason("Wants to stay"),
            Erasure.pressInDialog("action_take_back"),
            Erasure.shows("take_back_reason", "Wants to stay"),
        ].flat(),
});
