"""Nobody is erased earlier than before: books are kept for as long as the longest of the periods.

Vouchers keep the years that the officer has set.
"""
from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    books, vouchers = (env.ref(f'dsgvo.retention_{name}') for name in ('books', 'vouchers'))
    # Also where the officer changed the row, so that the update left it alone.
    items = env.ref('dsgvo.rule_account_move_line_partner')
    longest = max(vouchers.years, items.retention_years)
    if longest > books.years:
        books.years = longest
    items.retention_id = books
    vouchers.write({'sequence': 20, 'valid_from': '2025-01-01'})
    env['dsgvo.data.rule']._after_change_of_periods()
