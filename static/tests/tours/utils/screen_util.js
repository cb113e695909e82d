/** The privacy screen, the same in the back end and in the till. */

export function show() {
    return [
        { content: "show the record", trigger: ".o_dsgvo_show[aria-pressed=false]", run: "click" },
        { content: "the record is shown", trigger: ".o_dsgvo_show[aria-pressed=true]" },
    ];
}

export function coverByEscape() {
    return [
        {
            content: "press Escape",
            trigger: ".o_dsgvo_show[aria-pressed=true]",
            run: "press Escape",
        },
        {
            content: "the record is covered, for the server as well",
            trigger: ".o_dsgvo_show[aria-pressed=false]",
            run() {
                if (document.cookie.includes("dsgvo_shown")) {
                    throw new Error("The server is still told that a record is shown.");
                }
            },
        },
    ];
}

export function isCovered(field) {
    return {
        content: `${field} is covered`,
        trigger: `.o_field_widget[name=${field}] .o_dsgvo_covered`,
    };
}

export function isShown(field, value) {
    return {
        content: `${field} is ${value}`,
        trigger: `.o_field_widget[name=${field}]:has(input:value(${value})), .o_field_widget[name=${field}]:contains(${value})`,
    };
}

export function listShows(text) {
    return { content: `the list shows ${text}`, trigger: `.o_list_view td:contains(${text})` };
}

/** What a screened till shows of the customers that it finds. */
export function tillFinds(name, town) {
    return {
        content: `the till finds ${name}, ${town}`,
        trigger: `.partner-list .partner-info:contains(${name}):has(.o_dsgvo_town:contains(${town}))`,
    };
}

export function tillFindsNobody() {
    return { content: "the till has no list of customers", trigger: ".o_dsgvo_type" };
}

export function askForCustomer() {
    return {
        content: "open the customers of the till",
        trigger: ".product-screen .set-partner",
        run: "click",
    };
}

export function typeForCustomer(typed) {
    return { content: `type ${typed}`, trigger: ".modal-header input", run: `edit ${typed}` };
}
