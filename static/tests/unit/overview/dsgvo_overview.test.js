import { expect, test } from "@odoo/hoot";
import { preloadBundle } from "@web/../tests/web_test_helpers";
import { queryAllTexts } from "@odoo/hoot-dom";
import {
    contains,
    getService,
    makeMockEnv,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { getDefaultConfig } from "@web/views/view";
import { withoutTillAndChat } from "../without_services";
import { DsgvoChart, wrap } from "@dsgvo/overview/dsgvo_chart/dsgvo_chart";
import { DsgvoOverview } from "@dsgvo/overview/dsgvo_overview/dsgvo_overview";

withoutTillAndChat();
preloadBundle("web.chartjs_lib");

const SHARE = {
    name: "share",
    title: "Consents of all customers",
    labels: ["Storage (67 %)", "Advertising (0 %)"],
    series: [
        { name: "granted", label: "Granted", values: [2, 0] },
        { name: "never", label: "Never asked", values: [1, 3] },
    ],
    total: 6,
};
const OVERVIEW = {
    counted_on: "27/11/2026 03:00",
    is_counted_at_night: true,
    sections: [
        {
            name: "consents",
            title: "Consents",
            tiles: [
                { name: "asked", label: "Asked today", value: 1234, action: { type: "opened" } },
                { name: "held", label: "Restricted", value: 0, action: false },
            ],
            charts: [SHARE, { name: "tills", title: "Tills", labels: [], series: [], total: 0 }],
        },
    ],
};

async function openOverview() {
    const asked = [];
    onRpc("dsgvo.overview", "read_overview", ({ args }) => {
        asked.push(args);
        return OVERVIEW;
    });
    await makeMockEnv(); // loads the translations that the configuration needs
    await mountWithCleanup(DsgvoOverview, {
        componentEnv: { config: getDefaultConfig() },
        props: { action: {}, actionId: 1 },
    });
    return asked;
}

test("tiles lead on where the user may go, and are plain where not", async () => {
    await openOverview();
    expect("button[data-tile=asked]").toHaveText("1,234\nAsked today");
    expect("div[data-tile=held]").toHaveText("0\nRestricted");
});

test("a click on a tile opens its list", async () => {
    await openOverview();
    const service = getService("action");
    service.doAction = (action) => expect.step(action.type);
    await contains("[data-tile=asked]").click();
    expect.verifySteps(["opened"]);
});

test("numbers of the night can be counted now", async () => {
    const asked = await openOverview();
    await contains(".o_control_panel button:contains('Count Now')").click();
    expect(asked).toEqual([[false], [true]]);
});

test("a chart says its numbers in a table, too", async () => {
    await openOverview();
    await contains("[data-chart=share] summary").click();
    expect(queryAllTexts("[data-chart=share] thead th")).toEqual(["Granted", "Never asked"]);
    expect(queryAllTexts("[data-chart=share] tbody tr:first-child > *")).toEqual([
        "Storage (67 %)",
        "2",
        "1",
    ]);
    expect("[data-chart=share] canvas").toHaveAttribute("aria-label", /6 in all/);
    expect("[data-chart=tills] canvas").toHaveCount(0);
    expect("[data-chart=tills] p").toHaveText("Nothing to show.");
});

test("long labels lie on lines, of which none is cut", () => {
    expect(wrap("Left out: block list or opted out", 20)).toEqual([
        "Left out: block list",
        "or opted out",
    ]);
    expect(wrap("Nov 2026", 1)).toEqual(["Nov", "2026"]);
});

test("no two series differ by their colour alone", async () => {
    const series = ["granted", "refused", "withdrawn", "expired"].map((name) => ({
        name,
        label: name,
        values: [1, 1],
    }));
    let chart;
    class Kept extends DsgvoChart {
        setup() {
            super.setup();
            chart = this;
        }
    }
    await mountWithCleanup(Kept, { props: { chart: { ...SHARE, series } } });
    const pixels = chart.getDatasets().map(({ backgroundColor }) => {
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = 8;
        const context = canvas.getContext("2d");
        context.fillStyle = backgroundColor;
        context.fillRect(0, 0, 8, 8);
        const { data } = context.getImageData(0, 0, 8, 8);
        // Where the pixel is nearly white: the shape without its colour.
        return [...Array(64).keys()].map((n) => (data[4 * n + 1] > 200 ? "x" : ".")).join("");
    });
    expect(new Set(pixels).size).toBe(pixels.length);
});
