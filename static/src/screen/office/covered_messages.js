import { messageActionsRegistry } from "@mail/core/common/message_actions";
import { patch } from "@web/core/utils/patch";
import { MASK } from "../screen";

/** Nobody edits a message of which only the mask is there: the dots would take its place. */
patch(messageActionsRegistry.get("edit"), {
    condition({ message }) {
        return super.condition(...arguments) && !String(message.body).includes(MASK);
    },
});
