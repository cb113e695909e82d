import { waitUntil } from "@odoo/hoot-dom";
import { ConnectionLostError } from "@web/core/network/rpc";
import { drawLine } from "./record_util";

/** Selectors of the questions at the till. */
const POPUP = ".modal:not(.o_inactive_modal) .o_dsgvo_ask";

export const popup = (selector) => `${POPUP} ${selector}`;

function press(name, content) {
    return { content, trigger: popup(`.o_dsgvo_ask_${name}:enabled`), run: "click" };
}

export function choose(purpose, value) {
    return {
        content: `mark ${purpose} as ${value}`,
        trigger: popup(`[data-purpose=${purpose}] button[data-value=${value}]`),
        run: "click",
    };
}

export function nothingIsChosen() {
    return {
        content: "nothing is chosen",
        trigger: `${POPUP}:not(:has([aria-pressed=true])) .o_dsgvo_ask_done:disabled`,
    };
}

export function stands(purpose, label) {
    return {
        content: `${purpose} is shown as ${label}`,
        trigger: popup(`[data-purpose=${purpose}] .o_dsgvo_ask_standing:contains(${label})`),
    };
}

/** The wording behind More holds a text. */
export function wordingSays(purpose, text) {
    return [
        {
            content: `read more of ${purpose}`,
            trigger: popup(`[data-purpose=${purpose}] summary`),
            run: "click",
        },
        {
            content: `the wording says ${text}`,
            trigger: popup(`[data-purpose=${purpose}] .o_dsgvo_ask_wording:contains(${text})`),
        },
    ];
}

export const grantAll = () => press("all", "grant all");
export const done = () => [press("done", "record"), isClosed()];
export const later = () => press("later", "decide later");
export const letSign = () => press("sign", "let the customer sign");
export const turn = () => press("turn", "turn the tablet");
export const goOn = () => press("done", "read the answers again");
export const confirm = () => press("confirm", "send the answers");
export const giveBack = () => [press("end", "give the tablet back"), isClosed()];

export function isClosed() {
    return { content: "the questions are closed", trigger: "body:not(:has(.o_dsgvo_ask))" };
}

export function sign() {
    return {
        content: "draw the signature",
        trigger: popup(".o_dsgvo_signature canvas"),
        run: ({ anchor }) => drawLine(anchor),
    };
}

/** Nothing of the till is on the screen while the customer holds the tablet. */
export function showsNothingBut(name) {
    return {
        content: `the turned tablet shows nothing of ${name} and of the till`,
        // Core fades its loader out, which lies over everything for a moment after the start.
        trigger: `body:not(:has(.pos-loader)) ${popup("[data-view]")}`,
        run() {
            const popup = document.querySelector(POPUP);
            if (popup.innerText.includes(name)) {
                throw new Error(`The turned tablet shows ${name}`);
            }
            for (const [x, y] of [
                [5, 5],
                [window.innerWidth - 20, 5],
                [5, window.innerHeight - 5],
                [window.innerWidth - 20, window.innerHeight - 5],
            ]) {
                if (!popup.contains(document.elementFromPoint(x, y))) {
                    throw new Error(`The till is seen at ${x}, ${y}`);
                }
            }
        },
    };
}

/** Let the test answer as a customer on a phone of their own; see `fetch_proxy` of the test. */
export function answerOnPhone() {
    return [
        press("phone", "let the customer answer on the own phone"),
        {
            content: "the customer scans the code and answers",
            trigger: popup(".o_dsgvo_ask_qr"),
            async run({ anchor }) {
                const { pathname } = new URL(anchor.dataset.url);
                await fetch(`https://phone.example${pathname}`);
            },
        },
        isClosed(),
    ];
}

/** Let answers be lost on their way, or only the reply to them as if the tab had crashed. */
export function loseAnswers({ onlyReply = false } = {}) {
    return {
        content: onlyReply ? "replies to answers are lost" : "answers do not reach the server",
        trigger: ".pos",
        run() {
            const { orm } = window.posmodel.data;
            delete orm.call;
            const call = orm.call;
            orm.call = async function (model, method) {
                if (method !== "receive") {
                    return await call.apply(this, arguments);
                }
                if (onlyReply) {
                    await call.apply(this, arguments);
                }
                throw new ConnectionLostError();
            };
        },
    };
}

export function sendAgain() {
    return {
        content: "the till sends the answers again",
        trigger: ".pos",
        run: () => window.posmodel.sendAnswers(),
    };
}

/** Wait until so many answers are only in this browser. */
export function waiting(count) {
    return {
        content: `${count} answers wait in the browser`,
        trigger: ".pos",
        async run() {
            let length;
            const end = Date.now() + 8000;
            do {
                ({ length } = await window.posmodel.answerQueue.getAll());
            } while (length !== count && Date.now() < end);
            if (length !== count) {
                throw new Error(`${length} answers wait`);
            }
        },
        timeout: 10000,
    };
}

export function typeOfSale(type) {
    return {
        content: `the sale has the message type ${type}`,
        trigger: ".receipt-screen",
        async run() {
            const order = () => window.posmodel.getOrder();
            await waitUntil(() => order().notification_type === type, { timeout: 8000 });
        },
    };
}
