import { Component, reactive, useState, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";

const news = reactive({ text: "", count: 0 });

/** Let those hear a text who do not see what has changed, also when it is the same again. */
export function announce(text) {
    news.text = text;
    news.count++;
}

/** One region for all, because it is heard only if it was there before its text. */
class Announcer extends Component {
    static template = xml`
        <div class="o_dsgvo_announcer visually-hidden" role="status">
            <span t-key="news.count" t-out="news.text"/>
        </div>`;
    static props = {};

    setup() {
        this.news = useState(news);
    }
}

registry.category("main_components").add("dsgvo.Announcer", { Component: Announcer });
