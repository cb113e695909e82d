import {
    Component,
    onWillUnmount,
    onWillUpdateProps,
    useExternalListener,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { patch } from "@web/core/utils/patch";
import { FormController } from "@web/views/form/form_controller";
import { cover, isCoverable, isShown, screen, show } from "../screen";

// Whoever presses longer holds: the record is covered again when the key or finger is lifted.
const HOLD = 500; // milliseconds
const KEYS = ["Enter", " "];

/** Says that a record is covered, and shows it by key or touch, held or pressed once. */
export class CoverBar extends Component {
    static template = "dsgvo.CoverBar";
    static props = { record: Object };

    setup() {
        useState(screen);
        this.pressedAt = 0;
        onWillUpdateProps(({ record }) => {
            if (record.id !== this.props.record.id) {
                this.cover();
            }
        });
        onWillUnmount(() => this.cover());
        useExternalListener(document, "keydown", this.onAnyKey, { capture: true });
        useExternalListener(document, "visibilitychange", () => document.hidden && this.cover());
        // A finger or key may be lifted anywhere.
        useExternalListener(document, "pointerup", this.release);
        useExternalListener(document, "pointercancel", this.release);
        useExternalListener(document, "keyup", this.release);
    }

    get isShown() {
        return isShown(this.props.record);
    }

    onAnyKey(ev) {
        if (ev.key === "Escape" && this.isShown) {
            // It closes nothing else: the hand was quicker than the eye.
            ev.stopPropagation();
            ev.preventDefault();
            this.cover();
        }
    }

    onKeydown(ev) {
        if (KEYS.includes(ev.key)) {
            ev.preventDefault(); // the click that follows
            if (!ev.repeat) {
                this.press();
            }
        }
    }

    onPointerdown(ev) {
        if (ev.button === 0) {
            this.press();
        }
    }

    /** A click without a finger or key: by the hotkey, or by a screen reader. */
    onClick(ev) {
        if (ev.detail === 0) {
            this.toggle();
        }
    }

    press() {
        this.pressedAt = Date.now();
        this.toggle();
    }

    release() {
        const isHeld = this.pressedAt && Date.now() - this.pressedAt > HOLD;
        this.pressedAt = 0;
        if (isHeld) {
            this.cover();
        }
    }

    toggle() {
        return this.isShown ? this.cover() : this.show();
    }

    async show() {
        const { record } = this.props;
        const turn = (this.turn = {});
        await show(record);
        if (this.turn !== turn) {
            return cover(record); // covered while the server was asked
        }
        const { seconds } = screen.settings;
        if (seconds) {
            this.timer = browser.setTimeout(() => this.cover(), seconds * 1000);
        }
    }

    cover() {
        this.turn = undefined;
        browser.clearTimeout(this.timer);
        return cover(this.props.record);
    }
}

patch(FormController.prototype, {
    // Not in `components`: other addons have copied those for their own controllers.
    CoverBar,

    get hasCover() {
        return Boolean(this.model.root.resId) && isCoverable(this.model.root.resModel);
    },
});
