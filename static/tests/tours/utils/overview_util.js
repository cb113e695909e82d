export function showsChart(name, label) {
    return [
        {
            content: `the chart ${name} is drawn`,
            trigger: `[data-chart=${name}] canvas[role=img]`,
        },
        {
            content: `open the table of ${name}`,
            trigger: `[data-chart=${name}] summary`,
            run: "click",
        },
        {
            content: `the table says ${label}`,
            trigger: `[data-chart=${name}] tbody th:contains("${label}")`,
        },
    ];
}

export function openTile(name, number) {
    return [
        {
            content: `open the list behind ${name}`,
            trigger: `button[data-tile=${name}]:contains("${number}")`,
            run: "click",
        },
    ];
}

export function goBack() {
    return [
        {
            content: "go back to the overview",
            trigger: ".o_breadcrumb .o_back_button a",
            run: "click",
        },
    ];
}

export function listHas(name) {
    return [{ content: `the list has ${name}`, trigger: `.o_list_view :contains("${name}")` }];
}
