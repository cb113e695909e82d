import { registry } from "@web/core/registry";
import * as Dsgvo from "./utils/dsgvo_util";
import * as Record from "./utils/record_util";

registry.category("web_tour.tours").add("dsgvo_record_and_withdraw", {
    steps: () =>
        [
            Record.openFromCustomer("Record with Proof"),
            Record.openDialog(),
            Record.grant("marketing"),
            Record.sign("Invitation, Advertising, Profile: Granted"),
            Dsgvo.consentIs("marketing", "granted"),
            Record.openFromCustomer("Withdraw"),
            Record.openDialog(),
            Record.finish("action_withdraw"),
            Dsgvo.consentIs("marketing", "refused"),
        ].flat(),
});
