import { expect, test } from "@odoo/hoot";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import "@dsgvo/till/special_order_customer/special_order_customer";

const DEPOSIT = { id: 9 };
const asked = { id: 1, dsgvo_storage_allowed: false };
const stored = { id: 2, dsgvo_storage_allowed: true };

let lastSale = 0;

/** A sale to a customer, of a special order of that customer or of somebody else. */
function sell(customer, { orderedBy = customer, invoice = false, ...values } = {}) {
    const sale = {
        company: { dsgvo_erase_after_sale: true },
        config: { dsgvo_customer_on_receipt: true, down_payment_product_id: DEPOSIT },
        lines: [{ product_id: { id: 1 }, sale_order_origin_id: { partner_id: orderedBy } }],
        partner_id: customer,
        ticket_code: "abcde",
        uuid: `sale-${++lastSale}`,
        isToInvoice: () => invoice,
        ...values,
    };
    const descriptors = Object.entries(sale).map(([name, value]) => [name, { value }]);
    return Object.create(PosOrder.prototype, Object.fromEntries(descriptors));
}

test("the till knows who is erased after the sale of a special order", () => {
    expect(sell(asked).customersToErase).toEqual([asked]);
    expect(sell(stored).customersToErase).toEqual([]);
    expect(sell(stored, { orderedBy: asked }).customersToErase).toEqual([asked]);
    expect(sell({ ...asked, dsgvo_is_gone: true }).customersToErase).toEqual([]);
    expect(sell(asked, { orderedBy: null }).customersToErase).toEqual([]);
    expect(sell(asked, { lines: [{ product_id: { id: 1 } }] }).customersToErase).toEqual([]);
    expect(sell(asked, { company: {} }).customersToErase).toEqual([]);
});

test("a deposit erases nobody", () => {
    const deposit = { product_id: DEPOSIT, sale_order_origin_id: { partner_id: asked } };
    expect(sell(asked, { lines: [deposit] }).customersToErase).toEqual([]);
});

test("a receipt has no code that leads nowhere", () => {
    expect(sell(stored).hasDeadInvoiceCode).toBe(false);
    expect(sell(stored, { ticket_code: false }).hasDeadInvoiceCode).toBe(true);
    expect(sell(asked).hasDeadInvoiceCode).toBe(true);
    expect(sell(stored, { orderedBy: asked }).hasDeadInvoiceCode).toBe(false);
});

test("a receipt stays without the code when the customer is gone", () => {
    const sale = sell(asked, { uuid: "sold" });
    expect(sale.hasDeadInvoiceCode).toBe(true);
    expect(sell(undefined, { uuid: "sold" }).hasDeadInvoiceCode).toBe(true);
});

test("a receipt names the customer with storage, and on an invoice", () => {
    const off = { dsgvo_customer_on_receipt: false };
    expect(sell(asked).namesCustomerOnReceipt).toBe(false);
    expect(sell(stored).namesCustomerOnReceipt).toBe(true);
    expect(sell(asked, { invoice: true }).namesCustomerOnReceipt).toBe(true);
    expect(sell(stored, { config: off }).namesCustomerOnReceipt).toBe(false);
    expect(sell(stored, { config: off, invoice: true }).namesCustomerOnReceipt).toBe(true);
});
