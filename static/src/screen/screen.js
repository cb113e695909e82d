import { reactive } from "@odoo/owl";
import { cookie } from "@web/core/browser/cookie";
import { ConnectionLostError } from "@web/core/network/rpc";
import { omit } from "@web/core/utils/objects";
import { session } from "@web/session";

// What the server sends in the place of a text: `covering.py`.
export const MASK = "\u2060•••••";

/**
 * The privacy screen of this page: which records are shown, by "res.partner,42".
 *
 * `settings` come from the server. A till sets `isOn` as well, by its own switch.
 */
export const screen = reactive({
    isOn: Boolean(session.dsgvo_screen?.is_on),
    shown: {},
    settings: session.dsgvo_screen || { fields: {}, seconds: 0 },
});

// What is asked for without a context, such as the history, comes with this cookie.
const SHOWN = "dsgvo_shown";
const DAY = 24 * 60 * 60; // seconds
cookie.delete(SHOWN); // a page that was closed while it showed something

function noteShown() {
    const keys = Object.keys(screen.shown);
    if (keys.length) {
        cookie.set(SHOWN, keys.join("|").replaceAll(",", ":"), screen.settings.seconds || DAY);
    } else {
        cookie.delete(SHOWN);
    }
}

function keyOf(record) {
    return `${record.resModel},${record.resId}`;
}

/** Whether there is something about a person in records of this model that is covered. */
export function isCoverable(resModel) {
    return screen.isOn && resModel in screen.settings.fields;
}

/** The record of the form to which a line belongs, or the record itself. */
function rootOf(record) {
    return record._parentRecord ? rootOf(record._parentRecord) : record;
}

export function isShown(record) {
    return keyOf(rootOf(record)) in screen.shown;
}

/** Whether a field has a value that this screen must not show. New records have what is typed. */
export function isCovered(record, name) {
    // A text with markup is an object.
    if (String(record.data[name]) === MASK) {
        return true;
    }
    const emptied = screen.isOn && screen.settings.fields[record.resModel]?.includes(name);
    return Boolean(emptied && record.resId && !isShown(record));
}

/**
 * Ask the server for everything about one record, and keep what was typed.
 *
 * From now on, the server knows for each request about this record that it is shown.
 */
export async function show(record) {
    const key = keyOf(record);
    const context = { ...record.config.context, dsgvo_shown: key };
    const [values] = await record.model._loadRecords({ ...record.config, context });
    const covered = { ...record._values };
    record.config.context = context;
    screen.shown[key] = covered;
    noteShown();
    applyValues(record, values);
}

/** Cover a record at once, then ask the server, since it may have been saved meanwhile. */
export async function cover(record) {
    const key = keyOf(record);
    const covered = screen.shown[key];
    if (!covered) {
        return;
    }
    delete screen.shown[key];
    noteShown();
    record.config.context = omit(record.config.context, "dsgvo_shown");
    Object.assign(record._values, covered);
    Object.assign(record.data, record._values, record._changes);
    record._setEvalContext();
    try {
        const [values] = await record.model._loadRecords(record.config);
        applyValues(record, values);
    } catch (error) {
        if (!(error instanceof ConnectionLostError)) {
            throw error;
        }
    }
}

/** Lines that were changed stay as they are. */
function applyValues(record, values) {
    const lines = Object.keys(record._changes).filter((name) =>
        ["one2many", "many2many"].includes(record.fields[name].type),
    );
    record._applyValues(omit(values, ...lines));
}
