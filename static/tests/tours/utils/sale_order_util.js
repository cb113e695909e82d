export function typeCustomer(name) {
    return {
        content: `type ${name}`,
        trigger: ".o_field_widget[name=partner_id] input",
        run: `edit ${name}`,
    };
}

export function chooseCustomer(name) {
    return [
        typeCustomer(name),
        {
            content: `choose ${name}`,
            trigger: `.o-autocomplete--dropdown-item:contains(${name})`,
            run: "click",
        },
    ];
}

export function openOtherInformation() {
    return {
        content: "open the other information",
        trigger: ".o_notebook_headers a[name=other_information]",
        run: "click",
    };
}

export function setReference(reference) {
    return {
        content: "type a reference of the customer",
        trigger: ".o_field_widget[name=client_order_ref] input",
        run: `edit ${reference} && press Tab`,
    };
}

export function referenceIs(reference) {
    return {
        content: "the typed reference is still there",
        trigger: `.o_field_widget[name=client_order_ref] input:value(${reference})`,
    };
}

export function save() {
    return [
        { content: "save the order", trigger: ".o_form_button_save", run: "click" },
        { content: "the order is saved", trigger: ".o_form_view .o_form_saved" },
    ];
}

export function messageTypeIs(label) {
    return {
        content: `the message type is ${label}`,
        trigger: `.o_field_widget[name=notification_type]:has(input:value(${label}))`,
    };
}
