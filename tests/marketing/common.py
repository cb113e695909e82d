from odoo.tests import new_test_user

from odoo.addons.mail.tests.common import MailCase
from odoo.addons.sms.tests.common import MockSMS

from ..common import DsgvoCommon


class MarketingCommon(DsgvoCommon, MailCase, MockSMS):
    """One contact for each answer to advertising, and a marketing user without further rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_marketing = new_test_user(
            cls.env, 'dsgvo_marketing', email='marketing@shop.example',
            groups='base.group_user,mass_mailing.group_mass_mailing_user')
        cls.granted, cls.refused, cls.unasked = (
            cls._create_customer(
                name=name, email=f'{name.lower()}@leser.example', phone=f'+49 30 90182{number}')
            for number, name in enumerate(["Gretel", "Rudolf", "Ulla"]))
        cls.granted.consent_marketing = 'granted'
        cls.refused.consent_marketing = 'refused'
        cls.contacts = cls.granted | cls.refused | cls.unasked

    def _create_mailing(self, records, mailing_type='mail', **values):
        """Return a mailing of the marketing user on exactly these records."""
        return self.env['mailing.mailing'].with_user(self.user_marketing).create({
            'subject': "Lesung am Freitag",
            'body_html': "<p>Lesung</p>",
            'body_plaintext': "Lesung",
            'mailing_type': mailing_type,
            'mailing_model_id': self.env['ir.model']._get_id(records._name),
            'mailing_domain': repr([('id', 'in', records.ids)]),
        } | values)

    def _create_mailing_contacts(self, *emails, **values):
        return self.env['mailing.contact'].create([
            {'name': "Empfänger", 'email': email} | values for email in emails])

    def _send(self, mailing):
        """Send the mailing as the cron does, without a mail leaving."""
        mailing.action_put_in_queue()
        with self.mock_mail_gateway(), self.mockSMSGateway(sms_allow_unlink=False):
            self.env.ref('mass_mailing.ir_cron_mass_mailing_queue').method_direct_trigger()

    def _assert_reached(self, mailing, records):
        """Only these records have a trace, and nobody else has a mail or an SMS."""
        # sudo: mail.mail, sms.sms, mailing.trace - looking at the queues
        mailing = mailing.sudo()
        self.assertEqual(sorted(mailing.mailing_trace_ids.mapped('res_id')), sorted(records.ids))
        Message = self.env['sms.sms' if mailing.mailing_type == 'sms' else 'mail.mail'].sudo()
        self.assertEqual(
            Message.search_count([('mailing_id', '=', mailing.id)]), len(records))
