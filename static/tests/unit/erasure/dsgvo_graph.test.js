import { expect, test } from "@odoo/hoot";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { withoutTillAndChat } from "../without_services";
import { COLORS } from "@dsgvo/consent/office/colors";
import { DsgvoGraphRenderer } from "@dsgvo/erasure/dsgvo_graph/dsgvo_graph";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";

const SHOWN_TOGETHER = [
    ["granted", "refused", "never"],
    ["granted", "refused", "withdrawn", "expired"],
    ["none", "partial", "full"],
    ["due", "blocked", "restricted", "done", "cancelled"],
    ["M", "T", "S", "B", "K"],
];

class Decision extends models.Model {
    _name = "decision";

    purpose = fields.Selection({ selection: [["storage", "Storage"]] });
    decision = fields.Selection({
        selection: [
            ["granted", "Granted"],
            ["refused", "Refused"],
        ],
    });

    _records = [
        { purpose: "storage", decision: "granted" },
        { purpose: "storage", decision: "granted" },
        { purpose: "storage", decision: "refused" },
    ];
}

withoutTillAndChat();
defineModels([Decision]);

async function mountGraph(type, groups) {
    let graph;
    patchWithCleanup(DsgvoGraphRenderer.prototype, {
        setup() {
            super.setup(...arguments);
            graph = this;
        },
    });
    const rows = groups.map((name) => `<field name="${name}"/>`).join("");
    await mountView({
        type: "graph",
        resModel: "decision",
        arch: `<graph type="${type}" stacked="1" js_class="dsgvo_graph">${rows}</graph>`,
    });
    return graph.chart;
}

test("what stands side by side has colours of its own, and consent alone is green", () => {
    for (const values of SHOWN_TOGETHER) {
        expect(new Set(values.map((value) => COLORS[value])).size).toBe(values.length);
    }
    const green = Object.keys(COLORS).filter((value) => COLORS[value] === COLORS.granted);
    expect(green).toEqual(["granted", "full"]);
    const red = Object.keys(COLORS).filter((value) => COLORS[value] === COLORS.refused);
    expect(red).toEqual(["refused"]);
});

test("bars have the colours of the decisions, whole numbers and no line over them", async () => {
    const { config, scales } = await mountGraph("bar", ["purpose", "decision"]);
    expect(
        config.data.datasets.map(({ label, backgroundColor }) => [label, backgroundColor]),
    ).toEqual([
        ["Granted", COLORS.granted],
        ["Refused", COLORS.refused],
    ]);
    const ticks = scales.y.ticks.map(({ label }) => label);
    expect(ticks[0]).toBe("0");
    expect(ticks.filter((label) => !/^\d+$/.test(label))).toEqual([]);
});

test("pieces of a pie and their legend have the colours of the decisions", async () => {
    const { config, legend } = await mountGraph("pie", ["decision"]);
    const colors = [COLORS.granted, COLORS.refused];
    expect(config.data.datasets[0].backgroundColor).toEqual(colors);
    expect(legend.legendItems.map(({ fillStyle }) => fillStyle)).toEqual(colors);
});

test("lines have the colours of the decisions", async () => {
    const { config } = await mountGraph("line", ["purpose", "decision"]);
    expect(config.data.datasets.map(({ borderColor }) => borderColor)).toEqual([
        COLORS.granted,
        COLORS.refused,
    ]);
});
