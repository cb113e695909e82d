import { onMounted, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { SignatureDialog } from "@web/core/signature/signature_dialog";
import { useService } from "@web/core/utils/hooks";
import { pick } from "@web/core/utils/objects";
import { BinaryField, binaryField } from "@web/views/fields/binary/binary_field";
import { SignatureField, signatureField } from "@web/views/fields/signature/signature_field";

/**
 * Open a field with Enter or Space. Core needs a mouse for signature and scan; a stack of forms is
 * recorded without leaving the keyboard.
 */
function clickOnEnter(ev) {
    if (["Enter", " "].includes(ev.key)) {
        ev.preventDefault();
        ev.target.click();
    }
}

/**
 * The window in which a customer signs: what was marked, in which words, towards whom.
 */
export class DsgvoSignatureDialog extends SignatureDialog {
    static template = "dsgvo.DsgvoSignatureDialog";
    static props = { ...SignatureDialog.props, wording: Object, company: String, record: Function };

    setup() {
        super.setup();
        this.signed = useRef("signed");
        this.reading = useState({ hasMore: false });
        onMounted(() => this.onScroll());
        useExternalListener(window, "resize", () => this.onScroll());
    }

    /** Whoever signs sees that there is more to read. */
    onScroll() {
        const { scrollHeight, clientHeight, scrollTop } = this.signed.el;
        this.reading.hasMore = scrollHeight - clientHeight - scrollTop > 4;
    }

    onClickReadOn() {
        this.signed.el.scrollBy({ top: this.signed.el.clientHeight * 0.8 });
    }

    async onClickRecord() {
        await this.onClickConfirm();
        await this.props.record();
    }

    onClickConfirm() {
        const { name } = this.signature;
        const signatureImage = this.signature.getSignatureImage();
        this.props.close();
        return this.props.uploadSignature({ name, signatureImage });
    }
}

export class DsgvoSignatureField extends SignatureField {
    static template = "dsgvo.DsgvoSignatureField";
    onKeydown = clickOnEnter;

    setup() {
        super.setup();
        this.notification = useService("notification");
    }

    async onClickSignature() {
        const { record, readonly, type, defaultFont } = this.props;
        if (readonly) {
            return;
        }
        await record.isDirty(); // until the wording of the last mark is there
        const { wording, company_name: company } = record.data;
        if (!wording?.toString()) {
            this.notification.add(_t("Mark first what the customer agrees to or refuses."), {
                type: "warning",
            });
            return;
        }
        this.dialogService.add(DsgvoSignatureDialog, {
            wording,
            company,
            nameAndSignatureProps: {
                // On a low screen the place to sign is lower: the wordings are whole.
                displaySignatureRatio: window.innerHeight < 1000 ? 6 : 3,
                signatureType: type,
                noInputName: true,
                defaultFont,
            },
            uploadSignature: (signature) => this.uploadSignature(signature),
            record: () => this.record(),
        });
    }

    /** Do what the button of the window below does. */
    record() {
        const { record } = this.props;
        return this.env.onClickViewButton({
            clickParams: { name: "action_record", type: "object" },
            getResParams: () =>
                pick(record, "context", "evalContext", "resModel", "resId", "resIds"),
        });
    }
}

export class DsgvoScanField extends BinaryField {
    static template = "dsgvo.DsgvoScanField";
    onKeydown = clickOnEnter;
}

registry.category("fields").add("dsgvo_signature", {
    ...signatureField,
    component: DsgvoSignatureField,
});
registry.category("fields").add("dsgvo_scan", { ...binaryField, component: DsgvoScanField });
