export function select(name) {
    return [
        {
            content: `select ${name}`,
            trigger: `.o_data_row:contains("${name}") .o_list_record_selector input`,
            run: "click",
        },
    ];
}

export function runAction(label) {
    return [
        {
            content: "open the menu of actions",
            trigger: ".o_cp_action_menus .dropdown-toggle:contains('Actions')",
            run: "click",
        },
        {
            content: `choose ${label}`,
            trigger: `.o-dropdown--menu .o-dropdown-item:contains("${label}")`,
            run: "click",
        },
    ];
}

export function previewShows(name) {
    return [
        {
            content: `the preview shows ${name}`,
            trigger: `.modal .o_field_widget[name=people] td:contains("${name}")`,
        },
    ];
}

export function confirm() {
    return [
        {
            content: "erase these customers",
            trigger: ".modal-footer button[name=action_erase]",
            run: "click",
        },
        {
            content: "confirm once more",
            trigger: ".modal:contains('cannot be undone') .modal-footer .btn-primary",
            run: "click",
        },
    ];
}

export function isListed(name) {
    return [
        {
            content: `${name} is in the list of erasures`,
            trigger: `.o_list_view:has(th[data-name=waits_for]) .o_data_row:contains("${name}")`,
        },
    ];
}

export function press(name) {
    return [{ content: `press ${name}`, trigger: `button[name=${name}]:visible`, run: "click" }];
}

export function pressInDialog(name) {
    return [
        {
            content: `press ${name} in the window`,
            trigger: `.modal-footer button[name=${name}]`,
            run: "click",
        },
    ];
}

export function giveReason(reason) {
    return [
        {
            content: "give the reason",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: `edit ${reason}`,
        },
    ];
}

export function save() {
    return [{ content: "save", trigger: ".modal .o_form_button_save", run: "click" }];
}

export function open(name) {
    return [
        {
            content: `open ${name}`,
            trigger: `.o_data_row:contains("${name}") .o_data_cell`,
            run: "click",
        },
    ];
}

export function shows(field, text) {
    return [
        {
            content: `${field} says ${text}`,
            trigger: `.o_field_widget[name=${field}]:contains("${text}")`,
        },
    ];
}
