import re
import time
from collections import deque

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ...models.consent.dsgvo_consent_event import PURPOSES
from ...models.till.customer_answer import ANSWERS

WINDOW = 60  # seconds
PER_WINDOW = 30  # requests of one address
MOST_ADDRESSES = 10_000
NUMBER = re.compile(r'[0-9]{1,9}')
HEADERS = [
    ('Content-Type', 'text/html; charset=utf-8'),
    ('Cache-Control', 'no-store'),
    ('Referrer-Policy', 'no-referrer'),
    ('X-Robots-Tag', 'noindex'),
]


class RateLimit:
    """Counts the requests of each address in the memory of this worker, for a minute."""

    def __init__(self):
        self.times = {}

    def is_exceeded(self, address):
        now = time.monotonic()
        if len(self.times) > MOST_ADDRESSES:
            self.times.clear()
        times = self.times.setdefault(address, deque())
        while times and times[0] < now - WINDOW:
            times.popleft()
        times.append(now)
        return len(times) > PER_WINDOW


limit = RateLimit()


class DsgvoAnswer(http.Controller):
    @http.route(
        '/dsgvo/answer/<string:token>', type='http', auth='public', methods=['GET', 'POST'],
        sitemap=False)
    def answer(self, token, **form):
        """Show the questions to whoever has the link (GET), and record one answer (POST).

        A link that never was looks like one that has ended.
        """
        if limit.is_exceeded(request.httprequest.remote_addr):
            return self._render({'state': 'busy'}, 429)
        # sudo: dsgvo.answer.link - whoever has the secret is the customer, for one answer
        link = request.env['dsgvo.answer.link'].sudo()._find(token)
        if not link:
            return self._render({'state': 'ended'}, 404)
        page = link._get_page()
        if request.httprequest.method != 'POST':
            return self._render(page | {'state': 'asked'})
        answers = {
            purpose: form[purpose] for purpose, _label in PURPOSES if form.get(purpose) in ANSWERS}
        if not answers:
            return self._render(page | {'state': 'asked', 'is_empty': True})
        wordings = {
            purpose: int(number) for purpose in answers
            if isinstance(number := form.get(f'wording_{purpose}'), str)
            and NUMBER.fullmatch(number)}
        if not self._record(link, answers, wordings):
            return self._render({'state': 'ended'}, 404)
        return self._render(page | {'state': 'answered'})

    def _record(self, link, answers, wordings):
        """Return whether the answers were recorded; says nothing of why not, which is personal."""
        try:
            with request.env.cr.savepoint():
                return link._answer(answers, wordings)
        except UserError:
            return False

    def _render(self, page, status=200):
        # Without a customer, in the language of the device; that of a session may be any.
        device = request.env['ir.http'].get_nearest_lang(request.best_lang)
        lang = page.get('lang') or device or request.env.lang or 'en_US'
        speaking = request.env['ir.qweb'].with_context(lang=lang)
        body = speaking._render('dsgvo.answer_page', page | {
            'lang_code': lang.replace('_', '-'), 'request': request,
            'title': speaking.env._("Your consents")})
        return request.make_response(body, HEADERS, status=status)
