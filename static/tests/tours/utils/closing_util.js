import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";

export const openWindow = () => Chrome.clickMenuOption("Close Register");

/** The closing window says number and amount of every sale that is not sent. */
export function namesUnsentSale(amount) {
    return {
        content: `the closing window names the sale of ${amount}`,
        trigger: `.close-pos-popup .o_dsgvo_unsent li:contains(${amount})`,
        run() {
            const [sale] = window.posmodel.unsentSales;
            if (!sale || !this.anchor.textContent.includes(sale.pos_reference)) {
                throw new Error(`${this.anchor.textContent} is not ${sale?.pos_reference}`);
            }
        },
    };
}

export function sendAgain() {
    return {
        content: "send the sales again",
        trigger: ".o_dsgvo_unsent button:contains(Send Again)",
        run: "click",
    };
}

export function namesNoSale(figures) {
    return {
        content: `the figures are complete: ${figures}`,
        trigger: `.close-pos-popup:not(:has(.o_dsgvo_unsent)) .total-orders:contains(${figures})`,
    };
}

export const confirm = () => Dialog.confirm("Close Register");

export function goBack() {
    return {
        content: "do not close without the sales",
        trigger: ".modal:contains(Close although paid sales) button:contains(Go Back)",
        run: "click",
    };
}

export function closeWithout() {
    return {
        content: "close without the sales",
        trigger: ".modal:contains(Close although paid sales) button:contains(Close Anyway)",
        run: "click",
        expectUnloadPage: true,
    };
}

/** The till is ready for the next session, which nobody has opened yet. */
export function nextSessionWaits() {
    return {
        content: "the next session is not open",
        trigger: ".login-overlay button:contains(Open Register)",
    };
}

export function openNextSession() {
    return [{ ...nextSessionWaits(), run: "click" }, Dialog.confirm("Open Register")];
}
