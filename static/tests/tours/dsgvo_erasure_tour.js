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
