import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { exprToBoolean } from "@web/core/utils/strings";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * The button DSGVO of a customer: saves, then documents the consents with text and date.
 *
 * A widget and no `<button type="object">`: the till closes its customer window as soon as such a
 * button has saved the form, before the action ran. With `closes`, it closes the dialog as well.
 */
export class DsgvoButton extends Component {
    static template = "dsgvo.DsgvoButton";
    static props = { ...standardWidgetProps, closes: { type: Boolean, optional: true } };

    setup() {
        this.orm = useService("orm");
    }

    async onClick() {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        await this.orm.call("res.partner", "action_dsgvo", [[record.resId]]);
        await record.load();
        if (this.props.closes) {
            this.env.dialogData.close();
        }
    }
}

registry.category("view_widgets").add("dsgvo_button", {
    component: DsgvoButton,
    extractProps: ({ attrs }) => ({ closes: exprToBoolean(attrs.closes) }),
});
