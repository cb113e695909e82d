import { loadJS } from "@web/core/assets";

/**
 * What every screen of the addon must keep, as functions from an element to findings.
 *
 * A finding is `{ element, rule, detail }`.
 */

// Served by the test, so that it is no part of the addon.
const AXE = "https://walk.example/axe.js";
const TOUCH = 44; // px, for a finger
const CONTROLS =
    "button, a.btn, [role=button], input[type=checkbox], input[type=radio], select, .o_delete";
// What reacts to a finger in place of a tick box, which is smaller.
const HIT_AREAS = ".form-check, label";
// Stand in any list and form of Odoo; only core can make them larger. The column of the tick boxes
// is 40 px wide by core's script, and as high as the row.
const CORES_CONTROLS = [
    ".o_list_record_selector",
    ".o_optional_columns_dropdown",
    ".o_external_button",
    ".o_field_translate",
    ".o_colorlist",
].join();
const OWN_BUTTONS = "button[class*=o_dsgvo_]";
const SHAPE = 3; // contrast of what is no text
const CLIPPED = ["hidden", "clip"];
const HIDDEN = 1; // px of what is there only for who hears the screen
const TABLE_TEXTS = "th, td, th *, td *";
const WORDS = /[^\s/-]+/g; // what may stand before a hyphen or slash, at which a line ends
const LISTED = 3; // elements of one rule that are named

/** Violations of axe in core's own markup, which the addon does not touch. */
const CORES_OWN = [
    {
        rule: "label",
        selector: ".o_list_table .form-check-input",
        why: "Core names no tick box of a list; the heads of row and column do.",
    },
    {
        rule: "button-name",
        selector: ".o_optional_columns_dropdown",
        why: "Core's button for further columns, in every list of Odoo.",
    },
    {
        rule: "autocomplete-valid",
        selector: ".o_select_menu_input",
        why: "Core switches the browser's proposals off with a word of its own.",
    },
    {
        rule: "aria-allowed-attr",
        selector: ".o_select_menu, .o_field_selection, .o_field_many2many_tags",
        why: "Core's choice of a selection and of tags, in every form of Odoo.",
    },
    {
        rule: "aria-required-parent",
        selector: ".o_notebook_headers, .o_field_color_picker, .o_colorlist",
        why: "Core's pages of a form and choice of a colour.",
    },
    {
        rule: "link-name",
        selector: ".o_data_cell .o_field_url",
        why: "Core's link of an address on the web that is not entered.",
    },
    {
        rule: "role-img-alt",
        selector: ".o_data_cell[name=activity_ids], .o_data_cell[name=application_statistics]",
        why: "Core's icons in the list of contacts.",
    },
    {
        rule: "image-alt",
        selector: ".o_avatar",
        why: "Core's picture of a user stands beside the name.",
    },
    {
        rule: "color-contrast",
        selector: ".o_pivot",
        why: "Core's table of a pivot.",
    },
];

const isVisible = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true });

/** Return how a developer finds the element again. */
export function describe(element) {
    const named = element.closest("[name]");
    const name = named ? `[name=${named.getAttribute("name")}] ` : "";
    const classes = [...element.classList].slice(0, 4).map((c) => `.${c}`);
    const text = (element.value || element.textContent).trim().replace(/\s+/g, " ").slice(0, 30);
    return `${name}${element.localName}${classes.join("")}${text ? ` "${text}"` : ""}`;
}

export async function findViolations(roots) {
    const { violations } = await window.axe.run(
        { include: roots },
        {
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
            resultTypes: ["violations"],
            elementRef: true,
        },
    );
    return violations
        .filter(({ impact }) => ["serious", "critical"].includes(impact))
        .flatMap(({ id, nodes }) =>
            nodes
                .filter(({ element }) => !isCoresOwn(id, element))
                .map(({ element, any, all, none }) => ({
                    element,
                    rule: `axe ${id}`,
                    detail: [...any, ...all, ...none].map(({ message }) => message)[0],
                })),
        );
}

function isCoresOwn(rule, element) {
    return CORES_OWN.some((own) => own.rule === rule && element.closest(own.selector));
}

function isClipping(element) {
    const style = getComputedStyle(element);
    return CLIPPED.includes(style.overflowX) || style.textOverflow === "ellipsis";
}

