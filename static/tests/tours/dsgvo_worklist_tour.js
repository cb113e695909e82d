import { registry } from "@web/core/registry";

const ROW = ".o_data_row:contains(Adelheid Quittenbaum)";
const NONE = ".o_list_view:not(:has(.o_data_row))";

function click(content, trigger) {
    return { content, trigger, run: "click" };
}

registry.category("web_tour.tours").add("dsgvo_worklist", {
    steps: () => [
        { content: "the list names the titles", trigger: `${ROW}:contains(1 × Die Blechtrommel)` },
        click("the customer was told, with one click", `${ROW} button[name=action_done]`),
        { content: "the list is empty", trigger: NONE },
        click("that was a mistake", ".o_notification button:contains(Undo)"),
        click("tell the customer now", `${ROW} button[name=action_done]`),
        { content: "the list is empty again", trigger: NONE },
    ],
});
