import { _t } from "@web/core/l10n/translation";

export const NO_MESSAGE = "K";

/** How a customer is told about an order, as `NOTIFICATION_TYPES` on the server. */
export const MESSAGE_TYPES = {
    M: _t("M – E-Mail"),
    T: _t("T – Telephone"),
    S: _t("S – SMS"),
    B: _t("B – Letter"),
    [NO_MESSAGE]: _t("K – No Message"),
};

/** The message types that can be chosen for a customer: K alone without consent. */
export function typesFor(customer) {
    return customer?.dsgvo_message_type ? Object.keys(MESSAGE_TYPES) : [NO_MESSAGE];
}

/** The message type that an order to this customer has, unless another one is chosen. */
export function proposeType(customer) {
    return customer?.dsgvo_message_type || NO_MESSAGE;
}
