from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, config

from odoo.addons.iap.tools.iap_tools import _MAIL_PROVIDERS

from ..jobs.refusals import unlogged
from ..map.recipient_kinds import RECIPIENT_KINDS
from .erased_person import Recipient
from .extensions import Source
from .res_partner_autocomplete import OFF_SINCE

MOST_NUMBERS = 50  # in one letter for one person
OWN_SERVERS = ('localhost', '127.0.0.1', '::1', False, '')


class DsgvoErasureRecipient(models.Model):
    """A third party that got data of an erased person, and is to be told (Art. 19 DSGVO).

    It is noted when the person is erased, because nobody knows it afterwards. The recipient knows
    the case by its numbers; nothing here names the person.
    """
    _name = 'dsgvo.erasure.recipient'
    _description = "Recipient to Be Told of an Erasure"
    _order = 'state desc, id desc'

    erasure_id = fields.Many2one(
        'dsgvo.erasure', required=True, readonly=True, ondelete='cascade', index=True)
    erasure_number = fields.Integer("No. of Erasure", related='erasure_id.id', store=True)
    company_id = fields.Many2one(related='erasure_id.company_id', store=True, index=True)
    kind = fields.Selection(RECIPIENT_KINDS, required=True, readonly=True)
    partner_id = fields.Many2one(
        'res.partner', "Contact", ondelete='set null', index='btree_not_null',
        help="The contact that the letter goes to. Enter it once for a service that is no contact "
             "yet.")
    name = fields.Char("Recipient", compute='_compute_name', store=True, readonly=True)
    service = fields.Char(readonly=True)
    numbers = fields.Text(readonly=True, help="Numbers by which the recipient finds the case.")
    transfer_count = fields.Integer("Times", readonly=True, help="How often data were passed on.")
    transferred_on = fields.Date("Last Time", readonly=True)
    state = fields.Selection(
        [('todo', "To be told"), ('told', "Told"), ('impossible', "Not possible")],
        required=True, readonly=True, default='todo')
    told_on = fields.Date(readonly=True)
    told_by_id = fields.Many2one('res.users', readonly=True)
    note = fields.Char(
        "Why Not", help="Telling is impossible or takes a disproportionate effort (Art. 19 DSGVO).")

    @api.depends('partner_id.name', 'service')
    def _compute_name(self):
        for recipient in self:
            recipient.name = recipient.service or recipient.partner_id.name

    def write(self, vals):
        """By hand only the addressee of the letter, and why there is none."""
        if not self.env.su and vals.keys() - {'partner_id', 'note'}:
            raise UserError(self.env._(
                "Who was told, and when, is noted by the buttons Told and Not Possible."))
        return super().write(vals)

    # === ACTION METHODS === #

    def action_told(self):
        self.check_access('write')
        # sudo: dsgvo.erasure.recipient - these fields are written by the buttons only
        self.sudo().write({
            'state': 'told', 'told_on': self.env.company._dsgvo_today(),
            'told_by_id': self.env.uid})

    def action_impossible(self):
        self.check_access('write')
        if missing := self.filtered(lambda recipient: not recipient.note):
            raise unlogged(UserError(self.env._(
                "Write down under Why Not what makes it impossible to tell %(name)s, or why the"
                " effort would be disproportionate (Art. 19 DSGVO).", name=missing[0].name)))
        # sudo: dsgvo.erasure.recipient - these fields are written by the buttons only
        self.sudo().write({
            'state': 'impossible', 'told_on': self.env.company._dsgvo_today(),
            'told_by_id': self.env.uid})

    # === BUSINESS METHODS === #

    @api.model
    def _find(self, engine):
        """Return `{subject id: [Recipient]}`.

        One statement for the batch, before anything of it is changed.
        """
        sources = [
            SQL("SELECT r.subject_id, %s AS kind, %s FROM %s JOIN %s r ON %s", source.kind,
                source.columns, source.tables, engine.persons, source.condition)
            for source in (Source(*source) for source in self._get_sources())
            if source.model in self.env]
        found = {}
        for subject_id, *recipient in engine.execute("""
            SELECT subject_id, kind, partner_id, service, array_to_string(
                       (array_agg(DISTINCT number ORDER BY number))[:%s], ', '),
                   count(*), max(day)
              FROM (%s) AS handed_over (subject_id, kind, partner_id, service, number, day)
             WHERE partner_id IS NOT NULL OR service IS NOT NULL
             GROUP BY subject_id, kind, partner_id, service
        """, MOST_NUMBERS, SQL(" UNION ALL ").join(sources)):
            found.setdefault(subject_id, []).append(Recipient(*recipient))
        return found

    @api.model
    def _get_sources(self):
        """Return who gets data of customers, a `Source` each. Extend with `super() + […]`."""
        iap, get_day = "Odoo S.A. (IAP)", self._get_day
        sent_on, created_on = get_day(SQL("m.date")), get_day(SQL("t.create_date"))
        sources = [
            Source('mail.notification', 'mail',
                   SQL("NULL::int, coalesce(s.smtp_host, %s), %s, %s", self._get_relay(),
                       self._get_trace(sent_on, SQL("m.message_id")), sent_on),
                   SQL("mail_notification t JOIN mail_message m ON m.id = t.mail_message_id"
                       " JOIN res_partner p ON p.id = t.res_partner_id"
                       " LEFT JOIN ir_mail_server s ON s.id = m.mail_server_id"),
                   SQL("r.id = t.res_partner_id AND t.notification_type = 'email'"
                       " AND t.notification_status = 'sent'")),
            Source('mail.notification', 'sms',
                   SQL("NULL::int, %s, %s::varchar, %s", iap, sent_on, sent_on),
                   SQL("mail_notification t JOIN mail_message m ON m.id = t.mail_message_id"),
                   SQL("r.id = t.res_partner_id AND t.notification_type = 'sms'"
                       " AND t.notification_status = 'sent'")),
            Source('snailmail.letter', 'letter',
                   SQL("NULL::int, %s, NULL, %s", iap, created_on), SQL("snailmail_letter t"),
                   SQL("r.id = t.partner_id AND t.state = 'sent'")),
            Source('payment.transaction', 'payment',
                   SQL("NULL::int, %s, coalesce(t.provider_reference, t.reference), %s",
                       self._translated(SQL("p.name")), created_on),
                   SQL("payment_transaction t JOIN payment_provider p ON p.id = t.provider_id"
                       " AND p.code NOT IN ('none', 'custom', 'demo')"),
                   SQL("r.id = t.partner_id AND t.state NOT IN ('draft', 'cancel')")),
            Source('purchase.order', 'supplier',
                   SQL("t.partner_id, NULL, t.name, %s", get_day(SQL("t.date_order"))),
                   SQL("purchase_order t"),
                   SQL("r.id = t.dest_address_id AND t.state NOT IN ('draft', 'cancel')")),
        ]
        if 'iap.autocomplete.api' in self.env:
            sources.append(self._get_source_of_completion())
        if 'carrier_id' in self.env['stock.picking']._fields:
            sources.append(Source(
                'stock.picking', 'carrier',
                SQL("NULL::int, %s, coalesce(nullif(t.carrier_tracking_ref, ''), t.name), %s",
                    self._translated(SQL("c.name")), get_day(SQL("t.date_done"))),
                SQL("stock_picking t JOIN delivery_carrier c ON c.id = t.carrier_id"),
                SQL("r.id = t.partner_id AND t.state = 'done'")))
        return sources

    def _get_source_of_completion(self):
        """Return that names typed while the completion of addresses was in use have left."""
        # sudo: ir.config_parameter - only since when it is off
        off_since = self.env['ir.config_parameter'].sudo().get_param(OFF_SINCE) or None
        return Source(
            'iap.autocomplete.api', 'completion',
            SQL("NULL::int, %s, NULL, %s", "Odoo S.A. (Partner Autocomplete)",
                self._get_day(SQL("t.create_date"))),
            SQL("res_partner t"),
            SQL("r.id = t.id AND (%s::timestamp IS NULL OR t.create_date < %s) AND EXISTS ("
                "SELECT FROM iap_account a JOIN iap_service s ON s.id = a.service_id"
                " WHERE s.technical_name = 'partner_autocomplete' AND a.account_token != '')",
                off_since, off_since))

    @api.model
    def _get_day(self, moment):
        """Return the day of a moment, as `SQL`, in the shop that erases the person `r`."""
        return self.env.company._dsgvo_day_sql(
            moment, SQL("r.anonymous_id"), lambda company: company.dsgvo_anonymous_partner_id.id)

    @api.model
    def _get_trace(self, day, number):
        """Return, as `SQL`, a trace by which a mail server finds a message to the contact `p`.

        It is the day, the number, and the domain of the mailbox if a provider owns that: the domain
        of a family would tell who it was.
        """
        domain = SQL("split_part(p.email_normalized, '@', 2)")
        return SQL("concat_ws(' ', %s, %s, CASE WHEN %s = ANY(%s) THEN '@' || %s END)",
                   day, number, domain, sorted(_MAIL_PROVIDERS), domain)

    def _translated(self, column):
        return SQL("coalesce(%s->>%s, %s->>'en_US')", column, self.env.lang or 'en_US', column)

    def _get_relay(self):
        """Return the host that messages leave by, None if it is the shop's own machine."""
        # sudo: ir.mail_server - only the name of its host
        host = self.env['ir.mail_server'].sudo().search([], limit=1).smtp_host or config[
            'smtp_server']
        return None if host in OWN_SERVERS else host

    # === LETTER === #

    def _get_letters(self):
        """Return a recordset for each letter: one recipient of one company."""
        return list(self.grouped(
            lambda recipient: (recipient.company_id, recipient.partner_id, recipient.name)
        ).values())

    def _get_letter_date(self):
        return self.env.company._dsgvo_today()

    def _get_letter_lang(self):
        return self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang


class DsgvoErasure(models.Model):
    """The recipients to be told of an erasure, noted with it."""
    _inherit = 'dsgvo.erasure'

    recipient_ids = fields.One2many(
        'dsgvo.erasure.recipient', 'erasure_id', "Recipients to Be Told", readonly=True,
        groups='dsgvo.group_officer')

    @api.model
    def _after_erasure(self, persons):
        result = super()._after_erasure(persons)
        self.env['dsgvo.erasure.recipient'].create([
            {'erasure_id': erasure.id, 'kind': kind, 'partner_id': partner_id, 'service': service,
             'numbers': numbers, 'transfer_count': times, 'transferred_on': day}
            for erasure, person in persons.items()
            for kind, partner_id, service, numbers, times, day in person.recipients])
        return result
