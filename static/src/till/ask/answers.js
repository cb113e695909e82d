/**
 * What an answer of a customer changes at the till before the server knows of it.
 *
 * @param {Object} customer with `dsgvo_answers`, which the server gives for the purposes that this
 *  customer can be asked for
 * @param {Object} given granted or refused by purpose
 * @returns {Object} the values of the badge, as `_dsgvo_read_badges` of the server makes them
 */
export function badgeAfter(customer, given) {
    const answers = { ...customer.dsgvo_answers, ...given };
    const values = Object.values(answers);
    const granted = values.filter((value) => value === "granted").length;
    const state = granted === values.length ? "full" : granted ? "partial" : "none";
    return {
        consent_state: state,
        dsgvo_refused: state === "none" && values.includes("refused"),
        dsgvo_storage_allowed: given.storage
            ? given.storage === "granted"
            : customer.dsgvo_storage_allowed,
        dsgvo_answers: answers,
    };
}

/**
 * The wording that a customer of this language reads; the server chooses in the same way.
 *
 * @param {Object[]} wordings of the day, as the till has loaded them
 * @param {string} purpose
 * @param {string|false} lang
 */
export function chooseWording(wordings, purpose, lang) {
    const texts = wordings.filter((wording) => wording.purpose === purpose);
    const language = (code) => code.split("_")[0];
    return (
        texts.find((wording) => wording.lang === lang) ||
        texts.find((wording) => lang && language(wording.lang) === language(lang)) ||
        texts.find((wording) => wording.raw.is_fallback)
    );
}

/** The present moment in UTC, by the clock of this device, as the server writes it. */
export function now() {
    return luxon.DateTime.utc().toFormat("yyyy-MM-dd HH:mm:ss");
}
