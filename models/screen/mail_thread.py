from odoo import models

from .covering import MASK


class MailThread(models.AbstractModel):
    _inherit = 'mail.thread'

    def _web_push_send_notification(
            self, devices, private_key, public_key, payload_by_lang=None, payload=None):
        """Tell screened users only that there is something: it is shown over whatever is open."""
        screened = devices.browse()
        if payload and self._dsgvo_of_customers():
            screened = devices.filtered(lambda device: any(
                user.has_group('dsgvo.group_screened') for user in device.partner_id.user_ids))
        if screened:
            covered = payload | {'title': MASK, 'options': payload['options'] | {'body': MASK}}
            super()._web_push_send_notification(
                screened, private_key, public_key, payload=covered)
        return super()._web_push_send_notification(
            devices - screened, private_key, public_key, payload_by_lang=payload_by_lang,
            payload=payload)
