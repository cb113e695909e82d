from odoo import api, models
from odoo.http import request

from .covering import COOKIE, SCREENED, SHOWN_COOKIE


class ResUsers(models.Model):
    _inherit = 'res.users'

    @api.model
    def _dsgvo_is_screened(self):
        """Return whether other people look at the screen of this request.

        By the group of the user, by the till, or by the browser. A browser says so in a cookie: it
        comes with every request, whatever part of Odoo sends it, and stays when the page is loaded
        anew.
        """
        return bool(
            self.env.context.get(SCREENED)
            or (request and request.cookies.get(COOKIE))
            or self.env.user.has_group('dsgvo.group_screened'))

    @api.model
    def _dsgvo_get_shown(self):
        """Return the records that the browser of this request shows, such as "res.partner,42"."""
        shown = request.cookies.get(SHOWN_COOKIE) if request else ''
        return set((shown or '').replace(':', ',').split('|'))
