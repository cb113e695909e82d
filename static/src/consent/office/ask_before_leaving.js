import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { FormController } from "@web/views/form/form_controller";
import { CONSENT_FIELDS } from "../consents";

const FOLLOWS = {
    consent_storage: _t(
        "Storage: the customer is erased after the grace time that is set, and as soon as no order" +
            " needs the data any more.",
    ),
    consent_notification: _t(
        "Notification: open orders get the message type K, and waiting messages are cancelled.",
    ),
    consent_marketing: _t(
        "Advertising: the profile of interests is deleted, and waiting mailings are cancelled.",
    ),
};
const REFUSED = _t("Storage: the customer is erased after the special order is sold at the till.");

/**
 * What saving would do that cannot simply be undone: withdrawals, and the refusal of storage.
 *
 * @param {Object} record of a form; `_values` is what the server knows, `data` what the form shows
 * @returns {string[]} what follows from each of them
 */
export function findSerious(record) {
    return CONSENT_FIELDS.flatMap((field) => {
        const [before, now] = [record._values[field], record.data[field]];
        if (before === "granted" && now !== "granted") {
            return [FOLLOWS[field]];
        }
        return field === "consent_storage" && now === "refused" && !before ? [REFUSED] : [];
    }).map(String);
}

/** The question whether to save them, to drop them, or to stay. */
class AskBeforeLeavingDialog extends ConfirmationDialog {
    static template = "dsgvo.AskBeforeLeavingDialog";
    static props = { ...ConfirmationDialog.props, discard: Function };

    _discard() {
        return this.execButton(this.props.discard);
    }
}

/**
 * Whoever leaves a customer saves what is marked without having pressed anything. So before a
 * withdrawal or a refusal of storage is saved like that, the clerk is asked.
 */
patch(FormController.prototype, {
    get dsgvoSerious() {
        return this.props.resModel === "res.partner" ? findSerious(this.model.root) : [];
    },

    dsgvoAsk() {
        const serious = this.dsgvoSerious;
        if (!serious.length) {
            return true;
        }
        return new Promise((resolve) => {
            this.dialogService.add(
                AskBeforeLeavingDialog,
                {
                    title: _t("Save the marked decisions?"),
                    body: serious.join("\n"),
                    confirmLabel: _t("Save"),
                    confirm: () => resolve(true),
                    discard: async () => {
                        await this.model.root.discard();
                        resolve(true);
                    },
                    cancelLabel: _t("Stay Here"),
                    cancel: () => resolve(false),
                },
                { onClose: () => resolve(false) },
            );
        });
    },

    async beforeLeave(options = {}) {
        return (options.forceLeave || (await this.dsgvoAsk())) && super.beforeLeave(options);
    },

    async onPagerUpdate(params) {
        return (await this.dsgvoAsk()) && super.onPagerUpdate(params);
    },

    async create() {
        return (await this.dsgvoAsk()) && super.create();
    },

    async shouldExecuteAction(item) {
        return (item.skipSave || (await this.dsgvoAsk())) && super.shouldExecuteAction(item);
    },

    async beforeExecuteActionButton(clickParams) {
        const asks = clickParams.special !== "cancel" && !this.env.inDialog;
        return (!asks || (await this.dsgvoAsk())) && super.beforeExecuteActionButton(clickParams);
    },

    beforeVisibilityChange() {
        return this.dsgvoSerious.length ? undefined : super.beforeVisibilityChange();
    },

    async beforeUnload(ev) {
        if (!this.dsgvoSerious.length) {
            return super.beforeUnload(ev);
        }
        ev.preventDefault(); // the browser asks
        ev.returnValue = "Unsaved changes";
    },
});
