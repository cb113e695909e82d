from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_preview import OfficerCommon


class PeriodCommon(OfficerCommon):
    def _period(self, kind):
        return self.env['dsgvo.erasure.period'].with_user(self.officer).search(
            [('kind', '=', kind), ('company_id', '=', self.env.company.id)])

    def _preview(self, period):
        action = period.action_preview()
        return self.env[action['res_model']].with_user(self.officer).browse(action['res_id'])

    def _age(self, records, days, *columns):
        """Let records have happened long ago; write_date stays that of today."""
        self.env.flush_all()
        for column in columns:
            self.env.cr.execute(
                f'UPDATE {records._table} SET {column} = {column} - %s WHERE id = ANY(%s)',
                [timedelta(days=days), records.ids])
        self.env.invalidate_all()

    def _find_daily(self):
        with self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_find').method_direct_trigger()
        self.env.invalidate_all()

    def _old_customer(self, days, **values):
        customer = self._create_customer(name="Alte Kundin", customer_rank=1, **values)
        self._age(customer, days, 'create_date')
        return customer


@tagged('post_install', '-at_install')
class TestErasurePeriods(PeriodCommon):
    def test_every_company_has_its_periods_and_all_are_off(self):
        company = self.env['res.company'].create({'name': "Zweigstelle"})
        periods = self.env['dsgvo.erasure.period'].sudo().search([])
        self.assertEqual(
            sorted(periods.filtered(lambda period: period.company_id == company).mapped('kind')),
            ['cart', 'inactive', 'quotation', 'sold'])
        self.assertFalse(any(periods.mapped('is_on')))

    def test_off_until_the_officer_saw_exactly_this_preview(self):
        period = self._period('inactive')
        for values in {'is_on': True}, {'is_on': True, 'previewed_on': fields.Datetime.now()}:
            with self.assertRaisesRegex(UserError, "switched on in its preview"):
                period.write(values)
        stale = self._preview(period)
        period.duration = 2
        with self.assertRaisesRegex(UserError, "changed after this preview"):
            stale.action_switch_on()
        with self.assertRaisesRegex(UserError, "changed after this preview"):
            stale.action_erase()
        self._preview(period).action_switch_on()
        self.assertRecordValues(period, [{'is_on': True, 'previewed_by_id': self.officer.id}])
        period.duration = 4
        self.assertRecordValues(period, [{'is_on': False, 'previewed_on': False}])

    def test_period_that_is_switched_off_while_the_job_works_notes_nobody(self):
        customer, period = self._old_customer(1500), self._period('inactive')
        Period = type(period)
        find = Period._find

        def find_and_switch_off(self):
            found = find(self)
            self.write({'is_on': False})
            return found

        self._preview(period).action_switch_on()
        self.patch(Period, '_find', find_and_switch_off)
        self._find_daily()
        self.assertFalse(self._erasure(customer))
        self.patch(Period, '_find', find)
        self._preview(period).action_switch_on()
        self._find_daily()
        self.assertEqual(self._erasure(customer).state, 'due')

    def test_preview_of_nobody_shows_no_empty_table(self):
        preview = self._preview(self._period('inactive'))
        self.assertRecordValues(preview, [{
            'total_count': 0, 'people': False, 'deleted': False, 'taken_out': False,
            'kept': False}])

    def test_clerk_and_cashier_switch_nothing(self):
        period = self._period('inactive')
        for user in self.clerk, self.cashier:
            with self.assertRaises(AccessError):
                period.with_user(user).action_preview()
            with self.assertRaises(AccessError):
                period.with_user(user).action_switch_off()

    def test_inactive_customer_goes_by_itself(self):
        old = self._old_customer(1500)
        period = self._period('inactive')
        self._find_daily()
        self.assertFalse(self._erasure(old))
        preview = self._preview(period)
        self.assertIn("Alte Kundin", preview.people)
        preview.action_switch_on()
        self._find_daily()
        self.assertRecordValues(self._erasure(old), [
            {'reason': 'retention', 'state': 'due', 'period_id': period.id}])
        self._run_cron()
        self.assertFalse(old.exists())
        self.assertTrue(self.customer.exists())

    def test_period_counts_from_the_last_business_and_not_from_the_last_write(self):
        old, recent = self._old_customer(1500), self._old_customer(1500)
        for customer, days in (old, 1400), (recent, 400):
            order = self._order(customer=customer)
            order.picking_ids.action_cancel()
            self._age(order, days, 'date_order')
            self._age(order.picking_ids, days, 'scheduled_date')
        old.comment = "heute geändert"
        self.assertEqual(self._period('inactive')._find() & (old | recent), old)

    def test_nobody_else_is_found(self):
        granted = self._old_customer(1500, consent_storage='granted')
        school = self._old_customer(1500, is_company=True)
        contact = self._old_customer(1500, parent_id=school.id)
        supplier = self._old_customer(1500, supplier_rank=1)
        self._age(self.cashier.partner_id | self.env.company.partner_id, 1500, 'create_date')
        (self.cashier.partner_id | self.env.company.partner_id).customer_rank = 1
        refused = self._old_customer(1500, consent_storage='refused')
        self.assertFalse(self._period('inactive')._find() & (
            granted | school | contact | supplier | self.cashier.partner_id
            | self.env.company.partner_id | refused))

    def test_business_with_another_company_keeps_a_customer(self):
        old = self._old_customer(1500)
        other = self.env['res.company'].create({'name': "Zweigstelle"})
        order = self.env['sale.order'].sudo().create({'partner_id': old.id, 'company_id': other.id})
        self._age(order, 1400, 'date_order')
        self.assertNotIn(old, self._period('inactive')._find())

    def test_quotation_never_ordered_is_cancelled_and_its_customer_goes(self):
        old, buyer = self._old_customer(300), self._old_customer(300)
        quotations = self.env['sale.order'].sudo().create([
            {'partner_id': customer.id, 'note': "Angebot",
             'order_line': [Command.create({'product_id': self.book.id})]}
            for customer in old | buyer | self.customer])
        self._age(quotations[:2], 290, 'date_order')
        self._order(customer=buyer)
        period = self._period('quotation')
        preview = self._preview(period)
        self.assertRecordValues(preview, [{'total_count': 1, 'erased_count': 1}])
        self.assertIn("<td>Quotations that are cancelled</td><td>1</td>", preview.taken_out)
        preview.action_erase()
        self.assertFalse(period.is_on)
        self.assertEqual(quotations[0].state, 'draft')
        self._run_cron()
        self.assertFalse(old.exists())
        self.assertEqual(quotations.mapped('state'), ['cancel', 'draft', 'draft'])
        self.assertTrue((buyer | self.customer).exists())

    def test_quotation_of_who_must_wait_stays(self):
        """Locked, or with a parcel of somebody else to come: not even cancelled."""
        locked, recipient = self._old_customer(300), self._old_customer(300)
        self.env['dsgvo.erasure.lock'].sudo().create(
            {'partner_id': locked.id, 'reason': "Streit"})
        quotations = self.env['sale.order'].sudo().create([
            {'partner_id': customer.id} for customer in locked | recipient])
        foreign = self.env['sale.order'].sudo().create(
            {'partner_id': self.customer.id, 'partner_shipping_id': recipient.id})
        self._age(quotations | foreign, 290, 'date_order')
        period = self._period('quotation')
        preview = self._preview(period)
        self.assertRecordValues(preview, [{'blocked_count': 2, 'erased_count': 0}])
        self.assertNotIn("Quotations that are cancelled", preview.taken_out)
        preview.action_switch_on()
        self._find_daily()
        self._run_cron()
        self.assertEqual((quotations | foreign).mapped('state'), ['draft'] * 3)
        self.assertEqual(self._erasure(locked).blocker, "Locked by the privacy officer")
        self.assertIn(f"Open quotation: {foreign.name}", self._erasure(recipient).blocker)

    def test_quotation_stays_in_the_grace_time(self):
        customer = self._old_customer(300)
        quotation = self.env['sale.order'].sudo().create({'partner_id': customer.id})
        self._age(quotation, 290, 'date_order')
        self.env.company.dsgvo_grace_retention = 5
        self._preview(self._period('quotation')).action_erase()
        self._run_cron()
        self.assertEqual(quotation.state, 'draft')

    def test_special_orders_of_the_past(self):
        old = self._old_customer(400)
        self.env.company.dsgvo_erase_after_sale = False
        orders = self._order(customer=old) | self._order()
        for order in orders:
            self._sell(order)
        self._age(orders[0], 390, 'date_order')
        self._age(
            self.env['stock.picking'].sudo().search([('partner_id', '=', old.id)]), 390,
            'scheduled_date', 'date_done')
        self._age(orders[0].sudo().order_line.pos_order_line_ids.order_id, 390, 'date_order')
        period = self._period('sold')
        preview = self._preview(period)
        self.assertRecordValues(preview, [{'total_count': 1}])
        preview.action_erase()
        self._run_cron()
        self.assertFalse(old.exists())
        self.assertEqual(orders[0].partner_id, self.env.company.dsgvo_anonymous_partner_id)
        self.assertTrue(self.customer.exists())

    def test_who_comes_back_in_the_grace_time_stays(self):
        self.env.company.dsgvo_grace_retention = 5
        old = self._old_customer(1500)
        self._preview(self._period('inactive')).action_erase()
        erasure = self._erasure(old)
        self.assertTrue(erasure.not_before)
        self._sell(self._order(customer=old))
        erasure.sudo().not_before = False
        self._run_cron()
        self.assertTrue(old.exists())
        self.assertFalse(erasure.exists())

    def _reminders(self, summary):
        return self.env.company.sudo().dsgvo_reminder_ids.activity_ids.filtered(
            lambda activity: summary in activity.summary)

    def test_officer_is_reminded_of_who_waits_too_long(self):
        self._order()
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        self._run_cron()
        self._age(self._erasure(), 40, 'create_date')
        for _day in range(2):
            self._find_daily()
        activity = self._reminders("erasures are stuck")
        self.assertEqual(len(activity), 1)
        self.assertIn("30 days: 1.", activity.note)
        self.assertNotIn("Quittenbaum", activity.note)

    def test_officer_is_reminded_of_jobs_that_do_not_run(self):
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        erasure = self._erasure()
        self._age(erasure, 40, 'create_date')
        self._find_daily()
        self.assertIn("30 days: 1.", self._reminders("erasures are stuck").note)
        self.assertFalse(self._reminders("search of the database"))
        self._run_cron()
        self.assertEqual(erasure.state, 'done')
        self._age(erasure, 40, 'done_on')
        self._find_daily()
        self.assertIn(
            "30 days: 1.", self._reminders("search of the database is stuck").note)

    def test_nobody_is_reminded_of_who_is_still_in_time(self):
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        self._find_daily()
        self._run_cron()
        self._find_daily()
        self.assertFalse(self._reminders("stuck"))
