import { Component, onWillStart, useState } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { uuidv4 } from "@point_of_sale/utils";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { PartnerBadge } from "../partner_badge/partner_badge";
import { MESSAGE_TYPES, proposeType, typesFor } from "../message_type/message_types";
import { InputError, isEmpty, newArticle, readArticle, readNumber } from "./article";

const { DateTime } = luxon;

/** The order of this request is taken, and is not what is asked for now. */
export const TAKEN = "odoo.addons.dsgvo.models.till.special_order_request.RequestTakenError";

/** Refusals of the server in words, for the cashier. */
const REFUSALS = ["odoo.exceptions.UserError", "odoo.exceptions.ValidationError", TAKEN];

/** Of the database, in its own words: the server has tried several times already. */
const BUSY = /^psycopg2\.errors\.(SerializationFailure|DeadlockDetected|LockNotAvailable)$/;

/**
 * A special order of a customer: articles, message type, wish date, deposit.
 *
 * What was typed stays until the order is taken. The request has a uuid, so that the server takes it
 * once, also when it is sent again because the answer was lost.
 */
export class SpecialOrderDialog extends Component {
    static template = "dsgvo.SpecialOrderDialog";
    static components = { Dialog, PartnerBadge };
    static props = {
        customer: Object,
        // Of `prepare_special_order`.
        offer: Object,
        // The line of the sale that is ordered instead.
        line: { type: Object, optional: true },
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.pos = usePos();
        this.uuid = uuidv4();
        this.today = DateTime.now().toISODate();
        this.state = useState({
            article: this.newArticle(),
            articles: [],
            wishDate: "",
            messageType: false,
            deposit: "",
            refusal: "",
            isBusy: false,
        });
        onWillStart(() => this.props.line && this.takeLine());
    }

    newArticle(values) {
        return newArticle({ taxId: this.props.offer.taxes[0]?.id || false, ...values });
    }

    async takeLine() {
        const { line } = this.props;
        this.state.article.quantity = String(line.qty);
        await this.lookUp({ product_id: line.product_id.id });
    }

    get messageTypes() {
        return typesFor(this.props.customer).map((type) => ({ type, label: MESSAGE_TYPES[type] }));
    }

    /** What was chosen, or what the consents of this moment propose. */
    get messageType() {
        const { messageType } = this.state;
        return typesFor(this.props.customer).includes(messageType)
            ? messageType
            : proposeType(this.props.customer);
    }

    get isSilent() {
        return !this.props.customer.dsgvo_message_type;
    }

    /** Whether the line of the sale is among what is ordered. */
    get takesLine() {
        const productId = this.props.line?.product_id.id;
        return Boolean(
            productId && this.allArticles.some((article) => article.productId === productId),
        );
    }

    get allArticles() {
        const { article, articles } = this.state;
        return isEmpty(article) ? articles : [...articles, article];
    }

    get counts() {
        const { on_hand, free, waiting } = this.state.article.counts;
        return [
            _t("In stock: %(count)s, of these free: %(free)s.", { count: on_hand, free }),
            waiting && _t("Orders of customers that wait for it: %(count)s.", { count: waiting }),
        ]
            .filter(Boolean)
            .join(" ");
    }

    // === WHAT IS TYPED === //

    async onCode() {
        const { article } = this.state;
        const code = article.code.trim();
        if (code && code !== article.known) {
            await this.lookUp({ code });
        }
    }

    /** The price of one piece may be another one for more. Nobody has to wait for it to order. */
    async onQuantity() {
        const { productId } = this.state.article;
        if (productId) {
            await this.explain(() => this.find({ product_id: productId }));
        }
    }

    async lookUp(key) {
        await this.ask(() => this.find(key));
    }

    async find(key) {
        const { article } = this.state;
        const { quantity } = article;
        const found = await this.call("look_up_article", [], {
            ...key,
            partner_id: this.props.customer.id,
            quantity: readNumber(quantity, _t("Quantity")),
        });
        if (article.productId && article.quantity !== quantity) {
            return; // Another answer is on its way.
        }
        article.code = article.known = found.code || "";
        article.productId = found.product_id;
        article.counts = found.product_id && found;
        if (found.product_id) {
            article.title = found.title;
            article.price = this.env.utils.formatCurrency(found.price, false);
        }
    }

    /** Type an article that is not the one found. */
    clear() {
        this.state.article = this.newArticle();
        this.state.refusal = "";
    }

    async addAnother() {
        await this.ask(() => {
            readArticle(this.state.article, this.props.offer.suppliers);
            this.state.articles.push(this.state.article);
            this.state.article = this.newArticle();
        });
    }

    remove(article) {
        this.state.articles = this.state.articles.filter((other) => other !== article);
    }

    // === THE ORDER === //

    async confirm() {
        await this.ask(async () => {
            const deposit = this.readDeposit();
            const slip = await this.call("take_special_order", [this.readValues()]);
            this.props.getPayload({ slip, deposit, takesLine: this.takesLine });
            this.props.close();
        });
    }

    readValues() {
        return {
            uuid: this.uuid,
            partner_id: this.props.customer.id,
            notification_type: this.messageType,
            wish_date: this.state.wishDate || false,
            articles: this.allArticles.map((article) =>
                readArticle(article, this.props.offer.suppliers),
            ),
        };
    }

    readDeposit() {
        const deposit = readNumber(this.state.deposit, _t("Deposit"));
        const total = this.allArticles
            .map(
                (article) =>
                    readNumber(article.price, _t("Price")) *
                    readNumber(article.quantity, _t("Quantity")),
            )
            .reduce((sum, price) => sum + price, 0);
        if (deposit < 0 || this.pos.currency.round(deposit - total) > 0) {
            throw new InputError(
                _t("The deposit must be between 0 and %(total)s.", {
                    total: this.env.utils.formatCurrency(total),
                }),
            );
        }
        return deposit;
    }

    call(method, args, kwargs = {}) {
        return this.pos.data.call("pos.config", method, [[this.pos.config.id], ...args], kwargs);
    }

    /** Do one thing at a time. */
    async ask(work) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            await this.explain(work);
        } finally {
            this.state.isBusy = false;
        }
    }

    /** Do something, and say in words why it is refused. Nothing typed is lost. */
    async explain(work) {
        this.state.refusal = "";
        try {
            await work();
        } catch (error) {
            this.state.refusal = describe(error);
            if (error.exceptionName === TAKEN) {
                this.uuid = uuidv4();
            }
        }
    }
}

/** Why an input was refused, in words; throws what is no refusal. */
function describe(error) {
    if (error instanceof ConnectionLostError) {
        return _t(
            "There is no connection to the server. Nothing is lost: order again as soon as it is back.",
        );
    }
    if (error instanceof RPCError && REFUSALS.includes(error.exceptionName)) {
        return error.data.message;
    }
    if (error instanceof RPCError && BUSY.test(error.exceptionName)) {
        return _t("Another till orders the same at this moment. Order again.");
    }
    if (error instanceof InputError) {
        return error.message;
    }
    throw error;
}
