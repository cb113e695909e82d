import logging

from odoo import api, fields, models, tools
from odoo.fields import Command, Domain
from odoo.tools.mail import generate_tracking_message_id

from ..jobs.isolation import BUSY, attempt, describe, refuse_early

_logger = logging.getLogger(__name__)
# Message types that Odoo sends by itself. Each method sends one message and returns None, or the
# reason why not: a value of the field `failure`, or `REFUSED`.
CHANNELS = {'M': '_send_email', 'S': '_send_sms'}
REFUSED = 'refused'  # nobody whom it would reach agrees any more


class DsgvoNotification(models.Model):
    """How the messages leave that need no clerk, by one `_send_<channel>` for each channel."""
    _inherit = 'dsgvo.notification'

    def _trigger_sending(self):
        cron = self.env.ref('dsgvo.ir_cron_notify', raise_if_not_found=False)
        if cron and any(notification.notification_type in CHANNELS for notification in self):
            # sudo: ir.cron - whoever changes an order makes its message leave, nothing else runs
            cron.sudo()._trigger()

    @api.model
    def _cron_send(self, batch_size=50):
        """Send waiting e-mails and SMS, one transaction each, until the cron's time is up."""
        Failure = self.env['dsgvo.job.failure']
        domain = (
            Domain('state', '=', 'todo') & Domain('notification_type', 'in', [*CHANNELS])
            & Failure._get_paused_domain('notify', self._name))
        commit_progress = self.env['ir.cron']._commit_progress
        ids = self.search(domain, limit=batch_size, order='id').ids
        commit_progress(remaining=self.search_count(domain))
        for notification_id in ids:
            # A commit drops the cache and the lock: lock, then look at the state again.
            notification = self.browse(notification_id).try_lock_for_update()
            Failure._run(
                'notify', notification.filtered_domain(domain).with_company(
                    notification.company_id), lambda waiting: waiting._send())
            if not commit_progress(1):
                break

    def _send(self):
        """Send one message, unless the customer or the order does not want it any more."""
        if self._cancel_obsolete():
            return
        # The database must raise its refusals before the message has left.
        self.write({'state': 'sent', 'told_on': fields.Datetime.now()})
        self.flush_recordset()
        refuse_early(self.env.cr)
        send = getattr(self, CHANNELS[self.notification_type])
        failures = []
        if error := attempt(self.env, lambda: failures.append(send())):
            if isinstance(error, BUSY):
                raise error  # Nothing of this message is committed: the next run sends it.
            _logger.error("Customer message %s failed: %s", self.id, describe(error))
        failure = 'error' if error else failures[0]
        if failure == REFUSED:
            self.write({'state': 'cancelled', 'told_on': False})
        elif failure:
            self.write({'state': 'failed', 'told_on': False, 'failure': failure})

    def _send_email(self):
        """Send as e-mail and keep no copy of it; see `CHANNELS`."""
        recipient = self.partner_id._dsgvo_reached_by('email')
        if not tools.email_normalize(recipient.email):
            return 'no_email'
        template = self.env.ref(f'dsgvo.mail_template_{self.kind}')
        self.message_ref = generate_tracking_message_id(f'dsgvo-{self.id}')
        mail_id = template.send_mail(self.id, force_send=True, email_values={
            'message_id': self.message_ref, 'recipient_ids': [Command.link(recipient.id)],
            'email_to': False, 'auto_delete': True})
        if not mail_id:
            return REFUSED
        mail = self.env['mail.mail'].browse(mail_id).exists()
        if mail.state == 'exception':
            mail.unlink()
            return 'mail_server'
        return None

    def _send_sms(self):
        """Send as SMS; see `CHANNELS`."""
        recipient = self.partner_id._dsgvo_reached_by('phone')
        number = recipient and recipient._phone_format(fname='phone')
        if not number:
            return 'no_phone'
        template = self.env.ref(f'dsgvo.sms_template_{self.kind}')
        sms = self.env['sms.sms'].create({
            'number': number,
            'partner_id': recipient.id,
            'body': template._render_field('body', self.ids, compute_lang=True)[self.id],
        })
        if not sms:
            return REFUSED
        sms.send()
        if sms.exists().state == 'error':
            sms.unlink()
            return 'sms_service'
        return None
