const dialog = (selector) => `.modal:not(.o_inactive_modal) .o_form_view ${selector}`;

const dialogIsClosed = { content: "the dialog is closed", trigger: "body:not(:has(.modal))" };

export function drawLine(canvas) {
    const { left, top } = canvas.getBoundingClientRect();
    const steps = [
        ["pointerdown", 60, 60],
        ["pointermove", 120, 100],
        ["pointermove", 200, 40],
        ["pointerup", 200, 40],
    ];
    for (const [type, x, y] of steps) {
        const position = { clientX: left + x, clientY: top + y };
        const pen = { isPrimary: true, buttons: type === "pointerup" ? 0 : 1 };
        canvas.dispatchEvent(new PointerEvent(type, { bubbles: true, ...pen, ...position }));
    }
}

export function openFromCustomer(label) {
    return [
        {
            content: "open the page DSGVO",
            trigger: ".o_notebook_headers a[name=dsgvo]",
            run: "click",
        },
        {
            content: `press ${label}`,
            trigger: `div[name=dsgvo_actions] button:contains("${label}")`,
            run: "click",
        },
    ];
}

export function grant(purpose) {
    return [
        {
            content: `mark ${purpose} as granted`,
            trigger: dialog(`.o_field_widget[name=consent_${purpose}] button:contains("Granted")`),
            run: "click",
        },
    ];
}

/** Let the customer sign in the window that shows `words`, and record. */
export function sign(words) {
    return [
        {
            content: "open the signature",
            trigger: dialog(".o_field_widget[name=signature] .o_signature"),
            run: "click",
        },
        {
            content: "the window shows what is signed and no contract",
            trigger: `.modal:has(.o_dsgvo_signed:contains("${words}")):not(:contains("contracts"))`,
        },
        {
            content: "draw the signature",
            trigger: ".modal canvas.o_web_sign_signature",
            run: ({ anchor }) => drawLine(anchor),
        },
        {
            content: "sign and record",
            trigger: ".modal-footer .o_dsgvo_sign_record:enabled",
            run: "click",
        },
        dialogIsClosed,
    ];
}

/** Press the button of the dialog; `shown` are the steps that see what stays behind it. */
export function finish(name, shown = [dialogIsClosed]) {
    return [
        {
            content: `press ${name}`,
            trigger: `.modal-footer button[name=${name}]`,
            run: "click",
        },
        shown,
    ].flat();
}

export function openDialog() {
    return [{ content: "the dialog is open", trigger: dialog(".o_inner_group") }];
}
