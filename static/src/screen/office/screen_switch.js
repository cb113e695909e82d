import { Component } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { cookie } from "@web/core/browser/cookie";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { screen } from "../screen";

const COOKIE = "dsgvo_screened";

/** The switch of everybody for this browser; for users of the group the screen is always on. */
export class ScreenSwitch extends Component {
    static template = "dsgvo.ScreenSwitch";
    static props = {};

    setup() {
        this.screen = screen;
    }

    get tooltip() {
        if (screen.settings.is_for_user) {
            return _t("Privacy screen: always on for you");
        }
        return screen.isOn
            ? _t("Privacy screen: on in this browser. Press to switch it off.")
            : _t("Privacy screen: off. Press to switch it on in this browser.");
    }

    /** Load the page anew: nothing that was loaded before stays in memory. */
    toggle() {
        if (screen.isOn) {
            cookie.delete(COOKIE);
        } else {
            cookie.set(COOKIE, "1");
        }
        browser.location.reload();
    }
}

registry
    .category("systray")
    .add(
        "dsgvo.screen_switch",
        { Component: ScreenSwitch, isDisplayed: () => user.isInternalUser },
        { sequence: 30 },
    );
