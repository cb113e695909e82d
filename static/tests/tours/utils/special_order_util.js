import * as PartnerList from "@point_of_sale/../tests/pos/tours/utils/partner_list_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import { waitUntil } from "@odoo/hoot-dom";
import { rpc } from "@web/core/network/rpc";

const DIALOG = ".modal:has(.o_dsgvo_special_order):not(.o_inactive_modal)";
const SLIPS = ".modal:has(.o_dsgvo_taken)";

function callServer(model, method, args) {
    return rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs: {} });
}

export function openFor(customer) {
    return [
        ProductScreen.clickPartnerButton(),
        PartnerList.clickPartnerOptions(customer),
        PartnerList.clickDropDownItemText("Special Order"),
        { content: "the special order is open", trigger: DIALOG },
    ].flat();
}

export function open() {
    return [
        ...ProductScreen.clickControlButton("Special Order"),
        { content: "the special order is open", trigger: DIALOG },
    ];
}

export function enter(name, value) {
    return {
        content: `enter ${value} as ${name}`,
        trigger: `${DIALOG} [name=${name}]`,
        run: `edit ${value} && press Tab`,
    };
}

export function isRefused(words) {
    return {
        content: `it is refused: ${words}`,
        trigger: `${DIALOG} [role=alert]:contains(${words})`,
    };
}

export function says(words) {
    return { content: `it says: ${words}`, trigger: `${DIALOG} .modal-body:contains(${words})` };
}

export function holds(name, value) {
    return { content: `${name} is ${value}`, trigger: `${DIALOG} [name=${name}]:value(${value})` };
}

export function order() {
    return {
        content: "order",
        trigger: `${DIALOG} .modal-footer .btn-primary:enabled`,
        run: "click",
    };
}

/** The slips are printed, as on a till without a printer, and looked at. */
export function printsSlips(contents) {
    return Object.entries(contents).flatMap(([button, { says: words, isWithout }]) => [
        {
            content: `print: ${button}`,
            trigger: `${SLIPS} .btn:contains(${button})`,
            async run({ click }) {
                const { printer } = window.posmodel;
                let text;
                printer.printWeb = (el) => {
                    text = el.textContent;
                    return true;
                };
                await click();
                await waitUntil(() => text, { timeout: 8000 });
                delete printer.printWeb;
                for (const word of words.filter((word) => !text.includes(word))) {
                    throw new Error(`${button} does not say ${word}: ${text}`);
                }
                for (const word of isWithout.filter((word) => text.includes(word))) {
                    throw new Error(`${button} says ${word}`);
                }
            },
            timeout: 10000,
        },
    ]);
}

export function closeSlips() {
    return [
        { content: "done", trigger: `${SLIPS} .modal-footer .btn-primary`, run: "click" },
        { content: "the slips are closed", trigger: "body:not(:has(.modal))" },
    ];
}

/** The goods come in, while the till is open, and the customer is told. */
export function receiveGoods(title) {
    return {
        content: `${title} comes in, and its customer is told`,
        trigger: ".pos",
        async run() {
            const find = (model, domain) => callServer(model, "search", [domain, 0, 1]);
            const [productId] = await find("product.product", [["name", "=", title]]);
            const [typeId] = await find("stock.picking.type", [["code", "=", "incoming"]]);
            const [supplierId] = await find("stock.location", [["usage", "=", "supplier"]]);
            const [receiptId] = await callServer("stock.picking", "create", [
                [
                    {
                        picking_type_id: typeId,
                        location_id: supplierId,
                        move_ids: [
                            [0, 0, { product_id: productId, product_uom_qty: 1, quantity: 1 }],
                        ],
                    },
                ],
            ]);
            await callServer("stock.picking", "action_confirm", [[receiptId]]);
            await callServer("stock.picking", "button_validate", [[receiptId]]);
        },
        timeout: 20000,
    };
}
