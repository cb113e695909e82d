"""What a day at the shop costs with the addon, as ratios to plain Odoo within one run.

    CONTACTS=1000000 dev/test --day

Makes two databases of its own from a template that has all that the addon depends on. Both get the
same CONTACTS (100000); every tenth of these bought at the till. One of the databases gets the
addon, and every second contact in it agreed to marketing. Each row is measured in both of them in
turn, so that the load of the machine falls on both sides, and rolled back. ROWS (all) narrows the
rows by a word. Takes about 1 GB of disk and some 10 minutes for 100,000 contacts.
"""
import gc
import os
import statistics
import subprocess
import sys
import time
from typing import NamedTuple

import odoo
from odoo import sql_db
from odoo.fields import Command

# Where addons are is known from here on, and the imports below need it.
odoo.tools.config.parse_config(['--log-level=critical', '--no-http'], setup_logging=True)
odoo.modules.module.initialize_sys_path()

from odoo.tests import Form  # noqa: E402
from odoo.tools import SQL  # noqa: E402

from odoo.addons.dsgvo.benchmarks.databases import clone, drop, environment  # noqa: E402
from odoo.addons.dsgvo.benchmarks.shop import Shop  # noqa: E402
from odoo.addons.dsgvo.models.consent.ledger import recording  # noqa: E402

CONTACTS = int(os.environ.get('CONTACTS', 100_000))
ROWS = os.environ.get('ROWS', '')
SIDES = ('plain', 'addon')
SECONDS = 20  # for a row, unless MOST rounds are over before
LEAST, MOST = 5, 31
BOOKS, WAITING, ORDERED = 1_000, 600, 1_000
PAGE = {'limit': 80, 'count_limit': 10_001}
GROUPS = (
    'base.group_user', 'base.group_partner_manager', 'sales_team.group_sale_salesman_all_leads',
    'stock.group_stock_user', 'point_of_sale.group_pos_user',
    'mass_mailing.group_mass_mailing_user')


class Row(NamedTuple):
    """One line of the table."""
    name: str
    prepare: object
    """Called with the `Day`, not timed. Returns what is timed, a function without arguments."""


class Day:
    """What somebody at the counter needs in one database."""

    def __init__(self, env):
        self.env = env
        self.till = env['pos.config'].search([('name', '=', "Till")])
        self.book = env['product.product'].search([('name', '=', "Der Zauberberg")])
        self.customer = env['res.partner'].search([('name', '=like', "Adelheid7 Quitten%")])
        self.mailing = env['mailing.mailing'].search([('subject', '=', "Autumn")])
        self.receipt = env['stock.picking'].search([('origin', '=', "Autumn")])

    def form(self, record):
        """Return what opens a record in its form."""
        spec = Form(record)._view['fields_spec']
        self.env.invalidate_all()
        return lambda: record.web_read(spec)

    def page(self, model):
        """Return what opens the list of a model."""
        Model = self.env[model]
        arch = Model.get_views([(False, 'list')])['views']['list']['arch']
        spec = {
            node.get('name'): {'fields': {'display_name': {}}}
            if Model._fields[node.get('name')].relational else {}
            for node in odoo.tools.misc.etree.fromstring(arch).iterfind('./field')}
        return lambda: Model.web_search_read([], spec, **PAGE)

    def new_order(self):
        return self.env['sale.order'].create({
            'partner_id': self.customer.id, 'order_line': [Command.create({
                'product_id': self.book.id, 'product_uom_qty': 1})]})

    def order(self):
        return self.new_order

    def confirm(self):
        return self.new_order().action_confirm

    def sale(self):
        data = Shop(self.till).prepare_sale(self.customer.id)
        return lambda: self.env['pos.order'].sync_from_ui([data])

    def contacts(self):
        values = [{
            'name': f"Berta Birne{number}", 'email': f'berta{number}@birne.example',
            'phone': f'+49 40 {10_000_000 + number}', 'street': f"Weg {number}", 'city': "Kiel",
        } for number in range(200)]
        return lambda: self.env['res.partner'].create(values)

    def from_server(self):
        Partner = self.env['res.partner']
        return lambda: Partner.get_new_partner(
            self.till.id, [('complete_name', 'ilike', 'Quitten3f')], 0)

    def drop_down(self):
        return lambda: self.env['res.partner'].name_search('Quitten3f', limit=8)

    def screened_start(self):
        if 'dsgvo_privacy_screen' in self.till._fields:  # plain Odoo has none
            # sudo: pos.config - the administrator of the shop switches it on
            self.till.sudo().dsgvo_privacy_screen = True
        return lambda: self.till.current_session_id.load_data([])

    def count(self):
        return lambda: self.env['res.partner'].search_count([])


