import { registry } from "@web/core/registry";
import { BinaryField, binaryField } from "@web/views/fields/binary/binary_field";
import { SignatureField, signatureField } from "@web/views/fields/signature/signature_field";

/**
 * Signature and scan of a customer, for which core needs a mouse: here Tab reaches them and Enter
 * opens them, so that a stack of forms is recorded without leaving the keyboard.
 */
function clickOnEnter(ev) {
    if (["Enter", " "].includes(ev.key)) {
        ev.preventDefault();
        ev.target.click();
    }
}

export class DsgvoSignatureField extends SignatureField {
    static template = "dsgvo.DsgvoSignatureField";
    onKeydown = clickOnEnter;
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
