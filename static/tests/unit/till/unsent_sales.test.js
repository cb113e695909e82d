import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { ConnectionLostError } from "@web/core/network/rpc";

definePosModels();

test("closing shows that it waits, and says that there is no connection", async () => {
    onRpc("res.partner", "check_for_till", () => ({ gone: [], archived: [], changed: [] }));
    const store = await setupPosEnv();
    patchWithCleanup(store.env.services.ui, {
        block: () => expect.step("it waits"),
        unblock: () => expect.step("it waits no more"),
    });
    patchWithCleanup(store.dialog, { add: (dialog, { title }) => expect.step(title) });
    patchWithCleanup(store, {
        syncAllOrders: () => expect.step("send"),
        getClosePosInfo: () => Promise.reject(new ConnectionLostError("/web/dataset")),
    });
    await store.closeSession();
    expect.verifySteps(["it waits", "send", "No connection to the server", "it waits no more"]);
});
