from odoo import models

from .origin import with_origin


class DsgvoNotification(models.Model):
    _inherit = 'dsgvo.notification'

    def _send_sms(self):
        """Tell the gate the document of the SMS, which is made without one."""
        return super(DsgvoNotification, with_origin(
            self, model=self._name, company_id=self.company_id.id))._send_sms()
