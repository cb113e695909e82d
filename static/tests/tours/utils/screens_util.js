import { describe, findAll, findBrokenWords, loadAxe } from "../../screens/checks";

/** The button for it is another one on an upright tablet. */
export function openPayment() {
    return {
        content: "open the payment",
        trigger: ".pos .product-screen",
        run: () => window.posmodel.pay(),
    };
}

const OWN = "[class*=o_dsgvo_]";

/** Everybody can read and touch what the addon adds to a screen of the till. */
export function look(screen, trigger) {
    return {
        content: `look at ${screen}`,
        trigger,
        async run() {
            await loadAxe();
            const roots = [...document.querySelectorAll(OWN)].filter((own) =>
                own.checkVisibility(),
            );
            const findings = await findAll(roots, true);
            if (findings.length) {
                const lines = findings.map(
                    ({ element, rule, detail }) =>
                        `${screen} · ${describe(element)} · ${rule}: ${detail}`,
                );
                throw new Error([...new Set(lines)].join("\n"));
            }
        },
    };
}

/** Steps for screens that are wider than high; the others show cards in the place of a list. */
export function onWide(...steps) {
    return window.innerWidth > window.innerHeight ? steps.flat() : [];
}

/** The names of customers stand whole in the list of orders. */
export function noNameIsBroken(name) {
    return {
        content: "look at the list of orders",
        trigger: `.modal .o_data_row:contains(${name})`,
        run({ anchor }) {
            const broken = findBrokenWords(anchor.closest("table"))
                .filter(({ element }) => element.closest("[name=partner_id]"))
                .map(({ detail }) => detail);
            if (broken.length) {
                throw new Error(`broken: ${broken}`);
            }
        },
    };
}
