import { _t } from "@web/core/l10n/translation";
import { InvalidNumberError, parseFloat } from "@web/views/fields/parsers";

/** What is typed for an article of a special order, empty. */
export function newArticle(values = {}) {
    return {
        productId: false,
        code: "",
        title: "",
        price: "",
        quantity: "1",
        supplier: "",
        taxId: false,
        counts: false,
        ...values,
    };
}

export function isEmpty(article) {
    return !article.productId && !article.title.trim() && !article.code.trim();
}

/** An input that cannot be sent; its message is what the cashier reads. */
export class InputError extends Error {}

/**
 * The number in a text, as it is written in the user's language.
 *
 * @throws {InputError} if it is none
 */
export function readNumber(text, label) {
    try {
        return parseFloat(String(text || "0"));
    } catch (error) {
        if (error instanceof InvalidNumberError) {
            throw new InputError(_t("%(label)s: “%(text)s” is no number.", { label, text }));
        }
        throw error;
    }
}

/**
 * The values of an article for the server, which checks them.
 *
 * @param {Object} article of `newArticle`
 * @param {{ id: number, name: string }[]} suppliers
 * @throws {InputError} if the supplier is unknown or a number is none
 */
export function readArticle(article, suppliers) {
    const quantity = readNumber(article.quantity, _t("Quantity"));
    if (article.productId) {
        return { product_id: article.productId, quantity };
    }
    return {
        title: article.title,
        code: article.code,
        price: readNumber(article.price, _t("Price")),
        tax_id: article.taxId,
        supplier_id: findSupplier(article.supplier, suppliers),
        quantity,
    };
}

function findSupplier(name, suppliers) {
    const wanted = name.trim().toLowerCase();
    if (!wanted) {
        return false;
    }
    const found = suppliers.find((supplier) => supplier.name.toLowerCase() === wanted);
    if (!found) {
        throw new InputError(
            _t(
                "“%(name)s” is no known supplier. Choose one of the list, or leave the field empty: the office adds the supplier.",
                { name },
            ),
        );
    }
    return found.id;
}
