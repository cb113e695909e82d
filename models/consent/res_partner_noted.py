from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date


class Notes(fields.Json):
    """A dictionary that nobody changes: reading it copies nothing."""

    def convert_to_record(self, value, record):
        return value


class ResPartner(models.Model):
    """Of what there is something to say on the page of a customer, found in one statement.

    Most customers have no lock, no erasure and no expired consent. The fields that tell of them
    look here first, and read only what there is.
    """
    _inherit = 'res.partner'

    dsgvo_noted = Notes(
        "What Is Noted", compute='_compute_dsgvo_noted', groups=fields.NO_ACCESS)
    dsgvo_expired_notice = fields.Char(
        "Expired Consents", compute='_compute_dsgvo_notices', compute_sudo=True)
    dsgvo_event_count = fields.Integer(
        "Number of Decisions", compute='_compute_dsgvo_notices', compute_sudo=True,
        groups='dsgvo.group_user')

    @api.depends('dsgvo_subject_id.consent_event_ids')
    @api.depends_context('uid', 'company', 'allowed_company_ids')
    def _compute_dsgvo_noted(self):
        columns, found = self._dsgvo_noted_sql(), {}
        owners = [(partner._origin.id or 0, partner.dsgvo_subject_id._origin.id)
                  for partner in self if partner.dsgvo_subject_id._origin]
        if owners:
            for *owner, values in self.env.execute_query(SQL(
                    "SELECT noted.partner_id, noted.subject_id, json_build_object(%s)"
                    "  FROM (VALUES %s) AS noted(partner_id, subject_id)",
                    SQL(", ").join(SQL("%s, %s", key, sql) for key, sql in columns.items()),
                    SQL(", ").join(SQL("%s", owner) for owner in owners))):
                found[tuple(owner)] = values
        for partner in self:
            partner.dsgvo_noted = found.get(
                (partner._origin.id or 0, partner.dsgvo_subject_id._origin.id))

    @api.depends('dsgvo_noted')
    @api.depends_context('uid', 'lang', 'company', 'allowed_company_ids')
    def _compute_dsgvo_notices(self):
        """Fill the fields that tell what is noted, in one go for the page.

        Extend with `return super()`.
        """
        for partner in self:
            partner.dsgvo_event_count = partner._dsgvo_get_noted('decisions') or 0
        expired = self.filtered(lambda partner: partner._dsgvo_get_noted('expired'))
        (self - expired).dsgvo_expired_notice = ""
        if expired:
            expired._dsgvo_note_expired()

    def _dsgvo_note_expired(self):
        """Say which consents were given and are over."""
        Event = self.env['dsgvo.consent.event']
        expired, today = {}, self.env.company._dsgvo_today()
        purposes = dict(Event._fields['purpose']._description_selection(self.env))
        for last in Event._query_last(self._dsgvo_subject()):
            end = Event._get_expiry(last)
            if end and end <= today:
                expired.setdefault(last.partner_id, []).append(self.env._(
                    "%(purpose)s: expired on %(date)s, ask again.",
                    purpose=purposes[last.purpose], date=format_date(self.env, end)))
        for partner in self:
            partner.dsgvo_expired_notice = " ".join(expired.get(partner.dsgvo_subject_id.id, []))

    def _dsgvo_get_noted(self, key):
        """Return the note of this contact, None for one that is not saved.

        :param str key: of `_dsgvo_noted_sql`
        """
        # The fields that use it have the groups that may know.
        # sudo: res.partner - a number, or whether there is something
        noted = self.sudo().dsgvo_noted
        return noted[key] if noted else None

    @api.model
    def _dsgvo_noted_sql(self):
        """Return `{key: SQL}`, each of the contact `noted.partner_id` and its `noted.subject_id`.

        What is read must be flushed. To join `res_partner` would take PostgreSQL longer to plan
        than all the rest. Extend with `super() | {…}`.
        """
        self.env['dsgvo.consent.event'].flush_model()
        return {
            'decisions': SQL(
                "(SELECT COUNT(*) FROM dsgvo_consent_event event"
                " WHERE event.partner_id = noted.subject_id AND event.company_id = ANY(%s))",
                self.env.companies._dsgvo_same_controller().ids),
            'expired': SQL(
                "EXISTS (SELECT FROM dsgvo_consent_event event"
                " WHERE event.partner_id = noted.subject_id AND %s)",
                self._dsgvo_may_be_over_sql()),
        }

    @api.model
    def _dsgvo_may_be_over_sql(self):
        """Return whether the consent of an `event` may be over, given again or not, as `SQL`."""
        company = self.env.company
        months = SQL(" ").join(
            SQL("WHEN %s THEN %s", purpose, months)
            for purpose, months in company._dsgvo_get_validity().items())
        expired = SQL("event.decision = 'expired'")
        if not months:
            return expired
        return SQL(
            "(%s OR event.decision = 'granted' AND event.date + make_interval("
            "months => CASE event.purpose %s END) <= %s)", expired, months, company._dsgvo_today())
