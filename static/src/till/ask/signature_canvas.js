import { Component, onMounted, useExternalListener, useRef } from "@odoo/owl";

/**
 * A place to sign with a finger, a pen or a mouse.
 *
 * Core's component loads fonts and a library from the server, which a till may not reach.
 */
export class SignatureCanvas extends Component {
    static template = "dsgvo.SignatureCanvas";
    static props = {
        // Called with the picture as PNG in Base64 after each stroke, or with false when emptied.
        onChange: Function,
    };

    setup() {
        this.canvas = useRef("canvas");
        onMounted(() => this.clear());
        // A turned tablet has another width, and what was drawn would be stretched.
        useExternalListener(window, "resize", () => this.clear());
    }

    get pen() {
        return this.canvas.el.getContext("2d");
    }

    clear() {
        const { el } = this.canvas;
        const ratio = window.devicePixelRatio || 1;
        el.width = el.clientWidth * ratio;
        el.height = el.clientHeight * ratio;
        this.pen.scale(ratio, ratio);
        Object.assign(this.pen, { lineWidth: 2, lineCap: "round", lineJoin: "round" });
        this.isDrawing = false;
        this.props.onChange(false);
    }

    onPointerDown(ev) {
        this.isDrawing = true;
        this.pen.beginPath();
        this.pen.moveTo(ev.offsetX, ev.offsetY);
    }

    onPointerMove(ev) {
        if (this.isDrawing) {
            this.pen.lineTo(ev.offsetX, ev.offsetY);
            this.pen.stroke();
            this.hasStroke = true;
        }
    }

    onPointerUp() {
        if (this.isDrawing && this.hasStroke) {
            this.props.onChange(this.canvas.el.toDataURL("image/png").split(",")[1]);
        }
        this.isDrawing = this.hasStroke = false;
    }
}
