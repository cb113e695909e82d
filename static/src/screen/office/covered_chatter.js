import "@mail/chatter/web/form_renderer";
import { Chatter } from "@mail/chatter/web_portal/chatter";
import { Component, useState } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { FormRenderer } from "@web/views/form/form_renderer";
import { isCoverable, isShown, screen } from "../screen";

/** The history of a record, which is not even asked for while the record is covered. */
export class CoveredChatter extends Component {
    static template = "dsgvo.CoveredChatter";
    static components = { Chatter };
    static props = ["*"];

    setup() {
        useState(screen);
    }

    get isCovered() {
        const { record } = this.props;
        return Boolean(record?.resId) && isCoverable(record.resModel) && !isShown(record);
    }
}

patch(FormRenderer.prototype, {
    setup() {
        super.setup();
        this.mailComponents = { ...this.mailComponents, Chatter: CoveredChatter };
    },
});
