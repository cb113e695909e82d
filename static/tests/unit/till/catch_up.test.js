import { expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { makeServerError, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { ConnectionLostError } from "@web/core/network/rpc";
import { logFailure } from "@dsgvo/till/log_failure";

definePosModels();

const HOUR = 3600 * 1000;

/** Open a till, and note each question for who is gone on the server. */
async function openTill() {
    onRpc("res.partner", "check_for_till", () => {
        expect.step("who is gone?");
        return { gone: [], archived: [], changed: [] };
    });
    const store = await setupPosEnv();
    await animationFrame();
    expect.verifySteps(["who is gone?"]);
    return store;
}

function tell(store, channel, message) {
    return store.data.channels.find((known) => known.channel === channel).method(message);
}

test("a till asks when it starts and every hour", async () => {
    await openTill();
    await advanceTime(HOUR - 1000);
    expect.verifySteps([]);
    await advanceTime(1000);
    expect.verifySteps(["who is gone?"]);
    await advanceTime(HOUR);
    expect.verifySteps(["who is gone?"]);
});

test("a till asks as soon as it is online again, and when it is told", async () => {
    const store = await openTill();
    const occasions = {
        "the network is back": () => window.dispatchEvent(new CustomEvent("pos-network-online")),
        "the bus is back": () => store.bus.trigger("BUS:RECONNECT"),
        "the server says so": () => tell(store, "DSGVO_FORGET", {}),
    };
    for (const [occasion, happen] of Object.entries(occasions)) {
        happen();
        await advanceTime(1000);
        expect.verifySteps(["who is gone?"], { message: occasion });
    }
});

test("a till that is told of many erasures asks once, after the last one", async () => {
    const store = await openTill();
    for (let batch = 0; batch < 5; batch++) {
        tell(store, "DSGVO_FORGET", {});
        await advanceTime(500);
    }
    expect.verifySteps([]);
    await advanceTime(500);
    expect.verifySteps(["who is gone?"]);
});

test("a till sends again what could not be sent when it catches up", async () => {
    const store = await openTill();
    patchWithCleanup(store, {
        sendAgain: () => expect.step("send again"),
    });
    await advanceTime(HOUR);
    expect.verifySteps(["send again", "who is gone?"]);
});

test("an error that is none of the network is logged, without what it says", async () => {
    const store = await openTill();
    patchWithCleanup(console, { error: (...args) => expect.step(args.join(" ")) });
    onRpc("res.partner", "check_for_till", () => {
        throw makeServerError({ type: "AccessError", message: "Frau Quittenbaum" });
    });
    await store.forgetCustomers(store.models["res.partner"].getAll());
    expect.verifySteps(["DSGVO: forgetCustomers failed: odoo.exceptions.AccessError"]);
    logFailure("forgetCustomers", new ConnectionLostError("/web/dataset"));
    expect.verifySteps([]);
});
