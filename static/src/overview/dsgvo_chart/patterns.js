const SIZE = 8; // pixels after which a pattern repeats

// What is drawn on the plain colour, so that no two series differ by their colour alone.
const SHAPES = [
    () => {},
    (context) => {
        context.moveTo(0, SIZE);
        context.lineTo(SIZE, 0);
    },
    (context) => context.arc(SIZE / 2, SIZE / 2, 1, 0, 2 * Math.PI),
    (context) => {
        context.moveTo(0, SIZE / 2);
        context.lineTo(SIZE, SIZE / 2);
    },
    (context) => {
        context.moveTo(0, 0);
        context.lineTo(SIZE, SIZE);
        context.moveTo(0, SIZE);
        context.lineTo(SIZE, 0);
    },
    (context) => {
        context.moveTo(SIZE / 2, 0);
        context.lineTo(SIZE / 2, SIZE);
    },
];

/**
 * Return what a chart fills the bars of a series with.
 *
 * @param {string} color
 * @param {number} index of the series
 * @returns {CanvasPattern}
 */
export function makePattern(color, index) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = SIZE;
    const context = tile.getContext("2d");
    context.fillStyle = color;
    context.fillRect(0, 0, SIZE, SIZE);
    context.strokeStyle = "#ffffff";
    context.lineWidth = 1.5;
    context.beginPath();
    SHAPES[index % SHAPES.length](context);
    context.stroke();
    return context.createPattern(tile, "repeat");
}
