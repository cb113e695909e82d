import { registry } from "@web/core/registry";
import { GraphModel } from "@web/views/graph/graph_model";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";
import { COLORS } from "@dsgvo/consent/office/colors";

/**
 * Return the colours by the labels that a selection field shows.
 *
 * @param {Object} field with the `selection` of pairs of value and label
 */
export function getColorsByLabel(field) {
    const pairs = (field && field.selection) || [];
    return Object.fromEntries(
        pairs.filter(([value]) => value in COLORS).map(([value, label]) => [label, COLORS[value]]),
    );
}

export class DsgvoGraphModel extends GraphModel {
    /** No line over the bars: their height is the sum. */
    _getLineOverlayDataset() {
        return null;
    }
}

/** What is shown is counted: whole numbers, and colours that mean something. */
export class DsgvoGraphRenderer extends GraphRenderer {
    /** @param {string} label by the groups: "Granted", "Storage / Granted" */
    getMeaning(label) {
        const { fields, groupBy } = this.model.metaData;
        const colors = Object.assign(
            {},
            ...groupBy.map(({ fieldName }) => getColorsByLabel(fields[fieldName])),
        );
        return colors[(label || "").split(" / ").find((part) => part in colors)];
    }

    getBarChartData() {
        const data = super.getBarChartData();
        for (const dataset of data.datasets) {
            dataset.backgroundColor = this.getMeaning(dataset.label) || dataset.backgroundColor;
        }
        return data;
    }

    getLineChartData() {
        const data = super.getLineChartData();
        for (const dataset of data.datasets) {
            const color = this.getMeaning(dataset.label);
            if (color) {
                dataset.borderColor = dataset.pointBackgroundColor = color;
                dataset.backgroundColor = `${color}80`; // half transparent, as core's lighter one
            }
        }
        return data;
    }

    getPieChartData() {
        const data = super.getPieChartData();
        for (const dataset of data.datasets) {
            dataset.backgroundColor = dataset.hoverBackgroundColor = data.labels.map(
                (label, index) => this.getMeaning(label) || dataset.backgroundColor[index],
            );
        }
        return data;
    }

    getLegendOptions() {
        const options = super.getLegendOptions();
        const { generateLabels } = options.labels;
        if (this.model.metaData.mode === "pie") {
            options.labels.generateLabels = (chart) =>
                generateLabels(chart).map((item) => ({
                    ...item,
                    fillStyle: chart.data.datasets[0].backgroundColor[item.index],
                }));
        }
        return options;
    }

    getScaleOptions() {
        const scales = super.getScaleOptions();
        if (scales.y) {
            scales.y.ticks.precision = 0;
        }
        return scales;
    }

    formatValue(value, _allIntegers, formatType) {
        return super.formatValue(value, Number.isInteger(value), formatType);
    }
}

registry
    .category("views")
    .add("dsgvo_graph", { ...graphView, Model: DsgvoGraphModel, Renderer: DsgvoGraphRenderer });
