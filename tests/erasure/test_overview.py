from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PERSON
from .test_preview import OfficerCommon


@tagged('post_install', '-at_install')
class TestOverview(OfficerCommon):
    """What the privacy officer sees first."""

    def _overview(self, user=None):
        return self.env['dsgvo.erasure.overview'].with_user(user or self.officer).create({})

    def test_counts_and_reasons(self):
        other = self._create_customer(name="Bert Ohlendorf", email='bert@ohlendorf.example')
        with_invoice = self._create_customer(name="Clara Wolkenstein", email='c@example.test')
        self._order(customer=other)
        for customer, values in (
                (self.customer, {}), (other, {}), (with_invoice, {'to_invoice': True})):
            self._sell(self._order(customer=customer), **values)
        self._run_cron()
        overview = self._overview()
        self.assertRecordValues(overview, [{
            'due_count': 0, 'blocked_count': 1, 'restricted_count': 1, 'done_count': 1,
            'residual_count': 0, 'recipient_count': 0, 'searched_on': False,
            'search_state': 'never'}])
        search = self.env['dsgvo.erasure.search'].sudo()._start()
        self.assertEqual(self._overview().search_state, 'running')
        search._finish()
        self.assertEqual(self._overview().search_state, 'done')
        self.assertIn("<td>Open order</td><td class=\"text-end\">1</td>",
                      overview.blocked_by_reason)
        self.assertIn(f"<td>{self._today().year + 10}</td>", overview.restricted_by_year)
        self.assertNotIn("Ohlendorf", overview.blocked_by_reason)

    def test_each_number_leads_to_its_list(self):
        for name, model in (
                ('blocked', 'dsgvo.erasure'), ('residual', 'dsgvo.erasure.residual'),
                ('gap', 'dsgvo.data.gap'), ('recipient', 'dsgvo.erasure.recipient'),
                ('search', 'dsgvo.erasure.search'), ('time', 'dsgvo.erasure')):
            action = self._overview().with_context(open=name).action_open()
            self.assertEqual(action['res_model'], model)
        action = self._overview().with_context(open='blocked').action_open()
        self.assertEqual(action['context'], {'search_default_blocked': 1})

    def test_clerk_has_none(self):
        with self.assertRaises(AccessError):
            self._overview(self.clerk)


@tagged('post_install', '-at_install')
class TestListOfErasures(OfficerCommon):
    def setUp(self):
        super().setUp()
        self.order = self._order()
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        self.erasure = self._erasure()
        self._run_cron()
        self.assertIn(self.order.name, self.erasure.blocker)

    def test_officer_looks_again_at_once(self):
        self.erasure.with_user(self.officer).action_retry()
        self.assertEqual(self.erasure.state, 'blocked')
        self.order._action_cancel()
        with self.assertRaises(AccessError):
            self.erasure.with_user(self.clerk).action_retry()
        self.assertTrue(self.customer.exists())
        self.erasure.with_user(self.officer).action_retry()
        self.assertFalse(self.customer.exists())
        self.assertEqual(self.erasure.state, 'done')

    def test_evidence_is_written_by_odoo_only(self):
        for user in self.clerk, self.officer:
            with self.assertRaises(AccessError):
                self.erasure.with_user(user).write({'state': 'done'})
            with self.assertRaises(AccessError):
                self.erasure.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.erasure.with_user(user).create({'partner_id': self.customer.id})


@tagged('post_install', '-at_install')
class TestSuppressionList(OfficerCommon):
    def _find(self, address, user=None):
        return self.env['dsgvo.suppression'].with_user(user or self.officer).search(
            [('address', 'ilike', address)])

    def test_officer_looks_for_an_address(self):
        self._sell(self._order())
        self._run_cron()
        for address in PERSON['email'], f"Frau <{PERSON['email'].upper()}>", PERSON['phone']:
            self.assertEqual(self._find(address).mapped('reason'), ['erased'], address)
        self.assertFalse(self._find('other@quittenbaum.example'))

    def test_clerk_has_no_list(self):
        with self.assertRaises(AccessError):
            self._find(PERSON['email'], self.clerk)
