import { Component, onWillStart, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatInteger } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { DsgvoChart } from "../dsgvo_chart/dsgvo_chart";

/** The first page of privacy officers and managers: tiles that lead on, and charts. */
export class DsgvoOverview extends Component {
    static template = "dsgvo.DsgvoOverview";
    static components = { DsgvoChart, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ overview: null });
        this.display = { controlPanel: {} };
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
    }

    /** @param {boolean} anew whether the server counts now what it has counted at night */
    async load(anew = false) {
        this.state.overview = await this.orm.call("dsgvo.overview", "read_overview", [anew]);
    }

    open(tile) {
        return this.action.doAction(tile.action);
    }

    format(number) {
        return formatInteger(number);
    }
}

registry.category("actions").add("dsgvo_overview", DsgvoOverview);
