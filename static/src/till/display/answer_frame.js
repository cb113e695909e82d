import { Component } from "@odoo/owl";

const PATH = /^\/dsgvo\/answer\/[\w-]+$/;

/**
 * The page with the questions on the customer display, over whatever else it shows.
 */
export class AnswerFrame extends Component {
    static template = "dsgvo.AnswerFrame";
    static props = { path: { optional: true } };

    /** What comes over the channel of the display may be anything. */
    get source() {
        return PATH.test(this.props.path) && this.props.path;
    }
}
