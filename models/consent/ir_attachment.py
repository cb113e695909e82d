import base64

from odoo import api, models
from odoo.exceptions import UserError

EVENT = 'dsgvo.consent.event'
PLACE = {'res_model', 'res_id', 'res_field', 'store_fname', 'db_datas', 'type', 'url'}


class IrAttachment(models.Model):
    """A signature or scan is evidence, as the decision is that it belongs to."""
    _inherit = 'ir.attachment'

    def write(self, vals):
        """Refuse to change a proof; moving the same content to another storage goes on."""
        if vals.keys() & (PLACE | {'raw', 'datas'}) and (proofs := self._dsgvo_filter_proofs()):
            raw = vals.get('raw') or base64.b64decode(vals.get('datas') or b'')
            if PLACE & vals.keys() or any(proof.raw != raw for proof in proofs):
                self._dsgvo_refuse_proofs()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dsgvo_proof(self):
        if self._dsgvo_filter_proofs():
            self._dsgvo_refuse_proofs()

    def _dsgvo_filter_proofs(self):
        # sudo: ir.attachment - refused whoever asks
        return self.sudo().filtered(
            lambda file: file.res_model == EVENT and file.res_field == 'signature')

    def _dsgvo_refuse_proofs(self):
        raise UserError(self.env._(
            "The signature or scan of a consent decision cannot be changed or deleted: it is"
            " evidence. It goes when the customer is erased."))
