import { expect, test } from "@odoo/hoot";
import { CustomerDisplayPosAdapter } from "@point_of_sale/app/customer_display/customer_display_adapter";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { getFilledOrder, setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { onRpc } from "@web/../tests/web_test_helpers";

definePosModels();

/** Take an order; return what shows it on the display, with a note in each place. */
async function takeOrder() {
    onRpc("res.partner", "check_for_till", () => ({ gone: [], archived: [], changed: [] }));
    const store = await setupPosEnv();
    const order = await getFilledOrder(store);
    order.partner_id = store.models["res.partner"].getFirst();
    order.partner_id.update({ name: "Adelheid von der Quittenbaum-Ruh" });
    return (note, state = "draft") => {
        order.general_customer_note = note;
        order.lines[0].customer_note = note;
        order.lines[0].note = JSON.stringify([{ text: note, colorIndex: 0 }]);
        order.state = state;
        const adapter = new CustomerDisplayPosAdapter();
        adapter.formatOrderData(order);
        return adapter.data;
    };
}

test("notes that name the customer are not on the display", async () => {
    const show = await takeOrder();
    for (const note of ["Für Adelheid", "abgeholt von frau QUITTENBAUM"]) {
        const shown = show(note);
        expect(JSON.stringify(shown)).not.toInclude(note);
        expect(shown.lines).toHaveLength(2);
    }
});

test("other notes are on the display until it is paid", async () => {
    const show = await takeOrder();
    const note = "Bitte als Geschenk";
    const shown = show(note);
    expect(shown.general_customer_note).toBe(note);
    expect(shown.lines[0].customerNote).toBe(note);
    expect(show(note, "paid")).toMatchObject({
        finalized: true,
        general_customer_note: "",
        lines: [],
    });
});