TABLE = [
    Row("list of contacts", lambda day: day.page('res.partner')),
    Row("counting contacts", Day.count),
    Row("search by name in a drop-down", Day.drop_down),
    Row("opening a contact", lambda day: day.form(day.customer)),
    Row("creating 200 contacts", Day.contacts),
    Row("order", Day.order),
    Row("confirming an order", Day.confirm),
    Row("till: customers to load", lambda day: day.till.get_limited_partners_loading),
    Row("till: whole start", lambda day: lambda: day.till.current_session_id.load_data([])),
    Row("till: whole start with the privacy screen", Day.screened_start),
    Row("till: search on the server", Day.from_server),
    Row("till: sync of a sale", Day.sale),
    Row("mailing: selecting recipients", lambda day: day.mailing._get_recipients),
    Row("mailing: opening its form", lambda day: day.form(day.mailing)),
    Row(f"goods receipt, {ORDERED:,} lines for {WAITING} customers",
        lambda day: day.receipt.button_validate),
]


# --- Databases -----------------------------------------------------------------------------------

def make_databases(template, plain, addon):
    clone(template, plain)
    with environment(plain) as env:
        make_shop(env)
    sql_db.close_all()
    clone(plain, addon)
    subprocess.run([
        sys.executable, '-m', 'odoo', '-d', addon, '-i', 'dsgvo', '--stop-after-init', '--no-http',
        '--log-level=error'], check=True)
    with environment(addon) as env:
        agree(env)
    for database in plain, addon:
        with environment(database) as env:
            make_receipt(env)
            env.cr.execute("UPDATE ir_cron SET active = FALSE")
            # With a small sample, luck decides how the same statement is planned in each of them.
            env.cr.execute(SQL(
                "ALTER DATABASE %s SET default_statistics_target = 1000", SQL.identifier(database)))
        sql_db.close_all()
        # The statements that made the contacts, here or at the installation, left twice their size.
        subprocess.run(['vacuumdb', '-q', '-f', database], check=True)
        # In a shop contacts lie in the order in which they came; `agree` has moved half of them.
        subprocess.run(['psql', '-q', '-d', database, '-c',
                        "CLUSTER res_partner USING res_partner_pkey"], check=True)
        # As autovacuum does it in a shop: only this notes which pages an index may answer for.
        subprocess.run(['vacuumdb', '-q', '-z', database], check=True)


def make_shop(env):
    shop = Shop.open(env)
    env = shop.env
    customer = env['res.partner'].create({
        'name': "Adelheid Quittenbaum", 'email': 'adelheid@quittenbaum.example',
        'phone': '+49 30 901820', 'street': "Holunderweg 17", 'zip': '10115', 'city': "Berlin",
        'country_id': env.ref('base.de').id})
    sale = shop.sell(customer)
    env.flush_all()
    buyers = CONTACTS // 10
    shop.multiply({
        'res.partner': customer, 'pos.order': sale, 'pos.order.line': sale.lines,
        'pos.payment': sale.payment_ids}, 1, buyers)
    shop.multiply({'res.partner': customer}, buyers + 1, CONTACTS - buyers)
    env['res.users'].with_context(no_reset_password=True).create({
        'name': "Clerk", 'login': 'day', 'email': 'clerk@shop.example',
        'group_ids': [Command.set([env.ref(group).id for group in GROUPS])]})
    env['mailing.mailing'].create({
        'subject': "Autumn", 'mailing_model_id': env['ir.model']._get_id('res.partner'),
        'mailing_domain': "[('is_blacklisted', '=', False)]", 'user_id': env.uid,
        'email_from': 'shop@shop.example',
        'body_arch': "<p>Books</p>", 'body_html': "<p>Books</p>"})


