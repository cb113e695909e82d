from ast import literal_eval
from functools import wraps
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .origin import OWN, origin_of, with_origin

KINDS = [
    ('advertising', "Advertising: needs the consent to marketing"),
    ('contract', "Contract: needs the consent to notification"),
    ('duty', "Duty: always leaves"),
]
# The kind of a message that no rule names: advertising for everybody whom the shop knows.
UNLISTED = 'unlisted'
# The kind of a message that a person sends to one customer on purpose.
PERSONAL = 'personal'
# Messages of these kinds need no consent.
FREE = ('duty', PERSONAL)
# Kinds whose templates a person may send to several customers at once.
NOT_SERIAL = ('contract', 'duty')
# Types of messages that a person writes, or that answer a person.
WRITTEN = ('comment', 'email', 'out_of_office')


class Rule(NamedTuple):
    """A row of the table below, as it is applied."""
    kind: str
    condition: tuple
    shipped: bool
    no_customer: bool


class DsgvoMessageRule(models.Model):
    """The kind of message that one of Odoo's senders makes, hence the consent that it needs.

    A sender is one of three:

    * a template: `sale.email_template_edi_sale`, or `mail.template,7` for one without external id;
    * a model: all that Odoo sends by itself about its records, such as `sale.order`;
    * a method: all messages made in it, such as `survey.invite._send_mail`, for senders that name
      neither template nor record.

    The method decides before the template, the template before the model. A shipped duty decides
    before a rule of the shop, that before the other shipped ones, and a rule with a condition
    before one without. A message that no rule names is advertising. A shipped duty of a model is no
    duty of the shop's own templates and actions. Rules of senders that are not installed sleep.

    Documents with `no_customer` belong to suppliers, applicants or employees. A message that no
    rule names leaves to these, too, and one that a person writes to several of them is no serial
    message.

    Another addon joins by shipping rows with `shipped` = 1.
    """
    _name = 'dsgvo.message.rule'
    _description = "Kind of Automatic Message"
    _order = 'shipped, sequence, id'
    _rec_name = 'sender'

    sequence = fields.Integer(default=100)
    scope = fields.Selection(
        [('template', "Template"), ('model', "Document"), ('method', "Function")],
        default='template', required=True)
    sender = fields.Char(
        "Technical Name", compute='_compute_sender', store=True, readonly=False, precompute=True,
        index=True,
        help="The technical name of the template, document or function that sends.")
    template_id = fields.Many2one('mail.template', "E-Mail Template", ondelete='cascade')
    sms_template_id = fields.Many2one('sms.template', "SMS Template", ondelete='cascade')
    model_id = fields.Many2one('ir.model', "Document", ondelete='cascade')
    kind = fields.Selection(KINDS, required=True)
    domain = fields.Char("Only For", default='[]', help="Only for documents that match.")
    law = fields.Char("Article", help="The article that demands or permits the message.")
    reason = fields.Char(required=True, translate=True)
    no_customer = fields.Boolean(
        help="Such documents belong to suppliers, applicants or employees, who are asked for no"
             " consent to what is sent about them. Newsletters are advertising to them, too.")
    shipped = fields.Boolean(readonly=True, copy=False)

    _unique_sender = models.UniqueIndex(
        "(sender, scope, domain) WHERE NOT shipped", "There is a rule for this sender already.")
    _law_of_duty = models.Constraint(
        "CHECK (kind != 'duty' OR law IS NOT NULL)",
        "A message that always leaves needs the article that demands or permits it.")

    @api.depends('scope', 'template_id', 'sms_template_id', 'model_id')
    def _compute_sender(self):
        for rule in self:
            template = rule.template_id or rule.sms_template_id
            if rule.scope == 'model':
                rule.sender = rule.model_id.model
            elif rule.scope == 'template' and template:
                rule.sender = self._get_sender(template._name, template.id)
            else:
                rule.sender = rule.sender or False

    @api.constrains('sender', 'scope', 'kind', 'domain')
    def _check_sender(self):
        shipped_duties = {
            (rule.scope, rule.sender) for rule in self._search_shipped()
            if rule.kind == 'duty' and not rule._get_domain()}
        for rule in self - self._search_shipped():
            if not rule.sender or rule.scope == 'method':
                raise ValidationError(self.env._(
                    "This rule names no sender. Choose an e-mail template, an SMS template or a"
                    " document."))
            if rule.kind != 'duty' and (rule.scope, rule.sender) in shipped_duties:
                raise ValidationError(self.env._(
                    "%(sender)s must leave, whatever the customer consented to: the shipped rule"
                    " for it names the article. Make a rule for one of your own templates instead.",
                    sender=rule.sender))
            rule._check_domain_of_shop()

    def _check_domain_of_shop(self):
        try:
            domain = self._get_domain()
            if domain and (model := self._get_model()) is not None:
                domain.validate(model)
        except (ValueError, SyntaxError, TypeError) as error:
            raise ValidationError(self.env._(
                "The condition of the rule for %(sender)s is not a valid domain: %(domain)s",
                sender=self.sender, domain=self.domain)) from error

    def _search_shipped(self):
        return self.search([('shipped', '=', True)])

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Only an update of an addon ships rules."""
        if not self.env.su:
            vals_list = [vals | {'shipped': False} for vals in vals_list]
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        if not self.env.su:
            self._check_not_shipped()
            vals = {fname: value for fname, value in vals.items() if fname != 'shipped'}
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shipped(self):
        if not self.env.su:
            self._check_not_shipped()

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _check_not_shipped(self):
        if shipped := self.filtered('shipped'):
            raise UserError(self.env._(
                "The rule for %(sender)s comes with the addon and cannot be changed or deleted. Add"
                " a rule of your own for this sender: it goes before.",
                sender=shipped[0].sender))

    # === BUSINESS METHODS === #

    def _get_domain(self):
        return literal_eval(self.domain or '[]') and Domain(literal_eval(self.domain))

    def _get_model(self):
        """Return the model of the records that the condition is about, None if it is not known."""
        name = (
            self.template_id.model or self.sms_template_id.model or self.model_id.model)
        return self.env.get(name) if name else None

    @api.model
    @tools.ormcache()
    def _get_rules(self):
        """Return the `Rule`s of each sender, best first, by (scope, sender)."""
        self.flush_model()
        rules = {}
        for scope, sender, kind, domain, shipped, no_customer in self.env.execute_query(SQL(
                """
                SELECT scope, sender, kind, domain, shipped, no_customer FROM dsgvo_message_rule
                ORDER BY NOT (shipped AND kind = 'duty'), shipped,
                         COALESCE(domain, '[]') = '[]', sequence, id
                """)):
            condition = tuple(literal_eval(domain or '[]'))
            rules.setdefault((scope, sender), []).append(
                Rule(kind, condition, shipped, bool(no_customer)))
        return rules

    @api.model
    def _has_customers(self, model):
        """Return whether documents of a model may belong to customers."""
        return not any(rule.no_customer for rule in self._get_rules().get(('model', model), ()))

    @api.model
    @tools.ormcache('model', 'res_id')
    def _get_sender(self, model, res_id):
        """Return the name of a template: the external id that a rule knows, else its number."""
        rows = self.env.execute_query(SQL(
            """
            SELECT rule.sender FROM ir_model_data data
            JOIN dsgvo_message_rule rule ON rule.sender = data.module || '.' || data.name
            WHERE data.model = %s AND data.res_id = %s LIMIT 1
            """, model, res_id))
        return rows[0][0] if rows else f'{model},{res_id}'

    @api.model
    @tools.ormcache('model', 'res_id')
    def _is_shipped(self, model, res_id):
        """Return whether an addon ships the record, not an export or a module of the shop."""
        return bool(self.env.execute_query(SQL(
            """
            SELECT 1 FROM ir_model_data data
            JOIN ir_module_module module ON module.name = data.module
            WHERE data.model = %s AND data.res_id = %s AND data.module != 'studio_customization'
            LIMIT 1
            """, model, res_id)))

    @api.model
    def _classify(self, model, res_ids):
        """Return `{id of the document: (kind, company)}` of messages that Odoo is about to send.

        The `Origin` in the context adds what callers know: template, kind, company.

        :param model: name of the model of the documents, may be empty
        :param res_ids: the ids of the documents, False for a message about none
        """
        origin = origin_of(self.env)
        company = self.env['res.company'].browse(origin.company_id) or self.env.company
        rules = self._get_applicable(origin, model or origin.model)
        unconditional = [rule.kind for rule in rules if not rule.condition]
        kind = origin.kind or next(iter(unconditional), UNLISTED)
        found = dict.fromkeys(res_ids, (kind, company))
        if model in self.env and any(res_ids):
            # sudo: any model - only what kind of message it is depends on it, nothing is shown
            records = self.env[model].sudo().browse(filter(None, res_ids)).exists()
            kinds = self._get_kinds(records, rules)
            companies = records._mail_get_companies(default=company)
            found.update({
                record.id: (
                    origin.kind or kinds.get(record.id, UNLISTED),
                    company if origin.company_id else companies[record.id])
                for record in records})
        return found

    @api.model
    def _get_applicable(self, origin, model):
        """Return the `Rule`s for a message with this origin, best first."""
        rules = self._get_rules()
        of_model = rules.get(('model', model), [])
        if self._is_own(origin):
            of_model = [rule for rule in of_model if not rule.shipped or rule.kind != 'duty']
        return rules.get(('template', origin.sender), []) + of_model

    @api.model
    def _is_own(self, origin):
        """Return whether the text is the shop's own: that of a template, or of an action."""
        name, _comma, res_id = origin.sender.partition(',')
        if res_id:
            return not self._is_shipped(name, int(res_id))
        return not origin.sender and origin.automated == OWN

    @api.model
    def _get_template_kind(self, sender):
        """Return the kind that a rule of the template gives to all documents, '' without one."""
        rules = self._get_rules().get(('template', sender), ())
        return next((rule.kind for rule in rules if not rule.condition), '')

    @api.model
    def _get_serial_kind(self, model, res_ids, template, message_type='comment'):
        """Return the kind of a serial message, '' if a form sends none about these records.

        A message to several people always is one, whatever the text says, unless the law demands
        it. A message of a person about several documents is one, unless a rule says that the
        template belongs to the contract. For documents without customers, only people to whom they
        do not belong are asked, unless a rule calls the template advertising.
        """
        if len(res_ids) < 2:
            return ''
        sender = self._get_sender(template._name, template.id) if template else ''
        kind = self._get_template_kind(sender)
        if self.env[model]._dsgvo_writes_to_people():
            is_serial = kind != 'duty'
        else:
            is_serial = kind not in NOT_SERIAL and self._is_written(message_type) and (
                origin_of(self.env).by_hand is not False)
        if not is_serial:
            return ''
        return 'advertising' if kind or self._has_customers(model) else UNLISTED

    @api.model
    def _get_kinds(self, records, rules):
        """Return the kind that the first matching rule gives to each record, by its id."""
        kinds = {}
        for rule in rules:
            left = records.filtered(lambda record: record.id not in kinds)
            kinds.update(dict.fromkeys(left._dsgvo_matching(rule.condition).ids, rule.kind))
        return kinds

    @api.model
    def _is_written(self, message_type):
        """Return whether a person, and not Odoo by itself, sends this message."""
        origin = origin_of(self.env)
        return not (origin.automated or origin.kind) and (
            origin.by_hand or message_type in WRITTEN)

    # === SENDERS WITHOUT TEMPLATE AND DOCUMENT === #

    def _register_hook(self):
        """Wrap the methods that rules name, so that they tell the kind of their messages."""
        super()._register_hook()
        # While the addon is being uninstalled, models outlive their tables.
        if not tools.sql.table_exists(self.env.cr, self._table):
            return
        for scope, sender in self._get_rules():
            model, _dot, name = sender.rpartition('.')
            if scope == 'method' and hasattr(self.env.get(model), name):
                cls = self.env.registry[model]
                setattr(cls, name, _telling_its_kind(getattr(cls, name), sender))

    def _unregister_hook(self):
        for cls in self.env.registry.values():
            for name, method in list(vars(cls).items()):
                if hasattr(method, 'dsgvo_sender'):
                    delattr(cls, name)
        return super()._unregister_hook()


def _telling_its_kind(method, sender):
    """Return the method of a model, wrapped so that its messages have the kind of its rule."""
    @wraps(method)
    def sending(self, *args, **kwargs):
        rules = self.env['dsgvo.message.rule']._get_rules().get(('method', sender), ())
        kind = next((rule.kind for rule in rules
                     if self._dsgvo_matching(rule.condition) == self), '')
        return method(with_origin(self, kind=kind), *args, **kwargs)
    sending.dsgvo_sender = sender
    return sending
