import { expect, test } from "@odoo/hoot";
import { messageActionsRegistry } from "@mail/core/common/message_actions";
import { MASK } from "@dsgvo/screen/screen";

test("a covered message is not edited, but deleted", () => {
    const isOffered = (id, body) =>
        messageActionsRegistry.get(id).condition({ message: { editable: true, body } });
    expect(isOffered("edit", "Packed")).toBe(true);
    expect(isOffered("edit", MASK)).toBe(false);
    expect(isOffered("delete", MASK)).toBe(true);
});
