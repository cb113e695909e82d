import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { getFilledOrder, setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { onRpc } from "@web/../tests/web_test_helpers";
import { typesFor } from "@dsgvo/till/message_type/message_types";

definePosModels();

async function takeOrder() {
    onRpc("res.partner", "check_for_till", () => ({ gone: [], archived: [], changed: [] }));
    const store = await setupPosEnv();
    const order = await getFilledOrder(store);
    const [told, silent] = store.models["res.partner"].getAll();
    told.dsgvo_message_type = "M";
    silent.dsgvo_message_type = false;
    order.setPartner(told);
    return { order, told, silent };
}

test("an order has a message type when its goods are shipped or fetched later", async () => {
    const { order } = await takeOrder();
    expect(order.hasMessageType).toBe(false);
    order.shipping_date = "2026-03-01";
    expect(order.hasMessageType).toBe(true);
    order.setPartner(false);
    expect(order.hasMessageType).toBe(false);
});

test("the message type is that of the consents, or the chosen one of the same customer", async () => {
    const { order, told, silent } = await takeOrder();
    expect(order.messageType).toBe("M");
    order.notification_type = "T";
    order.setPartner(told);
    expect(order.messageType).toBe("T");
    order.setPartner(silent);
    expect(order.messageType).toBe("K");
    order.setPartner(told);
    expect(order.messageType).toBe("M");
});

test("without consent there is K alone, whatever was chosen before", async () => {
    const { order, told, silent } = await takeOrder();
    expect(typesFor(silent)).toEqual(["K"]);
    order.notification_type = "T";
    told.dsgvo_message_type = false;
    expect(order.messageType).toBe("K");
});
