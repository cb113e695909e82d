"""Tells when an order is over: nothing of it is to be delivered, paid or given back.

The ordered quantity says nothing. The rest may be cancelled, goods may come back, more may be
delivered than was ordered, and nobody enters that a service was done. So goods wait as long as a
transfer does, and a service is done when somebody says so or when it is settled in full. Units that
were paid back as a favour stay settled.

Odoo's quantities know a refund at the till in two ways. One made on the till's screen leaves the
invoiced quantity alone. One made in the back office lowers it, and the delivered quantity twice.
"""
from odoo.fields import Domain
from odoo.tools import SQL

from ..jobs.isolation import without_jit

# Fields that the condition reads without the ORM knowing it.
READ = ('sale.order', 'sale.order.line', 'stock.move', 'account.move', 'account.move.line',
        'pos.order', 'pos.order.line', 'product.template', 'uom.uom')

UNDER_WAY = SQL("""
    EXISTS (SELECT FROM stock_move move
             WHERE move.sale_line_id = line.id AND move.state NOT IN ('done', 'cancel')
               AND move.product_uom_qty != 0)
""")
# Ordered from a supplier who delivers to the customer: there is no transfer before it is confirmed.
ORDERED = SQL("""
    (template.type = 'consu' AND EXISTS (
        SELECT FROM purchase_order_line bought
          JOIN purchase_order purchase ON purchase.id = bought.order_id
         WHERE bought.sale_line_id = line.id AND bought.product_qty > bought.qty_received
           AND purchase.state NOT IN ('purchase', 'done', 'cancel')))
""")

# Quantities in the unit of the line. They are looked up only where a cheaper comparison is true.
REFUNDED_AT_TILL = """
    (SELECT COALESCE(-SUM(back.qty), 0) * COALESCE(own.factor / unit.factor, 1)
       FROM pos_order_line sold
       JOIN pos_order_line back ON back.refunded_orderline_id = sold.id
       JOIN pos_order refund ON refund.id = back.order_id
      WHERE sold.sale_order_line_id = line.id AND refund.state NOT IN ('draft', 'cancel')
        AND back.sale_order_line_id IS %s line.id)
"""
ON_SCREEN = SQL(REFUNDED_AT_TILL, SQL("DISTINCT FROM"))
IN_OFFICE = SQL(REFUNDED_AT_TILL, SQL("NOT DISTINCT FROM"))
CREDITED = SQL("""
    (SELECT COALESCE(SUM(item.quantity * COALESCE(its.factor / unit.factor, 1)), 0)
       FROM sale_order_line_invoice_rel rel
       JOIN account_move_line item ON item.id = rel.invoice_line_id
       JOIN account_move refund ON refund.id = item.move_id
       LEFT JOIN uom_uom its ON its.id = item.product_uom_id
      WHERE rel.order_line_id = line.id AND refund.move_type = 'out_refund'
        AND refund.state != 'cancel')
""")
RETURNED = SQL("""
    (SELECT COALESCE(SUM(move.quantity * COALESCE(its.factor / unit.factor, 1)), 0)
       FROM stock_move move
       JOIN stock_location source ON source.id = move.location_id
       LEFT JOIN uom_uom its ON its.id = move.product_uom
      WHERE move.sale_line_id = line.id AND move.product_id = line.product_id
        AND move.state = 'done' AND move.to_refund AND source.usage = 'customer')
""")
# Half of the last digit of a stored quantity, which a converted one does not reach.
ROUNDING = SQL("0.005")
# Taxes of what is paid and of what is settled may be rounded on different lines.
TAX_ROUNDING = SQL("0.05")

