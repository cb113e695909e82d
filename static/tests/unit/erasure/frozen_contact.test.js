import { expect, test } from "@odoo/hoot";
import { offerWhatWorks } from "@dsgvo/erasure/frozen_contact/frozen_contact";

test("a contact that nobody changes offers prints only", () => {
    const items = { action: [{ key: "duplicate" }, { id: 7 }], print: [{ id: 8 }] };
    for (const [resModel, dsgvo_frozen_notice, count] of [
        ["res.partner", "This customer was erased.", 0],
        ["res.partner", false, 2],
        ["sale.order", undefined, 2],
    ]) {
        const offered = offerWhatWorks({ resModel, data: { dsgvo_frozen_notice } }, items);
        expect(offered.action).toHaveLength(count);
        expect(offered.print).toBe(items.print);
    }
});
