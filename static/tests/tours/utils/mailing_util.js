export function leftOutIs(text) {
    return [
        {
            content: `the form says: ${text}`,
            trigger: `div[name=dsgvo_left_out]:contains("${text}")`,
        },
    ];
}

export function send() {
    return [
        {
            content: "send the mailing",
            trigger: "button[name=action_launch]",
            run: "click",
        },
        {
            content: "confirm the sending",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "the mailing waits in the queue",
            trigger: ".o_arrow_button_current[data-value=in_queue]",
        },
    ];
}
