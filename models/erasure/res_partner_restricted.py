from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ResPartner(models.Model):
    """Art. 18 DSGVO: whom only documents keep, nobody but the privacy officer finds any more."""
    _inherit = 'res.partner'

    dsgvo_restricted = fields.Boolean(
        "Restricted", readonly=True, copy=False,
        help="Kept only for documents that the law demands; hidden from everybody else.")

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, **kwargs):
        """Hide restricted customers from lists, drop-downs, till, mailing and export.

        Also with the filter for archived contacts, which only sets the context. The ORM reads known
        records with `active_test=False`: an invoice still opens and prints.
        """
        if active_test and not self.env.su and not self.env.user.has_group('dsgvo.group_officer'):
            domain = Domain(domain) & Domain('dsgvo_restricted', '!=', True)
        return super()._search(
            domain, offset, limit, order, active_test=active_test, **kwargs)

    @api.model
    def _dsgvo_allowed_domain(self, purpose):
        """Whoever is kept for documents only gets no message, whatever was agreed to before."""
        allowed = super()._dsgvo_allowed_domain(purpose)
        return allowed if purpose == 'storage' else allowed & Domain('dsgvo_restricted', '!=', True)

    def write(self, vals):
        if vals.get('active'):
            # sudo: res.partner - refused whoever asks
            gone = self.sudo().filtered(lambda p: p.dsgvo_restricted or p.dsgvo_erased)
            if gone:
                raise UserError(self.env._(
                    "This contact cannot be restored: the customer was erased and is kept only for"
                    " documents that the law demands. Create a new contact if the customer comes"
                    " back."))
        return super().write(vals)
