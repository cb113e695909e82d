from unittest.mock import patch

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.dsgvo.models.erasure.extensions import Check, Event, Source

from ..common import DsgvoCommon, ErasureMixin

TAGGED = Domain('name', '=', "Nicht löschen")


@tagged('post_install', '-at_install')
class TestExtensions(ErasureMixin, DsgvoCommon):
    """What other addons hand in: named, or as tuples with the same entries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env['res.partner.category'].create(
            {'name': "Nicht löschen", 'partner_ids': cls.customer.ids})
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.originals = {}

    def _hand_in(self, model, name, *entries):
        """Let an addon add something to what a method returns, in place of what it added before."""
        original = self.originals.setdefault((model, name), getattr(type(self.env[model]), name))
        self.patch(type(self.env[model]), name, lambda record: [*original(record), *entries])

    # === CHECKS === #

    def _find_reasons(self, check):
        self._hand_in('dsgvo.erasure.blocker', '_get_checks', check)
        return self.env['dsgvo.erasure.blocker']._find(self.customer).get(self.customer)

    def test_check_keeps_the_customer_named_or_not(self):
        entries = ('res.partner.category', "Is in the guest book", ['partner_ids'], TAGGED)
        for check in (Check(*entries), entries, (*entries, "Take it out.", False)):
            with self.subTest(check=check):
                self.assertEqual(self._find_reasons(check), ["Is in the guest book"])

    def test_check_shows_the_number_that_it_says(self):
        self.tag.color = 7
        for field, shown in {'': "", 'color': ": 7", 'id': f": {self.tag.id}"}.items():
            with self.subTest(field=field):
                self.assertEqual(self._find_reasons(Check(
                    'res.partner.category', f"Guest {field}", ['partner_ids'], TAGGED,
                    number_field=field)), [f"Guest {field}{shown}"])

    def test_row_without_a_number_is_shown_by_its_id(self):
        self.tag.color = 0
        self.assertEqual(self._find_reasons(Check(
            'res.partner.category', "Guest", ['partner_ids'], TAGGED, number_field='color')),
            [f"Guest: {self.tag.id}"])

    def test_check_of_a_model_that_is_not_installed_is_skipped(self):
        self.assertIsNone(self._find_reasons(
            Check('guest.book', "Guest", ['partner_id'], Domain.TRUE)))

    def test_check_of_balances_may_be_a_tuple(self):
        self._hand_in('dsgvo.erasure.blocker', '_get_checks', (
            'res.partner.category', "Has points of the club", ['partner_ids'], TAGGED))
        Blocker = self.env['dsgvo.erasure.blocker']
        with patch('odoo.addons.dsgvo.models.erasure.dsgvo_erasure_blocker.BALANCE_MODELS',
                   ('res.partner.category',)):
            self.assertEqual(
                Blocker._find_balances(self.customer),
                {self.customer: ["Has points of the club"]})
            self.assertEqual(Blocker._find(self.customer, accepted=self.customer), {})

    # === CERTIFICATE === #

    def test_certificate_with_further_values_is_unchanged(self):
        kind = type(self.env['dsgvo.erasure'])
        original = kind._prepare_certificate
        self.patch(kind, '_prepare_certificate',
                   lambda record, person: original(record, person) | {'lockers': 3})
        self.env['dsgvo.erasure']._enqueue(self.customer, 'manual', self.env.company)
        erasure = self._erasure()
        self._run_cron()
        self.assertEqual(erasure.certificate['lockers'], 3)
        self.assertTrue(erasure.certificate_intact)
        erasure.certificate = erasure.certificate | {'lockers': 4}
        erasure.invalidate_recordset()
        self.assertFalse(erasure.certificate_intact)

    # === EVENTS === #

    def _is_found(self, event=None):
        """Return whether the customer counts as inactive."""
        if event:
            self._hand_in('dsgvo.erasure.period', '_get_events', event)
        self.customer.customer_rank = 1
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = '2010-01-01' WHERE id = %s", [self.customer.id])
        period = self.env['dsgvo.erasure.period'].sudo().search(
            [('kind', '=', 'inactive'), ('company_id', '=', self.env.company.id)])
        return self.customer in period._match()

    def test_event_counts_as_business_named_or_not(self):
        self.assertTrue(self._is_found())
        self.env['res.partner.bank'].create(
            {'acc_number': 'DE02120300000000202051', 'partner_id': self.customer.id})
        entries = ('res.partner.bank', 'partner_id', 'create_date', Domain.TRUE)
        for event in (Event(*entries), entries):
            with self.subTest(event=event):
                self.assertFalse(self._is_found(event))

    def test_event_of_a_model_that_is_not_installed_is_skipped(self):
        self.assertTrue(self._is_found(('guest.book', 'partner_id', 'date', Domain.TRUE)))

    # === SOURCES === #

    def _find_recipients(self, source):
        self._hand_in('dsgvo.erasure.recipient', '_get_sources', source)
        self.env['dsgvo.erasure']._enqueue(self.customer, 'manual', self.env.company)
        erasure = self._erasure()
        self._run_cron()
        return erasure.recipient_ids.filtered(lambda r: r.service == "Gästebuch GmbH")

    def test_source_is_read_named_or_not(self):
        entries = (
            'res.partner.category', 'mail',
            SQL("NULL::int, %s, t.name->>'en_US', t.create_date::date", "Gästebuch GmbH"),
            SQL("res_partner_category t JOIN res_partner_res_partner_category_rel l"
                " ON l.category_id = t.id"),
            SQL("r.id = l.partner_id"))
        for source in (Source(*entries), entries):
            with self.subTest(source=type(source)), self.cr.savepoint() as savepoint:
                self.assertRecordValues(
                    self._find_recipients(source),
                    [{'kind': 'mail', 'numbers': "Nicht löschen", 'transfer_count': 1}])
                savepoint.rollback()
                self.env.invalidate_all()

    def test_source_of_a_model_that_is_not_installed_is_skipped(self):
        self.assertFalse(self._find_recipients(
            ('guest.book', 'mail', SQL("1"), SQL("guest_book t"), SQL("TRUE"))))
