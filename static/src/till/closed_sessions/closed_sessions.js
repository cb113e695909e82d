import { PosData } from "@point_of_sale/app/services/data_service";
import { omit } from "@web/core/utils/objects";
import { patch } from "@web/core/utils/patch";
import {
    CUSTOMER_STORES,
    emptyCustomerStores,
    readSessions,
} from "../customer_stores/customer_stores";
import { logFailure } from "../log_failure";

/**
 * The browser stores customers only while a session is open.
 *
 * A session that is closed makes core load the till again, for the next session.
 */
patch(PosData.prototype, {
    async getCachedServerDataFromIndexedDB() {
        let data = await super.getCachedServerDataFromIndexedDB();
        if (this.network.offline) {
            return data;
        }
        if (data["pos.session"]?.[0]?.id !== odoo.pos_session_id) {
            await this.emptyClosedTills().catch((error) => logFailure("emptyClosedTills", error));
            data = await super.getCachedServerDataFromIndexedDB();
        }
        const kept = new Set((data["pos.order"] || []).map((order) => order.partner_id));
        if (!data["res.partner"]?.some((customer) => !kept.has(customer.id))) {
            // Emptied by a log-out, too, but for orders that are open: a till always has the contact
            // of its user. Core asks the server as for a session not yet opened.
            data["pos.session"] = data["pos.session"]?.map((row) => ({ ...row, state: false }));
        }
        return data;
    },

    /** Empty the stores of this till, and of others in this browser whose session was closed. */
    async emptyClosedTills() {
        await emptyCustomerStores([this.databaseName]);
        const sessions = await readSessions(odoo.info?.db);
        delete sessions[this.databaseName];
        const ids = Object.values(sessions).filter(Boolean);
        if (ids.length) {
            const closed = await this.orm.call("pos.session", "search", [
                [
                    ["id", "in", ids],
                    ["state", "=", "closed"],
                ],
            ]);
            await emptyCustomerStores(
                Object.keys(sessions).filter((name) => closed.includes(sessions[name])),
            );
        }
    },

    async synchronizeServerDataInIndexedDB(serverData = {}) {
        const session =
            serverData["pos.session"]?.[0] || this.models["pos.session"].get(odoo.pos_session_id);
        return await super.synchronizeServerDataInIndexedDB(
            session?.state === "opened"
                ? serverData
                : omit(serverData, ...Object.keys(CUSTOMER_STORES)),
        );
    },

    initListeners() {
        super.initListeners();
        this.models["pos.session"].addEventListener("update", () => this.storeCustomers());
    },

    /** The session was opened: from now on the till may start without a connection. */
    async storeCustomers() {
        const loaded = Object.keys(CUSTOMER_STORES).filter((model) => this.models[model]);
        await this.synchronizeServerDataInIndexedDB(
            Object.fromEntries(
                loaded.map((model) => [model, this.models[model].map((record) => record.raw)]),
            ),
        );
    },
});
