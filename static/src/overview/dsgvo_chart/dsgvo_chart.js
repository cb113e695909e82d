/* global Chart */
import { Component, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { cookie } from "@web/core/browser/cookie";
import { getColor } from "@web/core/colors/colors";
import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";
import { COLORS } from "@dsgvo/consent/office/colors";
import { makePattern } from "./patterns";

const BAR = 30; // pixels for each label of a chart with texts
const REST = 90; // pixels for axis and legend
const LINE = 28; // characters of a label on the axis

/** Return the lines of a label that lie below each other on the axis. */
export function wrap(label, length) {
    const lines = [];
    for (const word of label.split(" ")) {
        const last = lines.length - 1;
        if (lines.length && lines[last].length + word.length < length) {
            lines[last] += ` ${word}`;
        } else {
            lines.push(word);
        }
    }
    return lines;
}

/**
 * A chart of the overview, and its numbers as a table.
 *
 * Texts stand beside lying bars, since nobody reads them turned; months stand below upright ones.
 */
export class DsgvoChart extends Component {
    static template = "dsgvo.DsgvoChart";
    static props = { chart: Object };

    setup() {
        this.canvas = useRef("canvas");
        this.drawn = null;
        useEffect(
            () => this.draw(),
            () => [this.props.chart],
        );
        onWillUnmount(() => this.drawn?.destroy());
    }

    /** Return the chart in one sentence, for who does not see it. */
    get summary() {
        return _t("%(title)s, %(total)s in all. The numbers are in the table below.", {
            title: this.props.chart.title,
            total: this.format(this.props.chart.total),
        });
    }

    get isUpright() {
        return ["months", "erased"].includes(this.props.chart.name);
    }

    get height() {
        const { labels } = this.props.chart;
        return this.isUpright ? 240 : Math.max(120, REST + BAR * labels.length);
    }

    format(number) {
        return formatInteger(number);
    }

    draw() {
        this.drawn?.destroy();
        this.drawn = this.canvas.el ? new Chart(this.canvas.el, this.getConfig()) : null;
    }

    /** Return the colours of text and lines of the page, light or dark. */
    getPageColors() {
        const { color, borderTopColor } = getComputedStyle(this.canvas.el.closest("figure"));
        return { color, line: borderTopColor };
    }

    getDatasets() {
        const scheme = cookie.get("color_scheme");
        const { color } = this.getPageColors();
        return this.props.chart.series.map(({ name, label, values }, index) => ({
            label,
            data: values,
            backgroundColor: makePattern(COLORS[name] || getColor(index * 4 + 2, scheme), index),
            borderColor: color, // what has little contrast to the page still has an outline
            borderWidth: 1,
            maxBarThickness: 28,
        }));
    }

    getConfig() {
        const { labels, series } = this.props.chart;
        const { color, line } = this.getPageColors();
        const numbers = {
            stacked: true,
            beginAtZero: true,
            grid: { color: line },
            ticks: { color, precision: 0, callback: (value) => this.format(value) },
        };
        const texts = {
            stacked: true,
            grid: { display: false },
            ticks: {
                color,
                autoSkip: false,
                maxRotation: 0,
                // Month and year are two lines, which turn nothing on a small screen.
                callback: (_value, index) => wrap(labels[index], this.isUpright ? 1 : LINE),
            },
        };
        return {
            type: "bar",
            data: { labels, datasets: this.getDatasets() },
            options: {
                animation: false,
                indexAxis: this.isUpright ? "x" : "y",
                maintainAspectRatio: false,
                responsive: true,
                scales: this.isUpright ? { x: texts, y: numbers } : { x: numbers, y: texts },
                plugins: {
                    legend: { display: series.length > 1, position: "bottom", labels: { color } },
                },
            },
        };
    }
}
