from odoo import api, models

from .origin import with_origin

INVOICE = 'account.email_template_edi_invoice'


class AccountMoveSend(models.AbstractModel):
    _inherit = 'account.move.send'

    @api.model
    def _send_mail(self, move, mail_template, **kwargs):
        """An invoice is one, whatever template the shop uses for it."""
        return super()._send_mail(with_origin(move, sender=INVOICE), mail_template, **kwargs)
