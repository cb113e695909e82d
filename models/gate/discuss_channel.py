from odoo import models
from odoo.fields import Domain
from odoo.tools import email_normalize

from .dsgvo_message_rule import UNLISTED
from .origin import with_origin
from .recipients import Recipients


class DiscussChannel(models.Model):
    _inherit = 'discuss.channel'

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Mail nobody who was mentioned without consent; who takes part in a chat sees it there."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        members = [recipient for recipient in recipients if recipient['notif'] == 'web_push']
        return members + self._dsgvo_permitted_recipients(
            [recipient for recipient in recipients if recipient['notif'] != 'web_push'],
            message, msg_vals or {}, **kwargs)

    def invite_by_email(self, emails):
        """One invitation is by hand; of several, whoever invites hears which ones do not leave.

        Members do not count, since Odoo invites none again.
        """
        invited = {email for email in map(email_normalize, emails) if email}
        invited -= self._dsgvo_members_among(invited)
        if len(invited) < 2:
            return super(DiscussChannel, with_origin(self, by_hand=True)).invite_by_email(emails)
        refused = Recipients(self.env, UNLISTED, self.env.company).refused_addresses(
            'mail', invited)
        result = super(DiscussChannel, with_origin(self, kind=UNLISTED)).invite_by_email(
            sorted(invited - refused))
        if refused:
            self.env.user._bus_send('simple_notification', {
                'type': 'warning', 'sticky': True,
                'message': self.env._(
                    "No invitation was sent to %(addresses)s. An invitation of several persons "
                    "is advertising, and these persons did not consent to it. Invite each of "
                    "them alone if you know them.", addresses=", ".join(sorted(refused)))})
        return result

    def _dsgvo_members_among(self, emails):
        """Return those of the normalised addresses that Odoo knows as those of members."""
        members = self.env['discuss.channel.member'].search(
            Domain('channel_id', 'in', self.ids) & Domain.OR(
                Domain(fname, '=ilike', email)
                for email in emails for fname in ('partner_id.email', 'guest_id.email')))
        return {email_normalize(member.partner_id.email or member.guest_id.email)
                for member in members}
