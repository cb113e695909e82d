from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, config

from .erased_person import Recipient
from .extensions import Source

MOST_NUMBERS = 50  # in one letter for one person
OWN_SERVERS = ('localhost', '127.0.0.1', '::1', False, '')


class DsgvoErasureRecipient(models.Model):
    """A third party that got data of an erased person, and is to be told (Art. 19 DSGVO).

    Noted when the person is erased, for afterwards nobody knows. The recipient knows the case by
    its numbers; nothing here names the person.
    """
    _name = 'dsgvo.erasure.recipient'
    _description = "Recipient to Be Told of an Erasure"
    _order = 'state desc, id desc'

    erasure_id = fields.Many2one(
        'dsgvo.erasure', required=True, readonly=True, ondelete='cascade', index=True)
    erasure_number = fields.Integer("No. of Erasure", related='erasure_id.id', store=True)
    company_id = fields.Many2one(related='erasure_id.company_id', store=True, index=True)
    kind = fields.Selection(
        [
            ('supplier', "Supplier who delivers to customers"),
            ('carrier', "Carrier"),
            ('mail', "Mail server"),
            ('sms', "SMS service"),
            ('letter', "Letter service"),
            ('payment', "Payment provider"),
        ], required=True, readonly=True)
    partner_id = fields.Many2one(
        'res.partner', "Contact", ondelete='set null', index='btree_not_null',
        help="The contact that the letter goes to. Enter it once for a service that is no contact "
             "yet.")
    name = fields.Char("Recipient", compute='_compute_name', store=True, readonly=True)
    service = fields.Char(readonly=True)
    numbers = fields.Text(readonly=True, help="Numbers by which the recipient finds the case.")
    messages = fields.Integer("Times", readonly=True, help="How often data were passed on.")
    last_date = fields.Date("Last Time", readonly=True)
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
        """By hand only to whom the letter goes, and why there is none."""
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
            raise UserError(self.env._(
                "Write down under Why Not what makes it impossible to tell %(name)s, or why the"
                " effort would be disproportionate (Art. 19 DSGVO).", name=missing[0].name))
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
        iap = "Odoo S.A. (IAP)"
        sources = [
            Source('mail.notification', 'mail',
                   SQL("NULL::int, coalesce(s.smtp_host, %s), NULL, m.date::date",
                       self._get_relay()),
                   SQL("mail_notification t JOIN mail_message m ON m.id = t.mail_message_id"
                       " LEFT JOIN ir_mail_server s ON s.id = m.mail_server_id"),
                   SQL("r.id = t.res_partner_id AND t.notification_type = 'email'"
                       " AND t.notification_status = 'sent'")),
            Source('mail.notification', 'sms',
                   SQL("NULL::int, %s, NULL, m.date::date", iap),
                   SQL("mail_notification t JOIN mail_message m ON m.id = t.mail_message_id"),
                   SQL("r.id = t.res_partner_id AND t.notification_type = 'sms'"
                       " AND t.notification_status = 'sent'")),
            Source('snailmail.letter', 'letter',
                   SQL("NULL::int, %s, NULL, t.create_date::date", iap), SQL("snailmail_letter t"),
                   SQL("r.id = t.partner_id AND t.state = 'sent'")),
            Source('payment.transaction', 'payment',
                   SQL("NULL::int, %s, coalesce(t.provider_reference, t.reference),"
                       " t.create_date::date", self._translated(SQL("p.name"))),
                   SQL("payment_transaction t JOIN payment_provider p ON p.id = t.provider_id"
                       " AND p.code NOT IN ('none', 'custom', 'demo')"),
                   SQL("r.id = t.partner_id AND t.state NOT IN ('draft', 'cancel')")),
            Source('purchase.order', 'supplier',
                   SQL("t.partner_id, NULL, t.name, t.date_order::date"), SQL("purchase_order t"),
                   SQL("r.id = t.dest_address_id AND t.state NOT IN ('draft', 'cancel')")),
        ]
        if 'carrier_id' in self.env['stock.picking']._fields:
            sources.append(Source(
                'stock.picking', 'carrier',
                SQL("NULL::int, %s, coalesce(nullif(t.carrier_tracking_ref, ''), t.name),"
                    " t.date_done::date", self._translated(SQL("c.name"))),
                SQL("stock_picking t JOIN delivery_carrier c ON c.id = t.carrier_id"),
                SQL("r.id = t.partner_id AND t.state = 'done'")))
        return sources

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
        """Return the recordsets of which each makes one letter: one recipient of one company."""
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
             'numbers': numbers, 'messages': times, 'last_date': day}
            for erasure, person in persons.items()
            for kind, partner_id, service, numbers, times, day in person.recipients])
        return result
