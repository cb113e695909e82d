import logging
import re
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..jobs.isolation import BUSY, attempt, describe
from .customer_answer import CustomerAnswer
from .request_reader import RequestReader

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)
# What can be noted of a damaged answer, so that it is reported once.
NOTABLE = re.compile(r'[!-~ ]{1,64}')
DROPPED = _lt("DSGVO: answers of customers came too late")
FAILED = _lt("DSGVO: answers of customers wait at the till")
OVERRULED = _lt("DSGVO: consents were given and withdrawn at about the same time")


class DsgvoTillAnswer(models.Model):
    """Which answers of customers the tills have sent, so that each counts once; names nobody.

    A till keeps an answer until the server says what became of it, and sends it again after a lost
    connection. The answers themselves are decisions in the ledger.
    """
    _name = 'dsgvo.till.answer'
    _description = "Answer Sent by a Till"
    _log_access = False

    uuid = fields.Char(required=True, readonly=True)
    outcome = fields.Selection(
        [
            ('recorded', "Recorded"),
            ('overruled', "Recorded, but a stricter decision made elsewhere stays in force"),
            ('overruling', "Recorded, and stricter than a consent given elsewhere"),
            ('failed', "Not recorded yet: an error, the till sends it again"),
            ('dropped', "Dropped: nobody is there who could decide this"),
        ], required=True, readonly=True)
    arrived_on = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)

    _once = models.UniqueIndex('(uuid)')

    # === CALLED BY THE TILL === #

    @api.model
    def receive(self, config_id, answers):
        """Record what customers have answered at a till, in the order of its queue, each once.

        The cashier needs no right on contacts. An answer that cannot be recorded stops no other.

        :param list answers: see `CustomerAnswer`
        :return: `{uuid: outcome}` of all of them, with an empty one for answers that have none; the
            till keeps those that have `failed`
        :raise AccessError: if the user does not work at this till
        """
        config = self.env['pos.config']._dsgvo_get_till(config_id)
        # sudo: dsgvo.till.answer - the till was checked, and each customer is in `_find_customers`
        received = self.sudo().with_company(config.company_id)
        parsed = [
            received._parse(config, data) for data in RequestReader(self.env).read_list(answers)]
        known = received._find_known([uuid for uuid, _answer in parsed if uuid])
        outcomes = {uuid: outcome for uuid, outcome in known.items() if outcome != 'failed'}
        customers = received._find_customers(
            config, [answer.partner_id for _uuid, answer in parsed if answer])
        for uuid, answer in parsed:
            if uuid not in outcomes:
                outcomes[uuid] = received._receive_one(config, uuid, answer, customers)
        if 'failed' in known.values():
            received._settle_failed(config)
        return outcomes

    @api.model
    def _find_known(self, uuids):
        known = self.search_fetch([('uuid', 'in', uuids)], ['uuid', 'outcome'])
        return {answer.uuid: answer.outcome for answer in known}

    @api.model
    def _find_customers(self, config, partner_ids):
        """Return `{id that the till knows: contact}` of the customers whom this till may record.

        Whoever was merged is the contact that remains. An archived contact is found as well.
        """
        Partner = self.env['res.partner'].with_context(active_test=False)
        asked = Partner.browse({*partner_ids})
        known = asked._dsgvo_filter_customers()
        successors = self.env['dsgvo.merged.contact']._get_successors(
            (asked - known).ids, config.company_id)
        shared = known.filtered_domain(config.company_id._dsgvo_get_shared_domain())
        return {partner.id: partner for partner in shared} | {
            merged_id: Partner.browse(partner_id) for merged_id, partner_id in successors.items()}

    @api.model
    def _parse(self, config, data):
        """Return the UUID of an answer, empty if it cannot be noted, and the answer or None."""
        try:
            answer = CustomerAnswer(data)
        except ValueError as error:
            _logger.warning("Answer of a customer at till %s: %s", config.id, describe(error))
            uuid = data.get('uuid') if isinstance(data, dict) else ''
            return uuid if isinstance(uuid, str) and NOTABLE.fullmatch(uuid) else '', None
        return answer.uuid, answer

    def _receive_one(self, config, uuid, answer, customers):
        """Record one answer and note its outcome; return the outcome.

        :raise: BUSY, for Odoo then repeats the request
        """
        outcomes = []
        if not uuid:
            self._report(config, 'dropped')
            return 'dropped'
        if not answer:
            return self._note(config, uuid, 'dropped')

        def record():
            outcomes.append(self._record(config, answer, customers.get(answer.partner_id)))

        is_done = self._attempt(config, record)
        return self._note(config, answer.uuid, outcomes[-1] if is_done else 'failed')

    def _attempt(self, config, work, *args):
        """Return whether `work(*args)` went well; else it is undone, and the error is logged.

        :raise: BUSY, for Odoo then repeats the request
        """
        error = attempt(self.env, work, *args)
        if isinstance(error, BUSY):
            raise error
        if error:
            _logger.warning("Answer of a customer at till %s: %s", config.id, describe(error))
        return not error

    def _note(self, config, uuid, outcome):
        """Note what became of an answer, and tell the officers if that is news; return it."""
        # If two tabs send the same answer, the second waits here, and its request is repeated.
        news = self.env.execute_query(SQL(
            """
            INSERT INTO dsgvo_till_answer AS known (uuid, outcome, arrived_on)
            VALUES (%s, %s, now() AT TIME ZONE 'UTC')
                ON CONFLICT (uuid) DO UPDATE SET outcome = EXCLUDED.outcome
             WHERE known.outcome != EXCLUDED.outcome
            RETURNING id
            """, uuid, outcome))
        self.invalidate_model(['outcome'], flush=False)
        if news:
            self._report(config, outcome)
        return outcome

    @api.model
    def _settle_failed(self, config):
        if not self.search_count([('outcome', '=', 'failed')], limit=1):
            config.company_id._dsgvo_settle(FAILED)

    @api.model
    def _report(self, config, outcome):
        """Tell the officers of an answer that is not in force, or ends a consent; names nobody."""
        remind = config.company_id._dsgvo_remind_officers
        if outcome == 'dropped':
            remind(DROPPED, _lt(
                "At the till %(till)s a customer decided on consents, and nothing was recorded."
                " Either the customer was erased, deleted or archived meanwhile, or is a company"
                " now, or the data of the till were damaged. If the customer comes again, ask"
                " anew.",
                till=config.name))
        elif outcome == 'failed':
            remind(FAILED, _lt(
                "An answer of a customer at the till %(till)s could not be recorded because of an"
                " error. It can be a withdrawal. The till keeps it and sends it again every hour."
                " Do not delete the data of its browser. If this reminder stays for a day, show"
                " the log of the server to whoever looks after your Odoo.", till=config.name))
        elif outcome == 'overruled':
            remind(OVERRULED, _lt(
                "A customer agreed at the till %(till)s to what was refused or withdrawn elsewhere,"
                " before the till sent it. Both are in the ledger, and the consent is not in force."
                " If in doubt, ask the customer.", till=config.name),
                'dsgvo.dsgvo_consent_event_action')
        elif outcome == 'overruling':
            remind(OVERRULED, _lt(
                "A customer refused at the till %(till)s what was agreed to elsewhere, before the"
                " till sent it. Both are in the ledger, and the consent is not in force. If in"
                " doubt, ask the customer.", till=config.name),
                'dsgvo.dsgvo_consent_event_action')

    # === RECORDING === #

    @api.model
    def _record(self, config, answer, customer):
        """Record the answers of one customer; return the outcome."""
        subject = customer and customer._dsgvo_subject()._dsgvo_deciding()
        if not subject:
            return 'dropped'
        answers = answer.answers
        if not subject.active:
            # An archived contact consents to nothing, but may withdraw at any time (Art. 7(3)).
            answers = {purpose: given for purpose, given in answers.items() if given == 'refused'}
            if not answers:
                return 'dropped'
        session = self._find_session(config, answer.session_id)
        return self._record_answers(
            config, customer, answers, answer.wordings, answer.get_moment(session.start_at),
            means=answer.means, signature=answer.signature)

    @api.model
    def _find_session(self, config, session_id):
        """Return the session of this till with this id, or else the last one of this till."""
        Session = self.env['pos.session']
        begun = Domain('config_id', '=', config.id) & Domain('start_at', '!=', False)
        return (Session.search(begun & Domain('id', '=', session_id))
                or Session.search(begun, order='start_at desc', limit=1))

    @api.model
    def _record_answers(self, config, customer, answers, wordings, moment, **evidence):
        """Record answers that were given at a till at a moment; return the outcome.

        :param dict wordings: ids of the texts that were shown, by purpose; one that cannot have
            been shown does not count
        :param Moment moment: when the customer answered
        """
        subject = customer._dsgvo_subject()
        subject._dsgvo_check_deciding()
        day = config.company_id._dsgvo_day_of(moment.decided_at)
        disputed = self._find_disputed(subject, answers, moment)
        was_told = subject._dsgvo_allows('notification')
        evidence |= {
            'decided_at': moment.decided_at, 'till': config.name,
            'wordings': self._check_wordings(wordings, config.company_id, day)}
        events = self.env['dsgvo.consent.event'].union(*(
            subject._dsgvo_record({purpose: answers[purpose] for purpose in purposes}, date,
                                  **evidence)
            for date, purposes in self._group_by_day(subject, answers, day).items()))
        disputed = {event: disputed[event.purpose] for event in events if event.purpose in disputed}
        self._let_stricter_win(disputed)
        if not was_told and 'notification' in events.mapped('purpose'):
            # The answer counts also if the sales cannot follow it.
            self._attempt(
                config, self.env['pos.order']._dsgvo_follow_answer, subject, config, moment)
        if not disputed:
            return 'recorded' if events else 'dropped'
        is_consent = any(event.decision == 'granted' for event in disputed)
        return 'overruled' if is_consent else 'overruling'

    @api.model
    def _group_by_day(self, subject, answers, day):
        """Return `{day: purposes}` on which answers count that were given on a day.

        An older consent can have expired before the till sent its renewal. The answer counts from
        the day of that end on, otherwise the end would be the newer decision.
        """
        ends = {
            last.purpose: last.date for last in self.env['dsgvo.consent.event']._query_last(subject)
            if last.decision == 'expired'}
        days = defaultdict(list)
        for purpose in answers:
            days[max(day, ends.get(purpose, day))].append(purpose)
        return days

    @api.model
    def _check_wordings(self, wordings, company, day):
        """Return `{purpose: id}` of the texts that a till of this company can have shown."""
        # Also the version before, which the till has loaded before it was replaced today.
        known = self.env['dsgvo.wording'].with_context(active_test=False).search(
            company._dsgvo_get_shared_domain() & Domain('id', 'in', list(wordings.values())))
        return {
            wording.purpose: wording.id
            for wording in known.filtered('active') | known._filter_valid_on(day)
            if wordings.get(wording.purpose) == wording.id}

    @api.model
    def _find_disputed(self, subject, answers, moment):
        """Return `{purpose: decision}` where something else was decided elsewhere after a moment.

        It is the last decision made elsewhere. If the moment is uncertain, a refusal made elsewhere
        is taken to be after it, a consent not.
        """
        later = self.env['dsgvo.consent.event'].search([
            ('partner_id', '=', subject.id), ('purpose', 'in', list(answers)),
            ('company_id', 'in', self.env.company._dsgvo_same_controller().ids),
            ('decision', '!=', 'expired'), ('recorded_on', '>', moment.earliest)])
        is_consent = {purpose: given == 'granted' for purpose, given in answers.items()}
        last = {
            event.purpose: event
            for event in later.sorted(lambda event: (_get_time(event), event.id))
            if _get_time(event) > (
                moment.earliest if is_consent[event.purpose] else moment.decided_at)}
        return {
            purpose: event for purpose, event in last.items()
            if (event.decision == 'granted') != is_consent[purpose]}

    @api.model
    def _let_stricter_win(self, disputed):
        """Withdraw the disputed consents that are in force.

        A consent that was given at the till and withdrawn elsewhere on the same day would be in
        force, as it is recorded last. The withdrawal has the time of the decision that it enforces,
        so that what the customer decides after that counts.

        :param dict disputed: decisions made elsewhere, by the decision made at the till
        """
        Event = self.env['dsgvo.consent.event']
        last = Event._last_decisions(Event.union(*disputed).partner_id)
        Event.create([
            {'partner_id': event.partner_id.id, 'purpose': event.purpose, 'decision': 'withdrawn',
             'means': 'system', 'date': max(event.date, other.date),
             'decided_at': _get_time(other if event.decision == 'granted' else event)}
            for event, other in disputed.items()
            if last.get((event.partner_id.id, event.purpose)) == 'granted'])


def _get_time(event):
    """Return when a customer decided; of most decisions only the time of recording is known."""
    return event.decided_at or event.recorded_on
