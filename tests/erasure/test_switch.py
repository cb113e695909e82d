from odoo.tests import tagged

from .test_periods import PeriodCommon


@tagged('post_install', '-at_install')
class TestSwitchOff(PeriodCommon):
    """Who was noted before erasing was switched off is not erased by it any more."""

    def _switch_off(self):
        self.env['dsgvo.first.steps'].with_user(self.officer).create({}).action_switch_off()

    def test_who_waits_is_dropped_when_erasing_after_the_sale_is_switched_off(self):
        self.env.company.dsgvo_grace_checkout = 5
        blocked, in_grace = self.customer, self._create_customer(name="In der Frist")
        order = self._order()
        self._sell(self._order())
        self._erasure().sudo().not_before = False
        self._sell(self._order(customer=in_grace))
        self._run_cron()
        self.assertEqual(self._erasure().state, 'blocked')
        self.assertEqual(self._erasure(in_grace).state, 'due')
        self._switch_off()
        self.assertFalse(self.env['dsgvo.erasure'].search([]))
        order.sudo()._action_cancel()
        self._run_cron()
        self.assertEqual((blocked | in_grace).exists(), blocked | in_grace)

    def test_the_job_asks_the_switch_whoever_turned_it(self):
        self._sell(self._order())
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_company SET dsgvo_erase_after_sale = FALSE WHERE id = %s",
            [self.env.company.id])
        self.env.invalidate_all()
        self._run_cron()
        self.assertTrue(self.customer.exists())
        self.assertFalse(self._erasure())

    def test_wish_of_the_customer_does_not_depend_on_the_switch(self):
        for reason in 'withdrawal', 'request', 'manual':
            with self.subTest(reason=reason):
                customer = self._create_customer()
                self._sell(self._order(customer=customer))
                self.env['dsgvo.erasure']._enqueue(customer, reason, self.env.company)
                self._switch_off()
                self.assertEqual(self._erasure(customer).reason, reason)
                self.env.company.dsgvo_erase_after_sale = True

    def test_another_company_that_is_switched_off_changes_nothing(self):
        self._sell(self._order())
        self.env['res.company'].create({'name': "Laden am Markt"}).dsgvo_erase_after_sale = False
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_who_is_restricted_stays_so(self):
        self._sell(self._order(), to_invoice=True)
        self._run_cron()
        self._switch_off()
        self._run_cron()
        self.assertEqual(self._erasure().state, 'restricted')

    def test_who_waits_is_dropped_when_a_period_is_switched_off_or_changed(self):
        period = self._period('inactive')
        for change in period.action_switch_off, lambda: period.write({'duration': 4}):
            customer = self._old_customer(5 * 365)
            self.env.company.dsgvo_grace_retention = 5
            self._preview(period).action_switch_on()
            self._find_daily()
            self.assertEqual(self._erasure(customer).state, 'due')
            change()
            self.assertFalse(self._erasure(customer))


@tagged('post_install', '-at_install')
class TestStrongerReason(PeriodCommon):
    def test_stronger_reason_takes_the_place_of_a_weaker_one_and_never_the_other_way(self):
        reasons = ('checkout', 'retention', 'withdrawal', 'manual', 'request')
        period = self._period('inactive')
        for first in reasons:
            for second in reasons:
                with self.subTest(first=first, second=second):
                    customer = self._create_customer()
                    for reason in first, second:
                        self.env['dsgvo.erasure']._enqueue(
                            customer, reason, self.env.company,
                            period if reason == 'retention' else None)
                    expected = max(first, second, key=reasons.index)
                    self.assertRecordValues(self._erasure(customer), [{'reason': expected}])

    def test_reason_of_another_company_brings_its_company(self):
        other = self.env['res.company'].create({'name': "Laden am Markt"})
        self.env['dsgvo.erasure']._enqueue(self.customer, 'checkout', self.env.company)
        self.env['dsgvo.erasure']._enqueue(self.customer, 'withdrawal', other)
        self.assertRecordValues(self._erasure(), [
            {'reason': 'withdrawal', 'company_id': other.id}])

    def test_given_up_balance_outlives_the_reason(self):
        for reason, accepted in ('manual', True), ('request', False):
            self.env['dsgvo.erasure']._enqueue(
                self.customer, reason, self.env.company, balance_accepted=accepted)
        self.assertRecordValues(
            self._erasure(), [{'reason': 'request', 'balance_accepted': True}])
