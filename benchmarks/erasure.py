"""What erasing customers costs, compared in the same run with bare SQL and with the ORM.

    createdb -T DATABASE throwaway
    dev/odoo shell -d throwaway --no-http --log-level=error < benchmarks/erasure.py

Commits: run it on a copy that is thrown away. CUSTOMERS (100000) is the size of the large run, the
small one is a tenth of it, both in the same shop. Each customer has two addresses, a special order
with delivery, its sale at the till and ten messages; blockers, the search for the person and the
certificate are included.
"""
import os
import time

from odoo.addons.dsgvo.benchmarks.memory import get_peak, reset_peak
from odoo.addons.dsgvo.benchmarks.shop import Shop

LARGE = int(os.environ.get('CUSTOMERS', 100_000))
SMALL = LARGE // 10
ONE_BY_ONE = 100
BARE = """
    UPDATE sale_order SET partner_id = %(anonymous)s, partner_invoice_id = %(anonymous)s,
           partner_shipping_id = %(anonymous)s, client_order_ref = NULL, note = NULL,
           access_token = NULL WHERE partner_id IN (SELECT partner_id FROM gone);
    UPDATE sale_order_line SET order_partner_id = %(anonymous)s
     WHERE order_partner_id IN (SELECT partner_id FROM gone);
    DELETE FROM mail_message WHERE model = 'stock.picking' AND res_id IN (
        SELECT id FROM stock_picking WHERE partner_id IN (SELECT partner_id FROM gone));
    UPDATE stock_picking SET partner_id = %(anonymous)s, note = NULL
     WHERE partner_id IN (SELECT partner_id FROM gone);
    UPDATE stock_move SET partner_id = %(anonymous)s, description_picking_manual = NULL
     WHERE partner_id IN (SELECT partner_id FROM gone);
    DELETE FROM mail_message WHERE model = 'pos.order'
       AND res_id IN (SELECT id FROM pos_order WHERE partner_id IN (SELECT partner_id FROM gone));
    DELETE FROM mail_message WHERE (model, res_id) IN (
        SELECT 'sale.order', id FROM sale_order WHERE id IN (SELECT order_id FROM gone_order));
    DELETE FROM mail_message WHERE (model, res_id) IN (
        SELECT 'res.partner', partner_id FROM gone);
    UPDATE pos_order SET partner_id = %(anonymous)s, email = NULL, mobile = NULL,
           access_token = gen_random_uuid()::varchar
     WHERE partner_id IN (SELECT partner_id FROM gone);
    DELETE FROM res_partner WHERE id IN (SELECT partner_id FROM gone);
    UPDATE dsgvo_erasure SET state = 'done' WHERE state = 'due' AND not_before IS NULL;
"""


def say(text, *values):
    print(text % values, flush=True)


def make_due(count):
    """Let the next customers be due; there are as many others in the shop for each run."""
    env.cr.execute("""
        UPDATE dsgvo_erasure SET not_before = NULL WHERE id IN (
            SELECT id FROM dsgvo_erasure WHERE state = 'due' AND id != %s AND not_before IS NOT NULL
             ORDER BY id LIMIT %s)
    """, [first.id, count])  # noqa: F821
    env.cr.commit()  # noqa: F821  (the shell provides it)
    env.invalidate_all()  # noqa: F821


def erase(count):
    make_due(count)
    reset_peak()
    started = time.perf_counter()
    Erasure._cron_erase()
    seconds = time.perf_counter() - started
    left = Erasure.search_count([('state', '!=', 'done'), ('not_before', '=', False)])
    assert not left, f"{left} are not done"
    say("%s customers: %.0f s, %.2f ms each, at most %.0f MB",
        count, seconds, seconds / count * 1000, get_peak())
    return seconds / count, get_peak()


def bare(count):
    make_due(count)
    started = time.perf_counter()
    env.cr.execute("""
        CREATE TEMPORARY TABLE gone AS SELECT id AS partner_id FROM res_partner
         WHERE dsgvo_subject_id IN (SELECT partner_id FROM dsgvo_erasure
                                     WHERE state = 'due' AND not_before IS NULL);
        CREATE TEMPORARY TABLE gone_order AS SELECT id AS order_id FROM sale_order
         WHERE partner_id IN (SELECT partner_id FROM gone);
        ANALYZE gone; ANALYZE gone_order""")  # noqa: F821
    env.cr.execute(BARE, {'anonymous': env.company.dsgvo_anonymous_partner_id.id})  # noqa: F821
    env.cr.commit()  # noqa: F821
    seconds = time.perf_counter() - started
    say("bare SQL, %s customers at once: %.0f s, %.2f ms each",
        count, seconds, seconds / count * 1000)
    return seconds / count


def one_by_one(count):
    """Do with the ORM what somebody would do by hand: empty fields, remove messages, archive."""
    make_due(count)
    customers = Erasure.search([('state', '=', 'due'), ('not_before', '=', False)]).partner_id
    started = time.perf_counter()
    for customer in customers:
        anonymous = env.company.dsgvo_anonymous_partner_id  # noqa: F821
        for model in 'sale.order', 'pos.order':
            documents = env[model].search([('partner_id', '=', customer.id)])  # noqa: F821
            documents.message_ids.unlink()
            documents.write({'partner_id': anonymous.id, 'access_token': False})
        pickings = env['stock.picking'].search(  # noqa: F821
            [('partner_id', 'child_of', customer.id)])
        pickings.write({'partner_id': anonymous.id, 'note': False})
        pickings.move_ids.write({'partner_id': anonymous.id})
        customer.message_ids.unlink()
        (customer | customer.child_ids).write({
            'name': "Erased", 'email': False, 'phone': False, 'street': False, 'zip': False,
            'city': False, 'comment': False, 'active': False})
        env.cr.commit()  # noqa: F821
    seconds = time.perf_counter() - started
    Erasure.search([('partner_id', 'in', customers.ids)]).state = 'done'
    say("ORM, one by one: %.1f ms each, %s customers would take %.1f h",
        seconds / count * 1000, LARGE, seconds / count * LARGE / 3600)
    return seconds / count


Erasure = env['dsgvo.erasure'].with_context(tracking_disable=True)  # noqa: F821
shop = Shop.open(env)  # noqa: F821
rows = shop.create_first_customer()
first = rows['dsgvo.erasure'].with_user(1)
first.not_before = '2999-01-01'  # the one that is copied stays
rows_of_one = sum(map(len, rows.values()))
shop.multiply(rows, 1, LARGE + 2 * SMALL + 2 * ONE_BY_ONE)
env.cr.execute("ANALYZE")  # noqa: F821  (no vacuum does it in the middle of a run then)
env.cr.commit()  # noqa: F821
erase(ONE_BY_ONE)  # caches are warm afterwards
say("%s rows in %s tables per customer", rows_of_one, len(rows))
small_cost, small_peak = erase(SMALL)
bare_cost = bare(SMALL)
orm_cost = one_by_one(ONE_BY_ONE)
large_cost, large_peak = erase(LARGE)
say("a customer costs %.2f times as much in the large run, memory is %.2f times as large",
    large_cost / small_cost, large_peak / small_peak)
say("%.1f times bare SQL without blockers, holds, search and certificate; the ORM takes %.0f times"
    " as long", small_cost / bare_cost, orm_cost / small_cost)
