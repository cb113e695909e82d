from datetime import timedelta

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain

from .res_company import VALIDITY_FIELDS

WARN_BEFORE = timedelta(days=30)


class DsgvoConsentEvent(models.Model):
    _inherit = 'dsgvo.consent.event'

    @api.model
    def _cron_expire(self, batch_size=500):
        """End the consents whose validity is over, and announce those for which it soon will be.

        The customer counts as never asked again: nothing is refused, and nobody is erased.
        """
        commit_progress = self.env['ir.cron']._commit_progress
        companies = self.env['res.company'].search(
            Domain.OR(Domain(field, '>', 0) for field in VALIDITY_FIELDS.values()))
        for company in companies:
            Event = self.with_company(company)
            while expired := Event._expire(batch_size):
                if not commit_progress(len(expired)):
                    return
            company._dsgvo_announce_expiry()

    @api.model
    def _expire(self, limit):
        """Record as expired what is not valid any more at this company, of some persons."""
        today = self.env.company._dsgvo_today()
        # sudo: res.partner - the contacts of all who decided at this company, whoever runs the job
        subjects = self.env['res.partner'].sudo().with_context(active_test=False).search(
            Domain('consent_expiry_date', '<=', today), limit=limit)._dsgvo_subject()
        months = {
            purpose: self.env.company[field] for purpose, field in VALIDITY_FIELDS.items()}
        ends = {
            last: last.date + relativedelta(months=months[last.purpose])
            for last in self._query_last(subjects)
            if last.decision == 'granted' and months[last.purpose]}
        # sudo: dsgvo.consent.event - only Odoo itself records this decision
        return self.sudo().create([
            # Dated on the last day, so that a consent given anew since then counts.
            {'partner_id': last.partner_id, 'purpose': last.purpose, 'decision': 'expired',
             'means': 'system', 'date': end}
            for last, end in ends.items() if end <= today])


class ResCompany(models.Model):
    _inherit = 'res.company'

    def _dsgvo_announce_expiry(self):
        """Remind the privacy officers, once at a time, that consents are to be renewed soon."""
        self.ensure_one()
        soon = self._dsgvo_today() + WARN_BEFORE
        # sudo: res.partner - only a number
        count = self.env['res.partner'].sudo().with_company(self).search_count(
            [('consent_expiry_date', '<=', soon)])
        officers = self.env.ref('dsgvo.group_officer').all_user_ids.filtered(
            lambda user: self in user.company_ids and user.active and not user.share)
        reminders = self.partner_id.activity_search(['dsgvo.activity_type_expiry'])
        if not count:
            return
        action = self.env.ref('dsgvo.res_partner_action_register')
        for officer in officers - reminders.user_id:
            text = self.with_context(lang=officer.lang)
            self.partner_id.activity_schedule(
                'dsgvo.activity_type_expiry', user_id=officer.id,
                summary=text.env._("Consents expire soon"),
                note=Markup("<p>%s</p><p><a href='/odoo/action-%s'>%s</a></p>") % (
                    text.env._(
                        "Consents of %(count)s contacts expire within a month. Ask these customers"
                        " again: the filter “Expires Soon” lists them.", count=count),
                    action.id, text.env._("Register of Consents")))
