import secrets

from odoo import api, models
from odoo.exceptions import UserError

KEY = 'dsgvo.hash_key'
HEAD = 'dsgvo.ledger_head'  # how the ledger ended when that was noted last


class IrConfigParameter(models.Model):
    """The key of all hashes of the addon: whoever knows it could forge decisions."""
    _inherit = 'ir.config_parameter'

    @api.model
    def _dsgvo_get_key(self):
        """Return the key as bytes, made at the first call; administrators alone can read it."""
        # sudo: ir.config_parameter - the key is used by callers and never shown
        Parameter = self.sudo()
        if not (key := Parameter.get_param(KEY)):
            key = secrets.token_hex(32)
            Parameter.set_param(KEY, key)
            Parameter.flush_model()  # SQL reads it, too
        return key.encode()

    def write(self, vals):
        if {'key', 'value'} & vals.keys():
            self._dsgvo_refuse_key()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dsgvo_key(self):
        self._dsgvo_refuse_key()

    def _dsgvo_refuse_key(self):
        if kept := {KEY, HEAD} & set(self.mapped('key')):
            raise UserError(self.env._(
                "%(key)s cannot be changed or deleted: without it the ledger of consents cannot be"
                " verified, or erased customers are not recognised. It goes when the addon is"
                " uninstalled.", key=", ".join(kept)))
