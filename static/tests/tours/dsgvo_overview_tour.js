import { registry } from "@web/core/registry";
import * as Overview from "./utils/overview_util";

registry.category("web_tour.tours").add("dsgvo_overview", {
    steps: () =>
        [
            Overview.showsChart("share", "Unlimited storage"),
            Overview.openTile("asked", "1"),
            Overview.listHas("Balduin Wacholder"),
            Overview.goBack(),
            Overview.openTile("documents", "1"),
            Overview.listHas("Outdated"),
        ].flat(),
});
