/** Selectors of the consents, the same in the back end and in the till. */

const DIALOG = ".modal:not(.o_inactive_modal)";

export function openPage() {
    return {
        content: "open the page DSGVO",
        trigger: ".o_notebook_headers a[name=dsgvo]",
        run: "click",
    };
}

export function choose(purpose, decision) {
    return {
        content: `mark ${purpose} as ${decision}`,
        trigger: `div[name=consent_${purpose}] button[data-value=${decision}]`,
        run: "click",
    };
}

export function consentIs(purpose, decision) {
    return {
        content: `${purpose} is ${decision}`,
        trigger: `div[name=consent_${purpose}] button[data-value=${decision}][aria-pressed=true]`,
    };
}

export function neverAsked(purpose) {
    return {
        content: `${purpose} was never asked`,
        trigger: `div[name=consent_${purpose}]:not(:has(button[aria-pressed=true])) .o_dsgvo_never_asked`,
    };
}

export function grantAll() {
    return {
        content: "grant all",
        trigger: `${DIALOG} .o_widget_dsgvo_consent_all [data-value=granted]`,
        run: "click",
    };
}

/** The text on a mark in a drop-down has the contrast that WCAG asks for. */
export function markIsReadable(state) {
    return {
        content: `the mark of ${state} can be read`,
        trigger: `.o-autocomplete--dropdown-item .o_dsgvo_mark[data-state=${state}]`,
        run() {
            const { color, backgroundColor } = getComputedStyle(this.anchor);
            const grades = [color, backgroundColor].map(luminance);
            const contrast = (Math.max(...grades) + 0.05) / (Math.min(...grades) + 0.05);
            if (contrast < 4.5) {
                throw new Error(`${color} on ${backgroundColor} has only ${contrast}`);
            }
        },
    };
}

function luminance(color) {
    const [red, green, blue] = color
        .match(/[\d.]+/g)
        .map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function pressButton() {
    return { content: "press DSGVO", trigger: ".o_dsgvo_button", run: "click" };
}

export function textIs(text) {
    return [
        {
            content: `the text is ${text}`,
            trigger: "div[name=consent_text]",
            run() {
                const field = this.anchor.querySelector("textarea");
                const shown = field ? field.value : this.anchor.textContent;
                if (shown.trim() !== text) {
                    throw new Error(`Consent text is ${shown}`);
                }
            },
        },
    ];
}

export function dateIsFilled() {
    return {
        content: "the date of the consent is filled",
        trigger: "div[name=consent_date]:has(button:not(:empty), input:value(/\\d/), span)",
    };
}

export function badgeIs(state, within = "") {
    return {
        content: `the badge is ${state}`,
        trigger: `${within} .o_dsgvo_badge[data-state=${state}]`,
    };
}

export function clickBadge(within = "") {
    return { content: "click the badge", trigger: `${within} .o_dsgvo_badge`, run: "click" };
}

export function proofShows(text) {
    return { content: `the proof shows ${text}`, trigger: `.o_dsgvo_proof:contains(${text})` };
}

export function proofShowsConsent(purpose, label) {
    return {
        content: `the proof shows ${label} for ${purpose}`,
        trigger: `.o_dsgvo_proof [data-consent=consent_${purpose}]:contains(${label})`,
    };
}

export function proofShowsDate() {
    return { content: "the proof shows a date", trigger: ".o_dsgvo_proof .o_dsgvo_date" };
}

export function clickChange() {
    return {
        content: "change the consents from the proof",
        trigger: ".o_dsgvo_proof button:contains(Change Consents)",
        run: "click",
    };
}

export function dialogShows(name) {
    return { content: `the consents of ${name} open`, trigger: `${DIALOG}:contains(${name})` };
}

export function saveDialog() {
    return {
        content: "save the consents",
        trigger: `${DIALOG} .o_form_button_save`,
        run: "click",
    };
}

export function dialogIsClosed() {
    return {
        content: "back on the screen below",
        trigger: "body:not(:has(div[name=consent_text]))",
    };
}
