import { ActivityMenu } from "@mail/core/web/activity_menu";
import { patch } from "@web/core/utils/patch";

patch(ActivityMenu.prototype, {
    /** Open what a reminder is about, not the reminder. */
    async openActivityGroup(group, filter, newWindow) {
        if (!group.dsgvo_reminder_id) {
            return super.openActivityGroup(group, filter, newWindow);
        }
        this.dropdown.close();
        const finding = await this.env.services.orm.call("dsgvo.reminder", "action_open", [
            group.dsgvo_reminder_id,
        ]);
        if (finding) {
            this.action.doAction(finding, { newWindow, clearBreadcrumbs: true });
        } else {
            super.openActivityGroup(group, filter, newWindow);
        }
    },
});
