"""A shop with any number of customers who are to be erased, for benchmarks and the kill test.

One customer is made through Odoo: a special order, its delivery, the sale at the till, messages,
mails. All the others are copies of these rows, made by one statement per row, so that 100,000
customers take minutes and not days.
"""
from uuid import uuid4

from odoo import Command, fields

# What tells the customers apart: text of the first one, and the expression for number n.
MARKS = {
    "Adelheid Quittenbaum": "'Adelheid' || n || ' Quitten' || substr(md5(n::text), 1, 8)",
    'adelheid@quittenbaum.example': "'adelheid' || n || '@quitten' || n || '.example'",
    '+49 30 901820': "'+49 30 ' || 10000000 + n",
    '+4930901820': "'+4930' || 10000000 + n",
    "Holunderweg 17": "'Holunderweg ' || n",
}
BOOK = "Der Zauberberg"
UNIQUE = ('uuid', 'access_token', 'message_id')


class Shop:
    """A till, a book and customers, in a database that is thrown away afterwards."""

    def __init__(self, till):
        self.env = till.env
        self.till = till
        self.book = self.env['product.product'].search([('name', '=', BOOK)], limit=1)

    @classmethod
    def open(cls, env):
        env = env(user=env.ref('base.user_admin'))
        env.user.group_ids += env.ref('point_of_sale.group_pos_manager')
        company = env.company
        if 'dsgvo_erase_after_sale' in company._fields:  # plain Odoo is measured, too
            company.dsgvo_erase_after_sale = True
        if not company.chart_template:
            env['account.chart.template'].try_loading('generic_coa', company, False)
        book = env['product.product'].create({
            'name': BOOK, 'is_storable': True, 'list_price': 20.0, 'taxes_id': False,
            'available_in_pos': True})
        warehouse = env['stock.warehouse'].search([('company_id', '=', company.id)], limit=1)
        env['stock.quant']._update_available_quantity(book, warehouse.lot_stock_id, 10_000_000)
        till = env['pos.config'].create({'name': "Till"})
        till.open_ui()
        till.current_session_id.set_opening_control(0, "")
        return cls(till)

    def order(self, customer, **values):
        order = self.env['sale.order'].create({
            'partner_id': customer.id, 'order_line': [Command.create({
                'product_id': self.book.id, 'product_uom_qty': 1, 'price_unit': 20.0,
                'tax_ids': False})]} | values)
        order.action_confirm()
        return order

    def prepare_sale(self, customer_id, order=None):
        """Return the data that the till sends for one book, or to settle a special order."""
        line = {'product_id': self.book.id, 'qty': 1, 'price_unit': 20.0, 'price_subtotal': 20.0,
                'price_subtotal_incl': 20.0, 'tax_ids': [Command.clear()]}
        if order:
            line |= {'sale_order_origin_id': order.id, 'sale_order_line_id': order.order_line.id}
        uuid = str(uuid4())
        method = self.till.payment_method_ids.filtered(lambda m: not m.split_transactions)[:1]
        return {
            'amount_paid': 20.0, 'amount_return': 0, 'amount_tax': 0, 'amount_total': 20.0,
            'date_order': fields.Datetime.to_string(fields.Datetime.now()),
            'fiscal_position_id': False, 'pricelist_id': self.till.pricelist_id.id,
            'name': f"Order {uuid}", 'last_order_preparation_change': '{}', 'lines': [(0, 0, line)],
            'partner_id': customer_id, 'session_id': self.till.current_session_id.id,
            'payment_ids': [(0, 0, {
                'amount': 20.0, 'name': fields.Datetime.now(), 'payment_method_id': method.id})],
            'uuid': uuid, 'user_id': self.env.uid, 'to_invoice': False, 'state': 'paid'}

    def sell(self, customer, order=None):
        data = self.prepare_sale(customer.id, order)
        result = self.env['pos.order'].sync_from_ui([data])
        return self.env['pos.order'].browse(result['pos.order'][0]['id'])

    def create_first_customer(self):
        """Return `{model: records}` of one customer whose special order was sold."""
        env = self.env
        customer = env['res.partner'].create({
            'name': "Adelheid Quittenbaum", 'email': 'adelheid@quittenbaum.example',
            'phone': '+49 30 901820', 'street': "Holunderweg 17", 'zip': '10115', 'city': "Berlin",
            'country_id': env.ref('base.de').id, 'comment': "Mag Krimis"})
        customer |= env['res.partner'].create({
            'name': "Adelheid Quittenbaum", 'type': 'delivery', 'street': "Holunderweg 17",
            'parent_id': customer.id})
        order = self.order(customer[0], client_order_ref="Für Adelheid Quittenbaum",
                           partner_shipping_id=customer[1].id)
        order.message_post(
            body="Adelheid Quittenbaum hat angerufen", message_type='comment',
            subtype_xmlid='mail.mt_comment', partner_ids=customer[0].ids)
        sale = self.sell(customer[0], order)
        env.flush_all()
        pickings = order.picking_ids | sale.picking_ids
        rows = {
            'res.partner': customer, 'sale.order': order, 'sale.order.line': order.order_line,
            'stock.picking': pickings, 'stock.move': pickings.move_ids,
            'stock.move.line': pickings.move_line_ids, 'pos.order': sale,
            'pos.order.line': sale.lines, 'pos.payment': sale.payment_ids,
            'dsgvo.erasure': env['dsgvo.erasure'].search([('partner_id', '=', customer[0].id)])}
        messages = env['mail.message'].search(fields.Domain.OR(
            fields.Domain('model', '=', model) & fields.Domain('res_id', 'in', records.ids)
            for model, records in rows.items()))
        rows['mail.message'] = messages
        for model in 'mail.mail', 'mail.notification', 'mail.tracking.value':
            rows[model] = env[model].search([('mail_message_id', 'in', messages.ids)])
        rows['mail.followers'] = env['mail.followers'].search([
            ('res_model', '=', 'sale.order'), ('res_id', '=', order.id)])
        return {model: records.sorted('id') for model, records in rows.items() if records}

    def multiply(self, rows, first, count):
        """Copy the rows of the first customer for the numbers `first` … `first + count - 1`."""
        cr = self.env.cr
        self.env.flush_all()
        # Copies of rows that are right need no check of each reference.
        cr.execute("SELECT set_config('session_replication_role', 'replica', TRUE)"
                   " FROM pg_roles WHERE rolname = current_user AND rolsuper")
        self.bases = {}
        for records in rows.values():
            cr.execute(f'SELECT max(id) FROM {records._table}')
            self.bases[records._name] = cr.fetchone()[0]
        for records in rows.values():
            cr.execute("SELECT column_name FROM information_schema.columns"
                       " WHERE table_schema = 'public' AND table_name = %s", [records._table])
            columns = [column for column, in cr.fetchall()]
            for record in records:
                self._copy(rows, record, columns, first, count)
            cr.execute(f"SELECT setval('{records._table}_id_seq', max(id)) FROM {records._table}")
            self._copy_relations(rows, records, first, count)
        cr.execute("SELECT set_config('session_replication_role', 'origin', TRUE)"
                   " FROM pg_roles WHERE rolname = current_user AND rolsuper")
        self.env.invalidate_all()
        for records in rows.values():
            cr.execute(f'ANALYZE {records._table}')

    def _copy(self, rows, record, columns, first, count):
        self.env.cr.execute(f'SELECT * FROM {record._table} WHERE id = %s', [record.id])
        values = dict(zip((column.name for column in self.env.cr.description),
                          self.env.cr.fetchone(), strict=True))
        names = ', '.join(f'"{column}"' for column in columns)
        expressions = ', '.join(
            self._expression(rows, record, column, values, first) for column in columns)
        self.env.cr.execute(
            f'INSERT INTO {record._table} ({names}) SELECT {expressions}'
            f' FROM {record._table} t, generate_series({first}, {first + count - 1}) n'
            f' WHERE t.id = {record.id} ORDER BY n')

    def _expression(self, rows, record, column, values, first):
        value = values[column]
        if column == 'id':
            return self._new_id(rows, record._name, value, first)
        if column in UNIQUE and value:
            return "gen_random_uuid()::text"
        if column == 'name' and record._name in ('stock.picking', 'pos.order', 'sale.order'):
            return "t.name || '-' || n"
        if column == 'res_id' and value:
            model = values.get('model') or values.get('res_model')
            return self._new_id(rows, model, value, first) or f't."{column}"'
        field = record._fields.get(column)
        if field and field.type == 'many2one' and value:
            return self._new_id(rows, field.comodel_name, value, first) or f't."{column}"'
        expression = f't."{column}"'
        if isinstance(value, str):
            for mark, replacement in MARKS.items():
                if mark in value:
                    expression = f"replace({expression}, '{mark}', {replacement})"
        return expression

    def _new_id(self, rows, model, old_id, first):
        ids = rows[model].ids if model in rows else []
        if old_id in ids:
            offset = self.bases[model] + ids.index(old_id) + 1
            return f'{offset} + (n - {first}) * {len(ids)}'
        return None

    def _copy_relations(self, rows, records, first, count):
        done = {copied._table for copied in rows.values()}
        for field in records._fields.values():
            if field.type != 'many2many' or not field.store or field.relation in done:
                continue
            done.add(field.relation)
            self.env.cr.execute(
                f'SELECT {field.column1}, {field.column2} FROM {field.relation}'
                f' WHERE {field.column1} = ANY(%s)', [records.ids])
            for own_id, other_id in self.env.cr.fetchall():
                own = self._new_id(rows, records._name, own_id, first)
                other = self._new_id(rows, field.comodel_name, other_id, first) or other_id
                self.env.cr.execute(
                    f'INSERT INTO {field.relation} ({field.column1}, {field.column2})'
                    f' SELECT {own}, {other} FROM generate_series({first}, {first + count - 1}) n')
