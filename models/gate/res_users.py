from odoo import models


class ResUsers(models.Model):
    _inherit = 'res.users'

    def _dsgvo_tell_left_out(self, names):
        """Tell who writes to several customers which of them get nothing, and why.

        Nobody but an employee hears it: it says who did not consent.

        :param names: as this user sees the customers
        """
        if self._is_internal():
            self._bus_send('simple_notification', {
                'type': 'warning', 'sticky': True,
                'message': self.env._(
                    "%(names)s did not get this message: what goes to several customers is"
                    " advertising, and these did not consent to it. Write to each of them alone if"
                    " it is about their own business.", names=", ".join(sorted(names)))})
