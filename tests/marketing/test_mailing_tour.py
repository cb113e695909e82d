from odoo.tests import HttpCase, tagged

from .common import MarketingCommon


@tagged('post_install', '-at_install')
class TestMailingTour(MarketingCommon, HttpCase):
    def test_form_says_who_is_left_out_and_sends_to_the_others(self):
        mailing = self._create_mailing(self.contacts)
        self.start_tour(
            f'/odoo/mailing.mailing/{mailing.id}', 'dsgvo_mailing', login='dsgvo_marketing')
        self.assertEqual(mailing.state, 'in_queue')
        with self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.env.ref('mass_mailing.ir_cron_mass_mailing_queue').method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(mailing.mailing_trace_ids.mapped('email'), [self.granted.email])
