import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..consent.paragraphs import arrange
from .customer_answer import Moment
from .request_reader import RequestReader

VALIDITY = timedelta(minutes=15)
BY_MEANS = ('display', 'own_phone')


class DsgvoAnswerLink(models.Model):
    """A page on which one customer answers by tapping, away from the till but for its session.

    The link is a secret that is shown once and stored as a hash. It ends with the answer, with the
    session of the till, or after `VALIDITY`.
    """
    _name = 'dsgvo.answer.link'
    _description = "Page for the Answer of a Customer"

    token_hash = fields.Char(required=True, readonly=True, index=True, groups=fields.NO_ACCESS)
    partner_id = fields.Many2one(
        'res.partner', "Customer", required=True, readonly=True, index=True, ondelete='cascade')
    session_id = fields.Many2one(
        'pos.session', required=True, readonly=True, index=True, ondelete='cascade')
    means = fields.Selection(
        [('display', "Customer display"), ('own_phone', "Own phone")], required=True, readonly=True)
    expires_on = fields.Datetime(
        required=True, readonly=True, default=lambda self: fields.Datetime.now() + VALIDITY)
    answered_on = fields.Datetime(readonly=True)

    # === CALLED BY THE TILL === #

    @api.model
    def open_for_till(self, config_id, partner_id, means):
        """Return `{id, path, url}` of a page on which this customer can answer now.

        An earlier page of this customer at this till ends.

        :param str means: one of `BY_MEANS`; the own phone needs the setting of the till
        :raise AccessError: if the user does not work at this till
        :raise UserError: if the session is not open, or the customer is not one of this till
        """
        config = self.env['pos.config']._dsgvo_get_till(config_id)
        partner_id = RequestReader(self.env).read_id(partner_id)
        if means not in BY_MEANS or (means == 'own_phone' and not config.dsgvo_answer_on_phone):
            raise UserError(self.env._(
                "Answers on the customer's own phone are switched off for the till %(till)s. Let"
                " the customer answer on the tablet, or switch it on in the settings of the till.",
                till=config.name))
        # sudo: pos.config, res.partner - the till was checked; who may be asked follows from it
        session = config.sudo().current_session_id
        # sudo: dsgvo.till.answer - see above
        customer = self.env['dsgvo.till.answer'].sudo().with_company(
            config.company_id)._find_customers(config, [partner_id]).get(partner_id)
        if session.state != 'opened' or not customer or not customer._dsgvo_can_answer():
            raise UserError(self.env._(
                "No page was made: the register of %(till)s is not open, or the customer was"
                " erased or archived. Reload the till.", till=config.name))
        # sudo: dsgvo.answer.link - see above
        Link = self.sudo()
        Link.search([
            ('partner_id', '=', customer.id), ('session_id', '=', session.id)]).unlink()
        token = secrets.token_urlsafe(32)
        link = Link.create({
            'token_hash': self._hash(token), 'partner_id': customer.id, 'session_id': session.id,
            'means': means})
        path = f'/dsgvo/answer/{token}'
        return {'id': link.id, 'path': path, 'url': config.get_base_url() + path}

    @api.model
    def end_for_till(self, config_id, link_id):
        """End a page of this till which the cashier has closed; it can have ended before.

        :raise AccessError: if the user does not work at this till
        """
        config = self.env['pos.config']._dsgvo_get_till(config_id)
        link_id = RequestReader(self.env).read_id(link_id)
        # sudo: dsgvo.answer.link - of this till only, and nothing is returned
        self.sudo().search([
            ('id', '=', link_id), ('session_id.config_id', '=', config.id)]).unlink()

    @api.model
    def _end(self, customers):
        """End the pages of customers who have decided in another way."""
        # sudo: dsgvo.answer.link - whoever records the decision
        self.sudo().search([
            ('partner_id', 'in', customers.ids), ('answered_on', '=', False)]).unlink()

    @api.model
    def _hash(self, token):
        return hashlib.sha256(token.encode()).hexdigest()

    # === CALLED BY THE PAGE === #

    @api.model
    def _find(self, token):
        """Return the link of this secret, empty if there is none or it has ended."""
        link = self.search([
            ('token_hash', '=', self._hash(token)), ('answered_on', '=', False),
            ('expires_on', '>', fields.Datetime.now()), ('session_id.state', '=', 'opened')])
        config = link.session_id.config_id
        if link.means == 'own_phone' and not config.dsgvo_answer_on_phone:
            return self.browse()
        return link.with_company(config.company_id).filtered(
            lambda link: link.partner_id._dsgvo_can_answer())

    def _get_page(self):
        """Return what the page shows: who asks and what, and nothing about the customer."""
        subject, company = self.partner_id._dsgvo_subject(), self.env.company
        lang = self._choose_lang()
        Wording = self.env['dsgvo.wording'].with_context(lang=lang)
        current = Wording._get_current(company)
        purposes = dict(Wording._fields['purpose']._description_selection(Wording.env))
        wordings = {
            purpose: Wording._choose(current, purpose, subject.lang or lang, company)
            for purpose in purposes if purpose == 'marketing' or not subject.is_company}
        texts, shared = arrange({purpose: wordings[purpose].text for purpose in wordings})
        return {
            'lang': lang, 'company': company.name, 'shared': shared, 'questions': [
                {'purpose': purpose, 'label': purposes[purpose], 'text': texts[purpose],
                 'wording_id': wording.id}
                for purpose, wording in wordings.items()]}

    def _choose_lang(self):
        """Return the language of the customer if it is installed, else that of the company."""
        installed = dict(self.env['res.lang'].get_installed())
        wanted = (self.partner_id.lang, self.env.company.partner_id.lang)
        return next((lang for lang in wanted if lang in installed), 'en_US')

    def _answer(self, answers, wordings):
        """Record what the customer tapped; return whether this was the one answer that counts.

        :param dict answers: granted or refused by purpose
        :param dict wordings: ids of the texts that the page has shown, by purpose
        """
        self.ensure_one()
        if not self.try_lock_for_update() or self.answered_on:
            return False
        self.answered_on = now = fields.Datetime.now()
        config = self.session_id.config_id
        outcome = self.env['dsgvo.till.answer']._record_answers(
            config, self.partner_id, answers, wordings,
            Moment(now, now, self.session_id.start_at), means=self.means)
        if outcome == 'dropped':
            return False
        config._notify('DSGVO_ANSWERED', {'id': self.id})
        return True

    @api.autovacuum
    def _gc_ended(self):
        self.search([('expires_on', '<', fields.Datetime.now())]).unlink()
