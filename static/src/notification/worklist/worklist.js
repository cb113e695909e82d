import { hasTouch } from "@web/core/browser/feature_detection";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const actions = registry.category("actions");

/** Open the work list: cards for fingers, a list for a mouse. */
export function openWorklist(env, { additionalContext }) {
    return env.services.action.doAction("dsgvo.dsgvo_notification_action", {
        additionalContext,
        clearBreadcrumbs: true,
        viewType: hasTouch() ? "kanban" : "list",
    });
}

/** Say that customers were told, and offer to take it back: they leave the list at once. */
export function showTold(env, { params }) {
    const { action, notification, orm } = env.services;
    const close = notification.add(_t("Done: the customer was told."), {
        type: "success",
        className: "o_dsgvo_told",
        buttons: [
            {
                name: _t("Undo"),
                async onClick() {
                    close();
                    await orm.call("dsgvo.notification", "action_undo", [params.ids]);
                    await action.doAction("soft_reload");
                },
            },
        ],
    });
    return { type: "ir.actions.act_window_close" };
}

actions.add("dsgvo_worklist", openWorklist);
actions.add("dsgvo_told", showTold);
