"""When an order is over: nothing of it is to be delivered, to be paid or to be given back.

The ordered quantity says nothing: the rest may be cancelled, goods come back, more is delivered
than was ordered, and nobody enters that a service was done. So goods wait as long as a transfer
does, and a service is done when somebody says so or when it is settled in full.
"""
from odoo.fields import Domain
from odoo.tools import SQL

# What the condition reads without the ORM knowing it.
READ = ('sale.order', 'sale.order.line', 'stock.move', 'account.move', 'account.move.line',
        'pos.order', 'pos.order.line')

UNDER_WAY = SQL("""
    EXISTS (SELECT FROM stock_move move
             WHERE move.sale_line_id = line.id AND move.state NOT IN ('done', 'cancel')
               AND move.product_uom_qty != 0)
""")
REFUNDED_AT_TILL = SQL("""
    EXISTS (SELECT FROM pos_order_line sold
              JOIN pos_order_line back ON back.refunded_orderline_id = sold.id
              JOIN pos_order refund ON refund.id = back.order_id
             WHERE sold.sale_order_line_id = line.id AND refund.state NOT IN ('draft', 'cancel'))
""")
REFUNDED = SQL("""
    (%s OR EXISTS (SELECT FROM sale_order_line_invoice_rel rel
                     JOIN account_move_line item ON item.id = rel.invoice_line_id
                     JOIN account_move refund ON refund.id = item.move_id
                    WHERE rel.order_line_id = line.id AND refund.move_type = 'out_refund'
                      AND refund.state != 'cancel'))
""", REFUNDED_AT_TILL)
# Of what was for sale, not of the deposits.
TO_BE_DONE = SQL("""
    (template.type = 'service' AND line.qty_delivered < line.product_uom_qty
     AND (line.qty_delivered_method != 'manual'
          OR line.qty_invoiced < line.product_uom_qty AND NOT %s))
""", REFUNDED)
TO_BE_PAID = SQL("""
    (LEAST(line.qty_delivered, line.product_uom_qty) > line.qty_invoiced AND NOT %s)
""", REFUNDED)
TO_BE_GIVEN_BACK = SQL("""
    (template.type = 'consu' AND line.qty_invoiced > line.qty_delivered AND NOT %s)
""", REFUNDED_AT_TILL)
DEPOSIT = SQL("(line.qty_invoiced != 0 AND NOT %s)", REFUNDED_AT_TILL)


def get_open_domain(env):
    """Return the `Domain` of the confirmed orders that are not over.

    Whoever closed an order has said that nothing is to be done, paid or given back any more; goods
    under way keep it open all the same.
    """
    for model in READ:
        env[model].flush_model()
    return Domain('state', '=', 'sale') & Domain.custom(to_sql=lambda model, alias, query: SQL(
        """
        EXISTS (SELECT FROM sale_order_line line
                  LEFT JOIN product_product product ON product.id = line.product_id
                  LEFT JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE line.order_id = %s AND (%s OR %s IS NOT TRUE AND CASE
                       WHEN line.is_downpayment THEN %s
                       WHEN line.price_total > 0 THEN %s OR %s OR %s ELSE FALSE END))
        """, SQL.identifier(alias, 'id'), UNDER_WAY,
        SQL.identifier(alias, 'dsgvo_is_closed'), DEPOSIT, TO_BE_DONE, TO_BE_PAID,
        TO_BE_GIVEN_BACK))
