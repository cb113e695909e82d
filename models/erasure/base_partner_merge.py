from odoo import models

from ..consent.res_partner import MERGING
from .dsgvo_erasure import REASONS_BY_STRENGTH


class BasePartnerMerge(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    def _merge(self, partner_ids, *args, **kwargs):
        """Let the contacts go whose erasure has moved to the one that remains.

        The names of these contacts are noted there: its erasure will look for them.
        """
        # sudo: res.partner - what is noted stands on the contacts that the user merges
        contacts = self.env['res.partner'].sudo().browse(partner_ids).exists()
        former = {contact: contact._dsgvo_get_tracked() for contact in contacts}
        merging = self.with_context(dsgvo_erasures_moved=MERGING)
        outcome = super(BasePartnerMerge, merging)._merge(partner_ids, *args, **kwargs)
        remaining = contacts.exists()
        if gone := contacts - remaining:
            remaining._dsgvo_remember(set().union(*map(former.get, gone)))
        return outcome

    def _dsgvo_find_obstacle(self, partners):
        # sudo: dsgvo.erasure - whoever merges may not see erasures, but must not undo one
        if partners & self.env['dsgvo.erasure'].sudo()._get_placeholders():
            return self.env._(
                "The anonymous customer stands for everybody who was erased and cannot be merged"
                " with a contact. Merge the other contacts without it.")
        if partners.filtered(lambda partner: partner.dsgvo_restricted or partner.dsgvo_erased):
            return self.env._(
                "One of these customers was erased and is kept only for documents that the law"
                " demands. Such a contact cannot be merged. Take it out of the selection.")
        return super()._dsgvo_find_obstacle(partners)

    def _dsgvo_before_merge(self, partners, dst_partner):
        self._dsgvo_keep_strongest_erasure(partners)
        return super()._dsgvo_before_merge(partners, dst_partner)

    def _dsgvo_keep_strongest_erasure(self, partners):
        """Leave one open erasure to contacts that become one: the one with the strongest reason.

        An order of their own is stronger than one that they only got or paid. A customer who was
        erased before a backup was restored is erased again. A balance of vouchers stays given up
        only if the officer saw the vouchers of all contacts.
        """
        # sudo: dsgvo.erasure - whoever merges may not see erasures, but must not undo one
        noted = self.env['dsgvo.erasure'].sudo().search(
            [('partner_id', 'in', partners.ids), ('state', 'in', ('due', 'blocked'))])
        if not noted:
            return
        strongest = min(noted, key=lambda erasure: (
            REASONS_BY_STRENGTH.index(erasure.reason), erasure.is_recipient, erasure.id))
        strongest.is_replayed = any(noted.mapped('is_replayed'))
        seen = noted.filtered('balance_accepted').partner_id
        # sudo: dsgvo.erasure.blocker - whether there is a balance, for whoever merges
        unseen = self.env['dsgvo.erasure.blocker'].sudo()._find_balances(partners - seen)
        strongest.balance_accepted = bool(seen) and not unseen
        (noted - strongest).unlink()