def agree(env):
    """Let every second contact agree to marketing, with text and day as by the button."""
    env['res.users'].search([('login', '=', 'day')]).group_ids += env.ref('dsgvo.group_user')
    with recording(env):
        env.cr.execute("""
            INSERT INTO dsgvo_consent_event
                   (partner_id, purpose, decision, date, means, user_id, company_id, recorded_on)
            SELECT id, 'marketing', 'granted', current_date, 'counter', %s, %s, now()
              FROM res_partner WHERE id %% 2 = 0 AND name LIKE 'Adelheid%%'
        """, [env.uid, env.company.id])
    env['res.partner']._dsgvo_refresh_consents()
    env.cr.execute("""
        UPDATE res_partner SET consent_text = jsonb_build_object(%s, %s),
               consent_date = jsonb_build_object(%s, current_date)
         WHERE consent_marketing IS NOT NULL
    """, [str(env.company.id), env.company.dsgvo_text, str(env.company.id)])


def make_receipt(env):
    """Let customers wait for books that come with one delivery."""
    shop = Shop(env['pos.config'].search([('name', '=', "Till")]))
    env = shop.env
    books = env['product.product'].create([
        {'name': f"Book {number}", 'is_storable': True, 'taxes_id': False}
        for number in range(BOOKS)])
    customers = env['res.partner'].search(
        [('name', '=like', 'Adelheid%')], limit=WAITING, order='id')
    env['sale.order'].create([{
        'partner_id': customer.id, 'order_line': [
            Command.create({'product_id': book.id, 'product_uom_qty': 1})
            for book in books[number::WAITING]],
    } for number, customer in enumerate(customers)]).action_confirm()
    incoming = env['stock.picking.type'].search([
        ('code', '=', 'incoming'), ('company_id', '=', env.company.id)], limit=1)
    receipt = env['stock.picking'].create({
        'picking_type_id': incoming.id, 'origin': "Autumn",
        'location_id': env.ref('stock.stock_location_suppliers').id,
        'location_dest_id': incoming.default_location_dest_id.id,
        'move_ids': [Command.create({
            'product_id': book.id, 'product_uom_qty': 1, 'quantity': 1, 'picked': True,
            'location_id': env.ref('stock.stock_location_suppliers').id,
            'location_dest_id': incoming.default_location_dest_id.id}) for book in books]})
    receipt.action_confirm()


# --- Measuring -----------------------------------------------------------------------------------

def measure(database, row):
    """Return the seconds and the number of statements of one round."""
    with environment(database, 'day') as env:
        work = row.prepare(Day(env))
        env.flush_all()
        env.invalidate_all()
        gc.collect()
        statements, started = env.cr.sql_log_count, time.perf_counter()
        work()
        env.cr.flush()  # with what Odoo does before a commit, such as noting what was changed
        result = time.perf_counter() - started, env.cr.sql_log_count - statements
        env.cr.rollback()
        return result


def compare(databases, row):
    for database in databases:  # caches are warm afterwards
        measure(database, row)
    rounds, started = [], time.monotonic()
    while len(rounds) < LEAST or (
            len(rounds) < MOST and time.monotonic() - started < SECONDS):
        order = (0, 1) if len(rounds) % 2 else (1, 0)
        rounds.append([result for _side, result in sorted(
            (side, measure(databases[side], row)) for side in order)])
    seconds = [statistics.median(found[side][0] for found in rounds) for side in (0, 1)]
    statements = [statistics.median(found[side][1] for found in rounds) for side in (0, 1)]
    print(f"{row.name:48} {seconds[0]:9.4f} {seconds[1]:9.4f}"
          f" {seconds[1] / seconds[0]:7.2f} {statements[0]:7.0f} {statements[1]:7.0f}", flush=True)


def main(template):
    plain, addon = databases = [f'{template}_day_{side}' for side in SIDES]
    try:
        make_databases(template, plain, addon)
        print(f"{CONTACTS:,} contacts, medians in seconds\n{'':48} {'plain':>9} {'addon':>9}"
              f" {'ratio':>7} {'statements':>15}", flush=True)
        for row in TABLE:
            if ROWS in row.name:
                compare(databases, row)
    finally:
        for database in databases:
            drop(database)


if __name__ == '__main__':
    main(sys.argv[1])
