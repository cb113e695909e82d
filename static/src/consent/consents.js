import { _t } from "@web/core/l10n/translation";

export const DECISIONS = {
    granted: { label: _t("Granted"), icon: "fa-check", color: "success" },
    refused: { label: _t("Refused"), icon: "fa-times", color: "danger" },
};
export const NEVER_ASKED = { label: _t("Never asked"), icon: "fa-question", color: "secondary" };

export const UNCHANGED = { label: _t("Unchanged"), icon: "fa-minus", color: "secondary" };

// `word` is for where nobody has the consents in words, such as at the till.
export const STATES = {
    none: {
        label: _t("No consent"),
        word: _t("none"),
        icon: "fa-question-circle-o",
        color: "secondary",
    },
    partial: {
        label: _t("Some consents"),
        word: _t("some"),
        icon: "fa-adjust",
        color: "warning",
    },
    full: {
        label: _t("All consents"),
        word: _t("all"),
        icon: "fa-check-circle",
        color: "success",
    },
};

// No consent, as in `none`, but the customer was asked: nobody asks again at every visit.
export const REFUSED = {
    label: _t("No consent: refused"),
    word: _t("refused"),
    icon: "fa-times-circle",
    color: "dark",
};

const PURPOSES = {
    consent_storage: _t("Unlimited Storage"),
    consent_notification: _t("Customer Notification"),
    consent_marketing: _t("Invitation, Advertising, Profile"),
};

/** The purposes where there is little room, as `_dsgvo_get_names` of the server says them. */
export const SHORT_PURPOSES = {
    storage: _t("Storage"),
    notification: _t("Notification"),
    marketing: _t("Advertising"),
};

export const CONSENT_FIELDS = Object.keys(PURPOSES);

/** @param {"storage"|"notification"|"marketing"} purpose */
export function labelOf(purpose) {
    return PURPOSES[`consent_${purpose}`];
}

/**
 * What the proof shows of a data subject, as specification of a `web_read`.
 */
export const SUBJECT_SPECIFICATION = {
    is_company: {},
    consent_state: {},
    consent_text: {},
    consent_date: {},
    consent_expiry_date: {},
    dsgvo_expired_notice: {},
    ...Object.fromEntries(CONSENT_FIELDS.map((field) => [field, {}])),
};

/**
 * @param {"granted"|"refused"|false} value of a consent field
 */
export function decisionOf(value) {
    return DECISIONS[value] || NEVER_ASKED;
}

/**
 * The consents of a data subject in words. Of a company only advertising is asked.
 *
 * @param {Object} subject read with `SUBJECT_SPECIFICATION`
 * @returns {{ field: string, purpose: string, decision: Object }[]}
 */
export function consentsOf(subject) {
    const fields = subject.is_company ? ["consent_marketing"] : CONSENT_FIELDS;
    return fields.map((field) => ({
        field,
        purpose: PURPOSES[field],
        decision: decisionOf(subject[field]),
    }));
}