function hasOwnText(element) {
    return (
        element.matches("input:not([type]), input[type=text]") ||
        [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
    );
}

/** Text that does not fit, where nobody can scroll to the rest of it. */
export function findCutTexts(root) {
    return [...root.querySelectorAll("*")]
        .filter(hasOwnText)
        .filter(isVisible)
        .filter((element) => {
            const box = element.closest("td, th") || element;
            return [element, box].some(
                (clip) =>
                    (clip.localName === "input" || isClipping(clip)) &&
                    clip.clientWidth > HIDDEN &&
                    clip.scrollWidth > clip.clientWidth + 1,
            );
        })
        .map((element) => ({ element, rule: "cut text", detail: element.textContent.trim() }));
}

/** Words that run over two lines: the column of a list is narrower than they are. */
export function findBrokenWords(root) {
    const range = document.createRange();
    const isBroken = (node) => (word) => {
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
    };
    return [...root.querySelectorAll(TABLE_TEXTS)]
        .filter(hasOwnText)
        .filter(isVisible)
        .flatMap((element) =>
            [...element.childNodes]
                .filter((node) => node.nodeType === 3)
                .flatMap((node) => [...node.data.matchAll(WORDS)].filter(isBroken(node)))
                .map(([word]) => ({ element, rule: "broken word", detail: word })),
        );
}

/** Columns beyond the right edge of the screen. */
export function findWideLists(root) {
    return [...root.querySelectorAll(".o_dsgvo_page .o_list_renderer")]
        .filter(isVisible)
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
        .map((element) => ({
            element,
            rule: "list is wider than the screen",
            detail: `${element.scrollWidth - element.clientWidth} px`,
        }));
}

function contrastWithGround(element, colour) {
    const { Color, getBackgroundColor, getContrast } = window.axe.commons.color;
    const drawn = new Color();
    drawn.parseString(colour);
    const ground = getBackgroundColor(element.parentElement, []) || new Color(255, 255, 255);
    return drawn.alpha && getContrast(ground, drawn);
}

/** The ring of a focused button of the addon, and tick boxes, which nobody sees on their ground. */
function findInvisible(root) {
    window.axe.setup(document);
    const rings = ownButtons(root).map((element) => {
        element.focus({ focusVisible: true });
        const { outlineColor, outlineStyle } = getComputedStyle(element);
        const contrast = contrastWithGround(
            element,
            outlineStyle === "none" ? "transparent" : outlineColor,
        );
        element.blur();
        return { element, rule: "focus cannot be seen", contrast };
    });
    const boxes = [...root.querySelectorAll("input[type=checkbox]:enabled")]
        .filter(isVisible)
        .map((element) => {
            const contrast = contrastWithGround(element, getComputedStyle(element).borderColor);
            return { element, rule: "tick box cannot be seen", contrast };
        });
    window.axe.teardown();
    return [...rings, ...boxes]
        .filter(({ contrast }) => contrast < SHAPE)
        .map(({ contrast, ...finding }) => ({
            ...finding,
            detail: `contrast ${contrast.toFixed(1)}, ${SHAPE} is needed`,
        }));
}

const ownButtons = (root) =>
    [root, ...root.querySelectorAll(OWN_BUTTONS)].filter(
        (element) => element.matches(OWN_BUTTONS) && isVisible(element) && !element.disabled,
    );

export function findSmallControls(root) {
    const controls = [...root.querySelectorAll(CONTROLS)].filter(
        (element) => isVisible(element) && !element.disabled && !element.closest(CORES_CONTROLS),
    );
    return controls.flatMap((element) => {
        const { width, height } = (element.closest(HIT_AREAS) || element).getBoundingClientRect();
        if (Math.min(width, height) > TOUCH - 0.5) {
            return [];
        }
        const detail = `${Math.round(width)} × ${Math.round(height)} px, ${TOUCH} are needed`;
        return [{ element, rule: "too small for a finger", detail }];
    });
}

export const loadAxe = () => loadJS(AXE);

/**
 * @param {Element[]} roots what to look at
 * @param {boolean} isTouched whether there is a finger and no mouse
 */
export async function findAll(roots, isTouched) {
    for (const animation of document.getAnimations()) {
        // Half transparent, nothing has its contrast.
        if (animation.effect.getComputedTiming().iterations !== Infinity) {
            animation.finish();
        }
    }
    const findings = roots.length ? await findViolations(roots) : [];
    for (const root of roots) {
        findings.push(...findCutTexts(root), ...findBrokenWords(root), ...findInvisible(root));
        findings.push(...findWideLists(root));
        if (isTouched) {
            findings.push(...findSmallControls(root));
        }
    }
    return findings;
}

/** Return one line for each rule and kind of element, not for each of a hundred rows. */
export function summarise(findings) {
    const lines = new Map();
    for (const { element, rule, detail } of findings) {
        const line = `${element ? describe(element) : ""} · ${rule}: ${detail}`;
        const key = `${rule} ${element?.className} ${element?.closest("[name]")?.getAttribute("name")}`;
        if (
            !lines.has(key) &&
            [...lines.keys()].filter((k) => k.startsWith(rule)).length < LISTED
        ) {
            lines.set(key, line);
        }
    }
    return [...lines.values()];
}
