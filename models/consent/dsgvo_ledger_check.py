import logging
from itertools import islice

from odoo import api, fields, models

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
    findings = fields.Text(readonly=True)
    state = fields.Selection(
        [('whole', "Whole"), ('broken', "Broken")], compute='_compute_state', store=True)

    @api.depends('finding_count')
    def _compute_state(self):
        for check in self:
            check.state = 'broken' if check.finding_count else 'whole'

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
        """Verify and return the `dsgvo.ledger.check` that says what was found."""
        comparison = self._prepare_comparison()  # with no more than what is compared below
        findings, count = [], 0
        for found, texts in self._find():
            count += found
            findings += islice(texts, LISTED - len(findings))
        # sudo: dsgvo.consent.event - the officer verifies all companies
        event_count = self.env['dsgvo.consent.event'].sudo().search_count([])
        # sudo: dsgvo.ledger.check - what was found is written by Odoo only
        return self.sudo().create({
            'event_count': event_count,
            'finding_count': count,
            'findings': "\n".join(findings) or False,
        } | comparison)

    def _find(self):
        """Return an iterator over `(number of findings, their texts)`. Extend with `yield from`."""
        Event = self.env['dsgvo.consent.event']
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL work_mem = '64MB'")  # what is sorted fits, a third faster
        for share, rows in find_breaks(self.env.cr):
            _logger.info("Verifying the consent ledger: %d %%, %s findings", share * 100, len(rows))
            yield len(rows), (self._describe(*row) for row in rows)
        for event_id, was_missing in Event._find_changed_evidence():
            yield 1, [self._describe_evidence(event_id, was_missing)]
        for wording in self.env['dsgvo.wording']._find_forged():
            yield 1, [self.env._("The wording %(name)s was changed.", name=wording.display_name)]
        if differing := count_differing(self.env):
            yield 1, [self.env._(
                "%(count)s contacts do not show what the ledger says, so orders and mailings "
                "use wrong consents. Press Write Contacts Anew to correct them.", count=differing)]

    def _prepare_comparison(self):
        """Return what else the verification says, before it. Extend with `super() | {…}`."""
        return {}

    def _describe_evidence(self, event_id, was_missing):
        if was_missing:
            return self.env._(
                "Note, signature or scan of decision %(event)s was missing or changed already when"
                " the addon was updated to 19.0.1.2.0.", event=event_id)
        return self.env._(
            "Note, signature or scan of decision %(event)s was changed or removed.", event=event_id)

    def _describe(self, chain, event, position, what):
        names = {'chain': chain, 'event': event, 'position': position}
        return {
            'changed': self.env._(
                "Decision %(event)s was changed (position %(position)s of chain %(chain)s).",
                **names),
            'removed_before': self.env._(
                "Before decision %(event)s a decision was removed or inserted (position"
                " %(position)s of chain %(chain)s).", **names),
            'removed_after': self.env._(
                "After decision %(event)s a decision was removed (position %(position)s of chain"
                " %(chain)s).", **names),
            'all_removed': self.env._("All decisions of chain %(chain)s were removed.", **names),
            'inserted': self.env._("Decision %(event)s was not recorded by Odoo.", **names),
            'moved': self.env._(
                "Decision %(event)s was moved to another customer (position %(position)s of chain"
                " %(chain)s).", **names),
        }[what]
