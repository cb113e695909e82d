export function openMenu(section, menu) {
    return [
        {
            content: `open the menu ${section}`,
            trigger: `button[data-menu-xmlid='dsgvo.${section}']`,
            run: "click",
        },
        {
            content: `choose ${menu}`,
            trigger: `a[data-menu-xmlid='dsgvo.${menu}']`,
            run: "click",
        },
    ];
}

export function openRow(text) {
    return [
        {
            content: `open ${text}`,
            trigger: `.o_data_row:contains("${text}") .o_data_cell:first`,
            run: "click",
        },
    ];
}

export function press(name) {
    return [
        {
            content: `press ${name}`,
            trigger: `.o_form_view button[name=${name}]:visible`,
            run: "click",
        },
    ];
}

/** A new document has fields to choose from, and no page yet. */
export function chooseNothingAndMake() {
    return [
        {
            content: "make the document as it is proposed",
            trigger: ".o_form_view:has([name=lang]) button[name=action_make]",
            run: "click",
        },
    ];
}

export function pageSays(text) {
    return [
        {
            content: `the page says ${text}`,
            trigger: `.o_form_view .o_field_widget[name=page]:contains("${text}")`,
        },
    ];
}

/** Odoo shows the kind as it last was at first, and what is written before the answer is lost. */
export function kindHasDocument(label) {
    return [
        { content: `it is ${label}`, trigger: `.o_form_view .o_data_row:contains("${label}")` },
    ];
}

export function wordBlock(heading, text) {
    return [
        { content: "show the texts", trigger: ".o_notebook a[name=texts]", run: "click" },
        ...openRow(heading),
        {
            content: `word it: ${text}`,
            trigger: ".modal [name=own_text_en] textarea",
            run: `edit ${text} && press Tab`,
        },
        { content: "it counts as the own text", trigger: ".modal [name=is_own] input:checked" },
        { content: "keep it", trigger: ".modal .o_form_button_save", run: "click" },
        {
            content: "the list shows it",
            trigger: `.o_data_row:contains("${heading}") .o_data_cell[name=is_own] input:checked`,
        },
        ...save(),
    ];
}

export function setYears(years) {
    return [
        { content: `set ${years} years`, trigger: "[name=years] input", run: `edit ${years}` },
        ...save(),
    ];
}

export function save() {
    return [
        {
            content: "save",
            trigger: "body:not(:has(.modal)) .o_form_button_save:visible",
            run: "click",
        },
        { content: "it is saved", trigger: ".o_form_view .o_form_saved" },
    ];
}

export function isState(label) {
    return [
        {
            content: `the document is ${label}`,
            trigger: `.o_statusbar_status .o_arrow_button_current:contains("${label}")`,
        },
    ];
}
