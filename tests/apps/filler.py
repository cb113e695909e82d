"""Puts a person into every place of the map, in plain SQL: the map itself says where."""
import json
import uuid

from odoo import SUPERUSER_ID
from odoo.tools import SQL

from odoo.addons.dsgvo.models.map.contact_columns import get_further_columns

PARTNER = 'res.partner'
# What the constraints of a table ask for, beside its required columns.
NEEDED = {
    'account.move.line': {'display_type': 'line_note'},
    'event.registration.answer': {'value_text_box': "x"},
    'ir.filters': {'sort': '[]'},
    'mail.activity': {'user_id': SUPERUSER_ID},
    'mail.notification': {'notification_type': 'sms'},
    'mailing.trace': {'model': PARTNER, 'res_id': 1},
}
# The same of tables that are the relation of a many2many field.
NEEDED_OF_RELATIONS = {
    'discuss_channel_member': {'new_message_separator': 0},
    'mail_notification': {'notification_type': 'email'},
}
# A row of another model without which a constraint refuses the row.
NEEDED_ROWS = {'project.task': {'project_id': 'project.project'}}


class Filler:
    """Creates rows of one person.

    After `fill`, `rows` is `{model: [ids]}` of what belongs to the person, `mentions` the same of
    what only names it, and `failed` is `{place: error}`.

    :param person: a contact
    :param models: which models to leave out
    """

    def __init__(self, person, without=()):
        self.env = person.env
        self.person = person
        self.without = without
        self.rows = {PARTNER: [person.id]}
        self.mentions = {}
        self.failed = {}
        further = [person[name] for names in get_further_columns(self.env).values()
                   for name in names]
        self.needles = [person.name, person.email, person.street, *further]
        self.text = ', '.join((*self.needles, person.phone))

    def fill(self):
        """Fill every place to which something leads from the person."""
        self._fill(lambda rule: not rule._is_searched_for_only())

    def fill_what_is_searched_for(self):
        """Fill the places which only the nightly search finds."""
        self._fill(lambda rule: rule._is_searched_for_only())

    def _fill(self, is_wanted):
        self.env.flush_all()
        rules = self.env['dsgvo.data.rule']._get_all()._awake().filtered(
            lambda rule: rule.erase != 'method' and not rule._is_exemption()
            and rule.model not in self.without and is_wanted(rule))
        ways = rules.grouped(lambda rule: (rule.model, rule.reached_by, rule.domain))
        for (model, *_way), way_rules in ways.items():
            try:
                with self.env.cr.savepoint(flush=False):
                    self._fill_way(model, way_rules)
            except Exception as error:
                self.failed[way_rules[0].place] = str(error).split('\n')[0]
        self.env.invalidate_all(flush=False)

    def _fill_way(self, model, rules):
        rule = rules[0]
        if model == PARTNER and rule.reached_by == 'id':
            self._write(model, self.person.id, self._get_values(rules))
            return
        links, after = self._get_links(rule)
        row_id = self._insert(model, self._get_condition_values(rule) | links)
        for statement in after:
            self._execute(statement(row_id))
        self._write(model, row_id, self._get_values(
            rules.filtered(lambda rule: rule.field not in links)))
        # Whoever is only the address of somebody else's order does not own it.
        if rules.filtered(lambda rule: rule.is_about_person
                          and rule.erase not in ('replace', 'detach')):
            self.rows.setdefault(model, []).append(row_id)
        else:
            self.mentions.setdefault(model, []).append(row_id)

    def _get_links(self, rule):
        """Return the columns that lead to the person, and statements to run once there is an id."""
        kind, _colon, column = rule.reached_by.rpartition(':')
        if kind == 'email':
            return {column: self.person.email_normalized}, []
        if kind == 'phone':
            return {column: self.person.phone_sanitized}, []
        if kind == 'contact':
            return {column: self.person.id}, []
        if kind == 'needle':
            return {column: self.text}, []
        if kind == 'search':
            return {}, []
        if ',' in rule.reached_by:
            model_column, id_column = rule.reached_by.split(',')
            model = self._get_thread_model(rule)
            return {model_column: model, id_column: self.rows[model][0]}, []
        field = self.env[rule.model]._fields[rule.reached_by]
        if field.type == 'reference':
            return {field.name: f'{PARTNER},{self.person.id}'}, []
        target = self.rows.get(field.comodel_name, self.mentions.get(field.comodel_name))[-1]
        if field.type == 'one2many':  # its own link may be how another row is reached
            target = self.mentions.get(field.comodel_name, self.rows.get(field.comodel_name))[-1]
            return {}, [lambda row_id: SQL(
                "UPDATE %s SET %s = %s WHERE id = %s",
                SQL.identifier(self.env[field.comodel_name]._table),
                SQL.identifier(field.inverse_name), row_id, target)]
        if field.type == 'many2many':
            return {}, [lambda row_id: self._relate(field, row_id, target)]
        return {field.name: target}, []

    def _relate(self, field, row_id, target):
        values = {field.column1: row_id, field.column2: target} | (
            NEEDED_OF_RELATIONS.get(field.relation, {}))
        return self._insert_into(field.relation, values)

    def _get_thread_model(self, rule):
        if 'account.move' in rule.domain and "not in" not in rule.domain:
            return 'account.move' if 'account.move' in self.rows else PARTNER
        return 'sale.order'

    def _get_condition_values(self, rule):
        """Return values with which a row meets a simple condition of a rule."""
        values = {}
        for condition in rule._get_domain().iter_conditions():
            name, operator, value = condition.field_expr, condition.operator, condition.value
            if '.' in name or name in ('model', 'res_model', 'res_field'):
                continue
            if operator in ('=', 'in') and value is not False:
                values[name] = value if isinstance(value, (str, bool, int)) else next(iter(value))
        if rule.domain.startswith("[('field_id.relation'"):
            values['field_id'] = self.env['ir.model.fields']._get('sale.order', 'partner_id').id
        return values

    def _get_values(self, rules):
        values = {}
        for rule in rules.filtered(lambda rule: rule.field != 'id' and (
                rule.erase != 'keep' or rule.model in (PARTNER, 'res.partner.bank'))):
            field = self.env[rule.model]._fields[rule.field]
            if field.type in ('char', 'text', 'html'):
                values[rule.field] = self._get_text(field)
            elif field.column_type and field.column_type[0] == 'jsonb':
                values[rule.field] = json.dumps({'a': self.text})
            elif field.type == 'many2one' and field.comodel_name == PARTNER:
                values[rule.field] = self.person.id
        return values

    def _get_text(self, field):
        if field.company_dependent or field.translate:
            return json.dumps({'en_US': self.text})
        if field.model_name == PARTNER and self.person[field.name]:
            return self.person[field.name]
        text = self.text + (f" {uuid.uuid4()}" if field.name in ('login', 'access_token') else "")
        return text[:getattr(field, 'size', None)]

    def _write(self, model, row_id, values):
        if values:
            self._execute(SQL(
                "UPDATE %s SET %s WHERE id = %s", SQL.identifier(self.env[model]._table),
                SQL(", ").join(SQL("%s = %s", SQL.identifier(name), value)
                               for name, value in values.items()), row_id))

    def _insert(self, model, values):
        values = NEEDED.get(model, {}) | {
            name: self._get_any_row(needed) for name, needed in NEEDED_ROWS.get(model, {}).items()
        } | values
        values = self._get_required(model, set(values)) | values
        return self._execute(SQL(
            "%s RETURNING id", self._insert_into(self.env[model]._table, values)))[0][0]

    def _insert_into(self, table, values):
        return SQL(
            "INSERT INTO %s (%s) VALUES (%s)", SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, values)),
            SQL(", ").join(SQL("%s", value) for value in values.values()))

    def _get_required(self, model, given):
        """Return a value for each column that must not be empty."""
        values = {'create_date': '2026-01-01'} if 'create_date' in self.env[model]._fields else {}
        for column, kind in self._execute(SQL("""
            SELECT column_name, data_type FROM information_schema.columns
             WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL
        """, self.env[model]._table)):
            if column not in given:
                values[column] = self._get_any(self.env[model]._fields.get(column), kind)
        return values

    def _get_any(self, field, kind):
        if field is not None and field.type == 'many2one':
            return self._get_any_row(field.comodel_name)
        if field is not None and field.type == 'selection':
            return field.get_values(self.env)[0]
        if kind in ('jsonb', 'json'):
            return '{"en_US": "x"}'
        if kind in ('integer', 'numeric', 'double precision'):
            return 0
        if kind == 'boolean':
            return False
        if kind.startswith('timestamp') or kind == 'date':
            return '2026-01-01'
        return str(uuid.uuid4())

    def _get_any_row(self, model):
        if model == PARTNER:  # a supplier, an operator
            return self.env.company.partner_id.id
        if model in self.rows:
            return self.rows[model][-1]
        found = self._execute(SQL(
            "SELECT id FROM %s ORDER BY id LIMIT 1", SQL.identifier(self.env[model]._table)))
        return found[0][0] if found else self._insert(model, {})

    def _execute(self, query):
        self.env.cr.execute(query, log_exceptions=False)
        return self.env.cr.fetchall() if self.env.cr.description else []
