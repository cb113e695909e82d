from datetime import datetime, time, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .test_preview import OfficerCommon


@tagged('post_install', '-at_install')
class TestWaiting(OfficerCommon):
    """What the officer reads about somebody who waits."""

    def _note(self):
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        return self._erasure().with_user(self.officer)

    def test_due_in_future_says_from_when_on(self):
        erasure, now = self._note(), fields.Datetime.now()
        noon = datetime.combine(self._today(), time(12))
        spring = noon.replace(year=now.year + 1, month=3, day=5)
        for moment, label in (
                (False, "Due"), (now - timedelta(hours=1), "Due"),
                (noon + timedelta(days=1), "Due from tomorrow"),
                (spring, f"Due from 03/05/{spring.year}")):
            with self.subTest(label=label):
                erasure.sudo().not_before = moment
                self.assertEqual(erasure.state_label, label)

    def test_reasons_are_links_for_whoever_may_open_them(self):
        order, erasure = self._order(), self._note()
        self._run_cron()
        link = f'<a href="/odoo/sale.order/{order.id}">{order.name}</a>'
        self.assertIn(order.name, erasure.blocker_html)
        self.assertNotIn("<a ", erasure.blocker_html)
        seller = new_test_user(
            self.env, 'selling_officer', company_id=self.env.company.id,
            groups='dsgvo.group_officer,sales_team.group_sale_salesman_all_leads')
        self.assertIn(link, erasure.with_user(seller).blocker_html)

    def test_quotation_is_no_open_order(self):
        quotation = self._order()
        quotation.sudo()._action_cancel()
        quotation.action_draft()
        erasure = self._note()
        self._run_cron()
        self.assertRecordValues(
            erasure, [{'state': 'blocked', 'has_open_orders': False, 'has_quotations': True}])
        self.assertIn("Cancel Quotations", erasure.advice)
        erasure.action_close_orders()
        self.assertEqual(quotation.state, 'draft')
        with self.assertRaises(AccessError):
            erasure.with_user(self.clerk).action_cancel_quotations()
        erasure.action_cancel_quotations()
        self.assertEqual(quotation.state, 'cancel')
        erasure.action_retry()
        self.assertEqual(erasure.state, 'done')

    def test_who_is_due_shows_what_it_will_wait_for_before_the_job_has_looked(self):
        other = self._create_customer(name="Balduin Wacholder")
        self.env['dsgvo.erasure'].sudo()._enqueue(other, 'manual', self.env.company)
        order, erasure = self._order(), self._note()
        self.assertRecordValues(erasure, [{'state': 'due', 'blocker': False}])
        self.assertIn(order.name, erasure.waits_for)
        nobody = self._erasure(other).with_user(self.officer)
        self.assertIn("within the next few minutes", nobody.waits_for)
        erasure.sudo().not_before = fields.Datetime.now() + timedelta(days=7)
        self.assertTrue(erasure.waits_for.startswith("Grace time"))
        self.assertIn(order.name, erasure.waits_for)

    def test_reasons_are_told_apart(self):
        erasure = self._note()
        erasure.sudo().write({'state': 'blocked', 'blocker': "Open order: S1\nHas a login."})
        self.assertEqual(erasure.waits_for, "Open order: S1; Has a login.")
        self.assertIn(
            "not yet: Open order: S1; Has a login.", self.customer.dsgvo_erasure_notice)

    def test_page_of_a_customer_tells_at_once_of_an_erasure_that_was_noted(self):
        clerk = self.customer.with_user(self.clerk)
        self.assertFalse(clerk.dsgvo_erasure_notice)
        erasure = self._note()
        self.assertTrue(clerk.dsgvo_erasure_notice)
        erasure.sudo().state = 'cancelled'
        self.assertFalse(clerk.dsgvo_erasure_notice)

    # === THE LOCK === #

    def test_lock_of_a_customer_opens_a_window_and_is_shown_to_the_clerk(self):
        self.assertFalse(self.customer.with_user(self.clerk).dsgvo_lock_notice)
        customer = self.customer.with_user(self.officer)
        action = customer.action_dsgvo_lock()
        self.assertEqual((action['target'], action['view_mode']), ('new', 'form'))
        with Form(self.env[action['res_model']].with_user(self.officer).with_context(
                **action['context'])) as form:
            form.reason = "Az. 12 C 345"
        clerk = self.customer.with_user(self.clerk)
        self.assertIn("locked by the privacy officer", clerk.dsgvo_lock_notice)
        self.assertNotIn("345", clerk.dsgvo_lock_notice)
        with self.assertRaises(AccessError):
            clerk.action_dsgvo_lift_lock()
        customer.action_dsgvo_lift_lock()
        self.assertFalse(clerk.dsgvo_lock_notice)
        # sudo: dsgvo.erasure.lock - the test takes the one that was lifted back
        customer.sudo().with_context(active_test=False).dsgvo_lock_ids.action_unarchive()
        self.assertIn("locked by the privacy officer", clerk.dsgvo_lock_notice)

    def test_lock_whose_last_day_is_over_is_not_shown(self):
        lock = self.env['dsgvo.erasure.lock'].with_user(self.officer).create(
            {'partner_id': self.customer.id, 'reason': "Streit", 'until': self._today()})
        self.assertIn("until", self.customer.dsgvo_lock_notice)
        self.env.cr.execute("UPDATE dsgvo_erasure_lock SET until = %s WHERE id = %s",
                            [self._today() - timedelta(days=1), lock.id])
        self.env.invalidate_all()
        self.assertFalse(self.customer.dsgvo_lock_notice)
