import { Component, useEffect, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

// Milliseconds without a change of the selection before the server is asked.
export const PAUSE = 500;

/**
 * How many of the selected recipients a mailing leaves out, and why.
 *
 * Counting reads all of them, so the form does not wait for it. The server is asked once after the
 * form is shown, and again some time after the last change of the selection.
 */
export class DsgvoLeftOut extends Component {
    static template = "dsgvo.DsgvoLeftOut";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm").silent;
        this.keepLast = new KeepLast();
        this.state = useState({ status: "counting", numbers: {} });
        const ask = useDebounced(() => this.ask(), PAUSE);
        useEffect(
            () => {
                this.state.status = this.isSent ? "counted" : "counting";
                this.state.numbers = {};
                ask();
            },
            () => [this.props.record.resId, JSON.stringify(this.selection), this.isSent],
        );
    }

    get isSent() {
        return this.props.record.data.state === "done";
    }

    /** Return what decides who is selected, as the server writes it. */
    get selection() {
        const { mailing_model_id, mailing_domain, mailing_type, dsgvo_company_id } =
            this.props.record.data;
        return {
            mailing_model_id: mailing_model_id?.id ?? false,
            mailing_domain,
            mailing_type,
            // The form shows the company only where there are several.
            ...(dsgvo_company_id && { dsgvo_company_id: dsgvo_company_id.id }),
        };
    }

    async ask() {
        if (this.isSent) {
            return;
        }
        const { record } = this.props;
        const call = this.orm.call(record.resModel, "dsgvo_read_left_out", [
            record.resId ? [record.resId] : [],
            record.isNew || record.dirty ? this.selection : {},
        ]);
        try {
            this.state.numbers = await this.keepLast.add(call);
            this.state.status = "counted";
        } catch {
            // Neither a lost connection nor a selection that the server refuses closes the form.
            this.state.status = "failed";
        }
    }

    get leftOut() {
        return _t("%(count)s recipients are left out", {
            count: formatInteger(this.state.numbers.dsgvo_left_out),
        });
    }

    get reasons() {
        return _t(
            "because they did not consent to marketing: %(unasked)s never asked," +
                " %(refused)s refused.",
            {
                unasked: formatInteger(this.state.numbers.dsgvo_left_out_unasked),
                refused: formatInteger(this.state.numbers.dsgvo_left_out_refused),
            },
        );
    }
}

registry.category("view_widgets").add("dsgvo_left_out", {
    component: DsgvoLeftOut,
    fieldDependencies: [
        { name: "mailing_domain", type: "char" },
        { name: "mailing_model_id", type: "many2one" },
        { name: "mailing_model_real", type: "char" },
        { name: "mailing_type", type: "selection" },
        { name: "state", type: "selection" },
    ],
});
