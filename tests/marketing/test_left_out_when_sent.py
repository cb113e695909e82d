from odoo.tests import tagged

from .common import MarketingCommon


@tagged('post_install', '-at_install')
class TestLeftOutWhenSent(MarketingCommon):
    """A mailing notes who got nothing: there is no other record of them."""

    def test_mailing_notes_at_the_end_who_was_left_out(self):
        mailing = self._create_mailing(self.contacts)
        self._send(mailing)
        noted = [{'state': 'done', 'dsgvo_unasked_when_sent': 1, 'dsgvo_refused_when_sent': 1}]
        self.assertRecordValues(mailing, noted)
        self.unasked.consent_marketing = 'granted'
        mailing.sudo().write({'state': 'done'})
        self.assertRecordValues(mailing, noted)

    def test_mailing_of_nobody_notes_it_too(self):
        mailing = self._create_mailing(self.refused)
        mailing.sudo().write({'state': 'in_queue'})
        with self.mock_mail_gateway():
            self.env.ref('mass_mailing.ir_cron_mass_mailing_queue').method_direct_trigger()
        self.assertRecordValues(mailing, [{
            'state': 'done', 'dsgvo_unasked_when_sent': 0, 'dsgvo_refused_when_sent': 1}])

    def test_copy_notes_its_own(self):
        mailing = self._create_mailing(self.contacts)
        self._send(mailing)
        self.assertFalse(mailing.copy().dsgvo_unasked_when_sent)
