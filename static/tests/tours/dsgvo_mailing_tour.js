import { registry } from "@web/core/registry";
import * as Mailing from "./utils/mailing_util";

registry.category("web_tour.tours").add("dsgvo_mailing", {
    steps: () => [Mailing.leftOutIs("2 recipients are left out"), Mailing.send()].flat(),
});
