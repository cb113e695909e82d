import { registry } from "@web/core/registry";
import * as Documents from "./utils/documents_util";

registry.category("web_tour.tours").add("dsgvo_documents", {
    steps: () =>
        [
            Documents.openRow("Customer Information"),
            Documents.press("action_make"),
            Documents.chooseNothingAndMake(),
            Documents.pageSays("Who is responsible"),
            Documents.isState("Current"),
            Documents.openMenu("menu_documents", "menu_document_kinds"),
            Documents.openRow("Customer Information"),
            Documents.kindHasDocument("Current"),
            Documents.wordBlock("Whether you have to give us data", "No, nothing."),
            Documents.openMenu("menu_configuration", "menu_retentions"),
            Documents.openRow("§ 147 (1) no. 4"),
            Documents.setYears(9),
            Documents.openMenu("menu_documents", "menu_document_kinds"),
            Documents.openRow("Customer Information"),
            Documents.openRow("Outdated"),
            Documents.press("action_make_anew"),
            Documents.pageSays("No, nothing."),
            Documents.isState("Current"),
        ].flat(),
});
