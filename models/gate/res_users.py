from odoo import models


class ResUsers(models.Model):
    _inherit = 'res.users'

    def _dsgvo_tell_left_out(self, partners, addresses=()):
        """Tell the author of a message to several customers which of them get nothing, and why.

        Only employees are told, because the note says who did not consent.

        :param addresses: e-mail addresses that belong to no contact
        """
        if self._is_internal():
            self._bus_send('simple_notification', {
                'type': 'warning', 'sticky': True,
                'message': self.env._(
                    "%(names)s did not get this message: what goes to several customers is"
                    " advertising, and these did not consent to it. Write to each of them alone if"
                    " it is about their own business.", names=", ".join(
                        sorted([*partners.mapped('display_name'), *filter(None, addresses)])))})
