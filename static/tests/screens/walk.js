import { rpcBus } from "@web/core/network/rpc";
import { findAll, loadAxe, summarise } from "./checks";

// Served by the test.
const SCREENS = "https://walk.example/screens.json";
const PATIENCE = 20000; // ms for one screen
const FOLDED = "details:not([open])";
const TABS = ".o_notebook_headers .nav-link:not(.active)";

const pause = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/** Requests to the server that are not answered yet. */
function countRequests() {
    const open = new Set();
    rpcBus.addEventListener("RPC:REQUEST", ({ detail }) => open.add(detail.data.id));
    rpcBus.addEventListener("RPC:RESPONSE", ({ detail }) => open.delete(detail.data.id));
    return open;
}

/** What the page writes to the console as an error or warning, from now on. */
function listen() {
    const heard = [];
    for (const kind of ["error", "warn"]) {
        console[kind] = (...args) =>
            heard.push({
                rule: `console ${kind}`,
                detail: args.map((arg) => arg?.stack || String(arg)).join(" "),
            });
    }
    return heard;
}

class Walk {
    constructor(services) {
        this.action = services.action;
        this.dialog = services.dialog;
        this.isTouched = document.body.classList.contains("o_touch_device");
        this.requests = countRequests();
        this.heard = listen();
        const style = document.createElement("style");
        style.textContent = "* { transition: none !important; animation: none !important; }";
        document.head.append(style);
    }

    async untilQuiet() {
        const end = Date.now() + PATIENCE;
        do {
            await pause();
        } while (this.requests.size && Date.now() < end);
        await pause();
    }

    async open({ action, options }) {
        const failure = new Promise((_resolve, reject) =>
            setTimeout(() => reject(new Error(`It did not open in ${PATIENCE} ms`)), PATIENCE),
        );
        const opened = this.action.doAction(action, { clearBreadcrumbs: true, ...options });
        await Promise.race([opened, failure]);
        await this.untilQuiet();
    }

    /** Return the elements of a screen that are the addon's: not menus, search and breadcrumbs. */
    getRoots({ scope }) {
        const page =
            document.querySelector(".modal .modal-content") ||
            document.querySelector(".o_action .o_content");
        if (!scope) {
            return [page];
        }
        const selector = scope.map((name) => `[name="${name}"]`).join() || "none";
        return [...page.querySelectorAll(selector)].filter(
            (element) => !element.parentElement.closest(selector) && element.checkVisibility(),
        );
    }

    /** Look at what is open, then at what is folded, and at each page that is behind another one. */
    async look(screen) {
        const findings = await findAll(this.getRoots(screen), this.isTouched);
        const folded = this.getRoots(screen).flatMap((root) => [...root.querySelectorAll(FOLDED)]);
        if (folded.length) {
            folded.forEach((details) => (details.open = true));
            findings.push(...(await findAll(this.getRoots(screen), this.isTouched)));
        }
        const tabs = this.getRoots(screen).flatMap((root) => [
            ...(root.matches(TABS) ? [root] : root.querySelectorAll(TABS)),
        ]);
        for (const tab of tabs) {
            tab.click();
            await this.untilQuiet();
            findings.push(...(await findAll(this.getRoots(screen), this.isTouched)));
        }
        return findings;
    }

    async visit(screen) {
        const findings = [];
        try {
            await this.open(screen);
            findings.push(...(await this.look(screen)));
        } catch (error) {
            const { data, message } = error.cause || error;
            findings.push({ rule: "does not open", detail: data?.message || message });
        }
        this.dialog.closeAll();
        await pause();
        findings.push(...this.heard.splice(0));
        return summarise(findings).map((line) => `${screen.name} · ${line}`);
    }
}

/** Visit all screens, and fail with a line for each finding. */
export async function walk() {
    const { error, log } = console;
    const response = await fetch(SCREENS);
    await loadAxe();
    const steps = new Walk(odoo.__WOWL_DEBUG__.root.env.services);
    const lines = [];
    for (const screen of await response.json()) {
        const start = Date.now();
        lines.push(...(await steps.visit(screen)));
        log(`${screen.name}: ${Date.now() - start} ms`);
    }
    if (lines.length) {
        error(lines.join("\n"));
    } else {
        log("test successful");
    }
}
