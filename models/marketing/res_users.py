from odoo import models


class ResUsers(models.Model):
    _inherit = 'res.users'

    def _deactivate_portal_user(self, **post):
        """Take the tick about advertising for the refusal of this person, whatever its address.

        Odoo itself blocks the address and the number, if there are any.
        """
        if post.get('request_blacklist'):
            # sudo: res.partner - the portal user decides about the own contact
            self.sudo().partner_id._dsgvo_subject()._dsgvo_unsubscribe('portal')
        return super()._deactivate_portal_user(**post)