# Of lines that sell something, not of deposits. Free services are to be done as well.
TO_BE_DONE = SQL("""
    (template.type = 'service' AND line.price_total >= 0
     AND line.qty_delivered < line.product_uom_qty
     AND (line.qty_delivered_method != 'manual' OR line.qty_invoiced < line.product_uom_qty
          AND line.product_uom_qty - line.qty_invoiced - %s - %s > %s))
""", IN_OFFICE, CREDITED, ROUNDING)
# Goods count up to the ordered quantity: exchanged goods go out twice. Work is charged as done.
TO_BE_PAID = SQL("""
    (line.price_total > 0 AND line.qty_invoiced < GREATEST(line.product_uom_qty, line.qty_delivered)
     AND LEAST(CASE WHEN template.type = 'service' AND template.invoice_policy = 'delivery'
                    THEN line.qty_delivered ELSE line.product_uom_qty END, line.qty_delivered + CASE
             WHEN template.type = 'service' THEN 0 ELSE %s + 2 * %s END)
         - line.qty_invoiced - %s - GREATEST(%s - %s, 0) > %s)
""", ON_SCREEN, IN_OFFICE, IN_OFFICE, CREDITED, RETURNED, ROUNDING)
# A service that was settled is done, unless the order was cancelled.
TO_BE_GIVEN_BACK = SQL("""
    (line.price_total > 0 AND line.qty_invoiced > line.qty_delivered AND CASE
         WHEN template.type = 'consu'
         THEN line.qty_invoiced - %s > line.qty_delivered + %s + %s
         ELSE line.state != 'sale' AND line.qty_invoiced - %s > line.qty_delivered + %s END)
""", ON_SCREEN, IN_OFFICE, ROUNDING, ON_SCREEN, ROUNDING)
# Taken back at a negative quantity, as an old device for a new one. A deduction is settled with the
# rest of its order: nobody enters that it was delivered.
TO_BE_CREDITED = SQL("""
    (line.price_total < 0 AND line.product_uom_qty < 0 AND line.qty_invoiced - %s > CASE
         WHEN template.type = 'consu' THEN line.qty_delivered
         WHEN line.state = 'sale' THEN line.product_uom_qty
         ELSE 0 END)
""", ROUNDING)
# Money of a deposit that is neither settled nor given back: a part of it may be. An invoice or till
# settles it with a negative amount. A credit note for a till's invoice has no link to the order. If
# a receipt has deposits of several orders, each of them gets its share of the credit.
DEPOSIT = SQL("""
    (line.display_type IS NULL AND (
        SELECT COALESCE(SUM(CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                            * item.price_total), 0)
          FROM sale_order_line_invoice_rel rel
          JOIN account_move_line item ON item.id = rel.invoice_line_id
          JOIN account_move move ON move.id = item.move_id
         WHERE rel.order_line_id = line.id AND move.state != 'cancel'
    ) + (
        SELECT COALESCE(SUM(own.price_subtotal_incl), 0)
          FROM pos_order_line own JOIN pos_order receipt ON receipt.id = own.order_id
         WHERE receipt.state NOT IN ('draft', 'cancel') AND own.id IN (
               SELECT id FROM pos_order_line WHERE sale_order_line_id = line.id
                UNION
               SELECT back.id FROM pos_order_line sold
                 JOIN pos_order_line back ON back.refunded_orderline_id = sold.id
                WHERE sold.sale_order_line_id = line.id)
    ) - (
        SELECT COALESCE(SUM(sold.price_subtotal_incl * credited.amount / NULLIF(paid.amount, 0)), 0)
          FROM pos_order_line sold
          JOIN pos_order receipt ON receipt.id = sold.order_id
          JOIN LATERAL (
               SELECT SUM(price_subtotal_incl) AS amount FROM pos_order_line
                WHERE order_id = receipt.id AND product_id = sold.product_id) paid ON TRUE
          JOIN LATERAL (
               SELECT SUM(item.price_total) AS amount
                 FROM account_move credit
                 JOIN account_move_line item ON item.move_id = credit.id
                WHERE credit.reversed_entry_id = receipt.account_move
                  AND item.product_id = sold.product_id
                  AND credit.move_type = 'out_refund' AND credit.state != 'cancel'
                  AND NOT EXISTS (SELECT FROM pos_order WHERE account_move = credit.id)
               ) credited ON TRUE
         WHERE sold.sale_order_line_id = line.id
    ) > %s)
""", TAX_ROUNDING)


def get_open_domain(env):
    """Return the `Domain` of the orders that are not over.

    An order that was cancelled, or not confirmed, is open as long as money is to be given back. The
    user who closed an order has said that nothing is to be done, paid or given back any more. Goods
    under way keep it open all the same.
    """
    without_jit(env.cr)
    buys = 'purchase.order.line' in env and 'sale_line_id' in env['purchase.order.line']._fields
    for model in (*READ, *(('purchase.order', 'purchase.order.line') if buys else ())):
        env[model].flush_model()
    return Domain.custom(to_sql=lambda model, alias, query: SQL(
        """
        EXISTS (SELECT FROM sale_order_line line
                  LEFT JOIN product_product product ON product.id = line.product_id
                  LEFT JOIN product_template template ON template.id = product.product_tmpl_id
                  LEFT JOIN uom_uom own ON own.id = template.uom_id
                  LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
                 WHERE line.order_id = %s AND (%s OR %s IS NOT TRUE AND CASE
                       WHEN line.is_downpayment THEN %s
                       ELSE line.state = 'sale' AND (%s OR %s OR %s) OR %s OR %s END))
        """, SQL.identifier(alias, 'id'), UNDER_WAY,
        SQL.identifier(alias, 'dsgvo_is_closed'), DEPOSIT, TO_BE_DONE, TO_BE_PAID,
        ORDERED if buys else SQL("FALSE"), TO_BE_GIVEN_BACK, TO_BE_CREDITED))
