from odoo import models

from .origin import with_origin


class MailFollowersEdit(models.TransientModel):
    _inherit = 'mail.followers.edit'

    def edit_followers(self):
        """Somebody invites people to follow a document, with some words of welcome."""
        return super(MailFollowersEdit, with_origin(self, by_hand=True)).edit_followers()
