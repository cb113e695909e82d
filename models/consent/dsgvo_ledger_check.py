import logging
from itertools import islice

from odoo import api, fields, models
from odoo.tools import format_datetime

from .current_consents import count_differing
from .ledger import find_breaks

_logger = logging.getLogger(__name__)
LISTED = 100  # More findings than that are counted, not named.


class DsgvoLedgerCheck(models.Model):
    """One verification of the ledger, kept as evidence that it was whole on that day."""
    _name = 'dsgvo.ledger.check'
    _description = "Verification of the Ledger"
    _order = 'id desc'
    _rec_name = 'create_date'

    create_date = fields.Datetime("Verified On", readonly=True)
    create_uid = fields.Many2one('res.users', "Verified By", readonly=True)
    event_count = fields.Integer("Decisions", readonly=True)
    finding_count = fields.Integer("Number of Findings", readonly=True)
    found = fields.Json(readonly=True)  # pairs of code and values, see `_get_texts`
    findings = fields.Text(compute='_compute_findings')
    state = fields.Selection(
        [('whole', "Whole"), ('broken', "Broken")], compute='_compute_state', store=True)

    @api.depends_context('lang', 'tz')
    @api.depends('create_date')
    def _compute_display_name(self):
        for check in self:
            check.display_name = format_datetime(self.env, check.create_date)

    @api.depends('finding_count')
    def _compute_state(self):
        for check in self:
            check.state = 'broken' if check.finding_count else 'whole'

    @api.depends_context('lang')
    @api.depends('found')
    def _compute_findings(self):
        texts = self._get_texts()
        for check in self:
            check.findings = "\n".join(
                texts.get(code, code) % values for code, values in check.found or ()) or False

    def action_verify(self):
        """Verify the whole ledger, whichever checks are selected, and open the result.

        :raise AccessError: for everybody but the privacy officer
        """
        self.check_access('read')
        return {
            'type': 'ir.actions.act_window',
            'res_model': self._name,
            'res_id': self._verify().id,
            'view_mode': 'form',
        }

    def action_refresh_contacts(self):
        """Write the consents of all contacts anew from the ledger, and verify again.

        :raise AccessError: for everybody but the privacy officer
        """
        self.check_access('read')
        # sudo: res.partner - what the ledger says is not the officer's to choose
        self.env['res.partner'].sudo()._dsgvo_refresh_consents()
        return self.action_verify()

    @api.model
    def _cron_verify(self):
        self._verify()

    @api.model
    def _verify(self):
        """Verify and return the `dsgvo.ledger.check` with the findings."""
        comparison = self._prepare_comparison()  # with no more than what is compared below
        found, count = [], 0
        for number, findings in self._find():
            count += number
            found += islice(findings, LISTED - len(found))
        # sudo: dsgvo.consent.event - the officer verifies all companies
        event_count = self.env['dsgvo.consent.event'].sudo().search_count([])
        # sudo: dsgvo.ledger.check - what was found is written by Odoo only
        return self.sudo().create({
            'event_count': event_count,
            'finding_count': count,
            'found': found,
        } | comparison)

    def _find(self):
        """Return an iterator over `(number of findings, findings)`. Extend with `yield from`.

        A finding is a pair of a code of `_get_texts` and a dict of numbers and names for its text.
        """
        Event = self.env['dsgvo.consent.event']
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL work_mem = '64MB'")  # what is sorted fits, a third faster
        for share, rows in find_breaks(self.env.cr):
            _logger.info("Verifying the consent ledger: %d %%, %s findings", share * 100, len(rows))
            yield len(rows), (
                (what, {'chain': chain, 'event': event, 'position': position})
                for chain, event, position, what in rows)
        for event_id, was_missing in Event._find_changed_evidence():
            yield 1, [('missing_before' if was_missing else 'evidence', {'event': event_id})]
        for wording in self.env['dsgvo.wording']._find_forged():
            yield 1, [('wording', {'name': wording.display_name})]
        if differing := count_differing(self.env):
            yield 1, [('contacts', {'count': differing})]

    def _prepare_comparison(self):
        """Return what else the verification says, before it. Extend with `super() | {…}`."""
        return {}

    @api.model
    def _get_texts(self):
        """Return `{code of a finding: its text}` for whoever reads. Extend with `super() | {…}`.

        A verification is mostly made by a job, which has no language.
        """
        return {
            'changed': self.env._(
                "Decision %(event)s was changed (position %(position)s of chain %(chain)s)."),
            'removed_before': self.env._(
                "Before decision %(event)s a decision was removed or inserted (position"
                " %(position)s of chain %(chain)s)."),
            'removed_after': self.env._(
                "After decision %(event)s a decision was removed (position %(position)s of chain"
                " %(chain)s)."),
            'all_removed': self.env._("All decisions of chain %(chain)s were removed."),
            'inserted': self.env._("Decision %(event)s was not recorded by Odoo."),
            'moved': self.env._(
                "Decision %(event)s was moved to another customer (position %(position)s of chain"
                " %(chain)s)."),
            'evidence': self.env._(
                "Note, signature or scan of decision %(event)s was changed or removed."),
            'missing_before': self.env._(
                "Note, signature or scan of decision %(event)s was missing or changed already when"
                " the addon was updated to 19.0.1.2.0."),
            'wording': self.env._("The wording %(name)s was changed."),
            'contacts': self.env._(
                "Contacts that do not show what the ledger says, so that orders and mailings use "
                "wrong consents: %(count)s. Press Write Contacts Anew to correct them."),
            'in_words': "%(words)s",  # of a verification before the update to 19.0.1.2.0
        }
