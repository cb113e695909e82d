from ast import literal_eval

from odoo import SUPERUSER_ID, api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .contact_columns import is_column_of
from .guard import Guard

# What may stand before a column in `reached_by`, with the types of the column; '' is a pair.
TYPES_OF_WAYS = {
    'email': [['char']],
    'phone': [['char']],
    'contact': [['integer']],
    '': [['char', 'integer'], ['char', 'many2one_reference']],
}
# Models whose rows are of no use after some days, so that those of a namesake may go as well.
THROWN_AWAY = ('bus.bus', 'ir.filters', 'ir.logging', 'mail.mail')
# Of these types, a field that must not be empty can say nothing: false, 0, today, its default.
CAN_SAY_NOTHING = ('boolean', 'integer', 'float', 'monetary', 'date', 'datetime', 'selection')


class DsgvoDataRule(models.Model):
    """One place of the database that can name a person, and how an erasure treats it.

    All rules together are the map of personal data: erasure, export, retention and the register of
    processing activities read it. Another addon joins by shipping rows of its own. Rules of models
    that are not installed sleep.

    How a row is reached from the person (`reached_by`):

    * `id`: the contact itself, only for res.partner;
    * `partner_id`: a many2one, one2many, many2many or reference of the row. It leads to contacts or
      to a model of an earlier rule (`order_id` of a line, after the rule of the order);
    * `res_model,res_id`: the row hangs on a contact or on a document of the person;
    * `email:email_normalized`, `phone:number`: the column holds the person's normalized e-mail or
      phone. The row is the person's if it carries the same name. A row without a name is the
      person's while nobody else has the same value (`address_owners.py`);
    * `contact:old_value_integer`: the column holds the id of the contact;
    * `needle:message`: the text names the person. This is only for rows that are thrown away soon
      anyway, because those of a namesake go, too. A `domain` does not count;
    * `search:note`: nothing leads there. The nightly search takes out the values that are certainly
      the person's (`findings.py`), so the treatment is `redact`.

    A rule `keep` that is not about the person is an exemption: the guard leaves the place alone,
    and `note` says why it is nobody's. With the field `id` it covers the whole model, except links
    to a contact and columns named like a telephone or an e-mail. Rules with a `method` are for what
    no row can say; their model may be `*`.
    """
    _name = 'dsgvo.data.rule'
    _description = "Place of Personal Data"
    _order = 'sequence, id'
    _rec_name = 'place'

    place = fields.Char(compute='_compute_place', store=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    model = fields.Char(required=True, index=True)
    field = fields.Char(required=True, help="The field, or id for the row as a whole.")
    reached_by = fields.Char(required=True, help="How the row is reached from the person.")
    erase = fields.Selection(
        [
            ('clear', "Empty"),
            ('replace', "Replace by the anonymous customer or a random value"),
            ('redact', "Take the person's own values out of the text"),
            ('detach', "Detach from the person"),
            ('delete', "Delete the row"),
            ('hold', "Keep by law, with the name and address of the person"),
            ('keep', "Keep, not personal without the person"),
            ('method', "Treat by a method of its own"),
        ], required=True)
    method = fields.Char(help="The method of this model that treats the rows: _erase_…")
    is_about_person = fields.Boolean(
        "Belongs to the Person", default=True,
        help="The row is about this person, and so are the messages, files and lines on it.")
    kept_while_held = fields.Boolean(
        "Kept With the Document",
        help="Stays as long as a document that the law keeps needs the person.")
    domain = fields.Char(default='[]', help="Only rows that match.")
    export = fields.Boolean(default=True, help="Part of the copy for the customer (Art. 15 DSGVO).")
    category = fields.Selection(
        [
            ('contact', "Contact data"),
            ('order', "Orders"),
            ('delivery', "Deliveries"),
            ('till', "Sales at the till"),
            ('accounting', "Accounting"),
            ('payment', "Payments"),
            ('message', "Messages"),
            ('marketing', "Advertising and profile"),
            ('consent', "Consents"),
            ('technical', "Technical data"),
        ], required=True)
    basis = fields.Char("Legal Basis")
    retention_years = fields.Integer(
        "Years to Keep", aggregator=None,
        help="Counted from the end of the year in which the period starts (§ 147 AO, § 257 HGB).")
    retention_start = fields.Char(
        "Period Starts With", help="The date field of the row from which the period counts.")
    note = fields.Char(translate=True)

    @api.depends('model', 'field')
    def _compute_place(self):
        for rule in self:
            rule.place = f'{rule.model}.{rule.field}'

    @api.constrains('domain', 'model')
    def _check_domain(self):
        for rule in self:
            try:
                domain = rule._get_domain()
                if self.env.uid != SUPERUSER_ID and rule.model in self.env:
                    domain.validate(self.env[rule.model])
            except (ValueError, SyntaxError, TypeError) as error:
                raise ValidationError(self.env._(
                    "The condition of %(place)s is not a valid domain: %(domain)s",
                    place=rule.place, domain=rule.domain)) from error

    @api.constrains('model', 'field', 'reached_by', 'erase', 'is_about_person', 'kept_while_held')
    def _check_entered(self):
        """Refuse an entered rule that would sleep, find nothing or take too much.

        Addons may ship rules for models and fields of others, which sleep until these are there.
        """
        if self.env.uid == SUPERUSER_ID:
            return
        awake, documents = self._awake(), self._get_kept_models()
        for rule in self.filtered(lambda rule: rule.erase != 'method'):
            if rule not in awake:
                raise ValidationError(self.env._(
                    "%(place)s, reached by %(way)s: this database has no such model, field or way."
                    " Enter the technical names, or archive the rule.",
                    place=rule.place, way=rule.reached_by))
            if not (rule._is_exemption() or rule._leads_somewhere()):
                raise ValidationError(self.env._(
                    "%(way)s does not lead from a customer to %(place)s. Enter a field that refers"
                    " to a customer. If there is none, enter search:%(field)s and let the"
                    " customer's values be taken out of the text: the nightly search does it.",
                    place=rule.place, way=rule.reached_by, field=rule.field))
            if rule.erase not in ('hold', 'keep'):
                rule._check_treatment(documents)

    def _check_treatment(self, documents):
        """Refuse to change documents that the law keeps, or to empty fields that must be filled."""
        if self.model in documents and self.erase == 'delete':
            raise ValidationError(self.env._(
                "%(place)s cannot be deleted: the law keeps such documents. Choose another"
                " treatment for the fields that name the customer, and tick Kept With the"
                " Document.", place=self.place))
        if self.model in documents and not self.kept_while_held:
            raise ValidationError(self.env._(
                "%(place)s stands on a document that the law keeps. Tick Kept With the"
                " Document, so that it stays until the period is over.", place=self.place))
        if self._empties_what_must_be_filled():
            raise ValidationError(self.env._(
                "%(place)s must not be empty. Choose another treatment: replace it, or take"
                " the customer's values out of the text.", place=self.place))

    @api.model
    def _get_kept_models(self):
        """Return the models whose rows the law keeps."""
        return {rule.model for rule in self._get_all() if rule.erase == 'hold'}

    def _empties_what_must_be_filled(self):
        field = self.env[self.model]._fields[self.field]
        return self.erase in ('clear', 'detach') and field.required and (
            field.type not in CAN_SAY_NOTHING)

    def _leads_somewhere(self):
        """Whether the way of an awake rule leads from a person, with its treatment.

        A way leads from a person by a link to a contact, or to a row that is the person's by
        another rule. It also does by a column that is named like the kind that the way compares.
        """
        fields = self.env[self.model]._fields
        kind, _colon, column = self.reached_by.rpartition(':')
        if self.erase == 'hold':
            field = fields.get(column)
            return not kind and field and field.type == 'many2one' and (
                field.comodel_name == 'res.partner')
        if kind == 'search':
            return self.erase == 'redact'
        if kind == 'needle':
            return self.model in THROWN_AWAY or self.env[self.model]._transient
        if kind or ',' in column:
            types = [fields[name].type for name in column.split(',')]
            return types in TYPES_OF_WAYS.get(kind, ()) and is_column_of(kind, column)
        if column == 'id':
            return self.model == 'res.partner'
        guard = Guard(self.env, (self._get_all() - self)._awake())
        return not guard.owning.isdisjoint(guard.get_targets(fields[column]))

    @api.constrains('erase', 'method')
    def _check_method(self):
        for rule in self.filtered(lambda rule: rule.erase == 'method'):
            name = rule.method or ''
            if not name.startswith('_erase_') or not hasattr(self, name):
                raise ValidationError(self.env._(
                    "%(place)s cannot be treated by the method %(method)s: there is none of this"
                    " name. Choose another treatment.", place=rule.place, method=name))

    @api.constrains('erase', 'is_about_person', 'note')
    def _check_reason(self):
        for rule in self:
            if rule._is_exemption() and not rule.note:
                raise ValidationError(self.env._(
                    "%(place)s is left alone by the erasure. Say in the note why it never holds"
                    " anything of a customer.", place=rule.place))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # === THE MAP === #

    @api.model
    def _get_all(self):
        """Return the whole map: some hundred rows, all of which count."""
        return self.search([])  # pylint: disable=no-search-all

    @api.model
    def _get_treating(self):
        """Return the awake rules that lead to rows of a person, or treat them, in their order."""
        self.flush_model()
        # Another worker may change the map while a job runs: so the key is what is stored, by the
        # versions of its rows. Dates of changes would be those at which transactions began.
        [[state]] = self.env.execute_query(SQL(
            "SELECT md5(string_agg(xmin::text || ctid::text, ' ' ORDER BY id))"
            "  FROM dsgvo_data_rule"))
        return self.browse(self._find_treating(state))

    @api.model
    @tools.ormcache('state')
    def _find_treating(self, state):
        """Return the ids of `_get_treating`.

        :param str state: of the map, which changes with each rule
        """
        # sudo: dsgvo.data.rule - which rules count does not depend on who asks first
        return self.sudo().with_context(active_test=True)._get_all()._awake().filtered(
            lambda rule: not (rule._is_exemption() or rule._is_searched_for_only()))._ids

    def _is_exemption(self):
        self.ensure_one()
        return self.erase == 'keep' and not self.is_about_person

    def _get_domain(self):
        self.ensure_one()
        return Domain(literal_eval(self.domain or '[]'))

    def _is_searched_for_only(self):
        self.ensure_one()
        return self.reached_by.startswith('search:')

    def _finds_rows_of_a_person(self):
        """Whether the way leads from a person to rows, and not only to texts that name one."""
        self.ensure_one()
        return self.reached_by != 'id' and not self.reached_by.startswith(('needle:', 'search:'))

    def _awake(self):
        """Return the rules whose model, field and way are there and stored in this database."""
        tables = self._get_tables()
        return self.filtered(lambda rule: rule.erase == 'method' or (
            rule._is_stored(rule.field, tables) and all(
                rule._is_stored(name.split(':')[-1], tables, by_inverse=True)
                for name in rule.reached_by.split(','))))

    def _get_tables(self):
        """Return the names of all tables; a model without `_auto` is a table or a view."""
        return {name for name, in self.env.execute_query(SQL(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = current_schema::regnamespace"))}

    def _is_stored(self, name, tables, by_inverse=False):
        Model = self.env.get(self.model)
        if Model is None or Model._table not in tables or name not in Model._fields:
            return False
        field = Model._fields[name]
        if by_inverse and field.type == 'one2many':
            return field.store or bool(field.inverse_name)
        return bool(field.store and (field.column_type or field.type == 'many2many'))
