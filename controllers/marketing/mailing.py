from urllib.parse import parse_qsl, urlsplit

from odoo import http
from odoo.http import request

from odoo.addons.mass_mailing.controllers.main import MassMailController
from odoo.addons.mass_mailing_sms.controllers.main import MailingSMSController

from ...models.marketing.res_partner import Advertiser


def _note_advertiser(mailing):
    """Let the refusals of this request be those of the company that mailed."""
    advertiser = Advertiser(mailing.dsgvo_company_id.id)
    request.update_context(dsgvo_advertiser=advertiser)
    return advertiser


class DsgvoMassMailController(MassMailController):
    def _check_mailing_email_token(self, *args, **kwargs):
        mailing = super()._check_mailing_email_token(*args, **kwargs)
        if mailing:
            mailing = mailing.with_context(dsgvo_advertiser=_note_advertiser(mailing))
        return mailing

    @http.route()
    def mailing_unsubscribe(self, mailing_id, document_id=None, email=None, hash_token=None):
        """Let no GET decide, also not by the link of older mails: mail scanners open every link.

        It asks, as the link of today does. A person who has unsubscribed sees the settings.
        """
        if request.httprequest.method == 'POST':
            return super().mailing_unsubscribe(mailing_id, document_id, email, hash_token)
        answer = self.mailing_confirm_unsubscribe(mailing_id, document_id, email, hash_token)
        address, token = self._fetch_user_information(email, hash_token)
        # sudo: mailing.mailing - the token was checked; the visitor has no login
        mailing = request.env['mailing.mailing'].sudo().browse(mailing_id)
        values = self._prepare_mailing_subscription_values(mailing, document_id, address, token)
        if values['is_blocklisted'] or values['lists_optout'] & mailing.contact_list_ids:
            return request.render('mass_mailing.page_mailing_unsubscribe', values)
        return answer


class DsgvoMailingSMSController(MailingSMSController):
    def _check_trace(self, mailing_id, trace_code):
        found = super()._check_trace(mailing_id, trace_code)
        if trace := found.get('trace'):
            advertiser = _note_advertiser(trace.mass_mailing_id)
            found['trace'] = trace.with_context(dsgvo_advertiser=advertiser)
        return found

    @http.route()
    def blacklist_page(self, mailing_id, trace_code, **post):
        """Decide when the form is sent; Odoo would lead to a link that decides."""
        answer = super().blacklist_page(mailing_id, trace_code, **post)
        target = urlsplit(answer.location or '')
        if request.httprequest.method == 'POST' and '/unsubscribe/' in target.path:
            return self.blacklist_number(mailing_id, trace_code, **dict(parse_qsl(target.query)))
        return answer

    @http.route()
    def blacklist_number(self, mailing_id, trace_code, **post):
        """Let no GET decide: it leads to the page that asks for the number."""
        if request.httprequest.method == 'POST':
            return super().blacklist_number(mailing_id, trace_code, **post)
        return request.redirect(f'/sms/{mailing_id}/{trace_code}')
