from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import ErasureMixin
from .test_documents import DocumentCommon, get_text


@tagged('post_install', '-at_install')
class TestOffices(ErasureMixin, DocumentCommon):
    """Contacts whom documents name stay until the shop has named others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.recipient = cls.env['dsgvo.processing.recipient'].create(
            {'name': "Steuerberatung", 'partner_id': cls.customer.id})
        cls.offices = (
            (cls.company, 'dsgvo_officer_id', "Is the data protection officer"),
            (cls.company, 'dsgvo_representative_id', "Is the representative in the Union"),
            (cls.recipient, 'partner_id', "Is a recipient of data"))

    def _hold_only(self, holder, name):
        """Let the customer have this office, and no other."""
        for record, link, _reason in self.offices:
            record[link] = (record, link) == (holder, name) and self.customer

    def test_contact_with_an_office_waits_for_the_erasure_until_another_has_it(self):
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.company)
        for holder, name, reason in self.offices:
            with self.subTest(reason=reason):
                self._hold_only(holder, name)
                self._run_cron()
                self.assertRecordValues(
                    self._erasure(), [{'state': 'blocked', 'blocker': reason}])
                self.assertEqual(holder[name], self.customer)
        self.recipient.partner_id = False
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_officer_stays_in_the_documents(self):
        self.company.dsgvo_officer_id = self.customer
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.company)
        self._run_cron()
        self.assertIn(self.customer.name, get_text(self._compose('customer_information')))

    def test_shop_reads_how_the_erasure_goes_on(self):
        self._hold_only(self.company, 'dsgvo_officer_id')
        blocker = self.env['dsgvo.erasure.blocker']
        [seen] = blocker._look(self.customer)[0].values()
        self.assertEqual(blocker._get_advice(seen), [
            "Is the data protection officer: Name another officer in the settings."])

    def test_contact_with_an_office_is_not_deleted(self):
        for holder, name, reason in self.offices:
            self._hold_only(holder, name)
            with self.assertRaisesRegex(UserError, reason), self.cr.savepoint():
                self.customer.unlink()
        self.recipient.partner_id = False
        self.customer.unlink()
        self.assertFalse(self.customer.exists())

    def test_nobody_who_was_erased_gets_an_office(self):
        gone = self._create_customer(name="Restricted", active=False)
        gone.dsgvo_restricted = True
        for holder, name, _reason in self.offices:
            with (self.assertRaisesRegex(ValidationError, "kept only for documents"),
                  self.cr.savepoint()):
                holder[name] = gone

    def test_database_itself_keeps_such_a_contact(self):
        for table, column in (
            ('res_company', 'dsgvo_officer_id'), ('res_company', 'dsgvo_representative_id'),
            ('dsgvo_processing_recipient', 'partner_id'),
        ):
            self.cr.execute("""
                SELECT confdeltype FROM pg_constraint
                  JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
                 WHERE contype = 'f' AND conrelid = %s::regclass AND attname = %s
            """, [table, column])
            self.assertEqual(self.cr.fetchall(), [('r',)], column)

    def test_merged_officer_is_the_one_who_stays(self):
        self.company.dsgvo_officer_id = self.customer
        other = self._create_customer(name="Dr. Daten", email='daten@leser.example')
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.customer | other).ids, other)
        self.env.invalidate_all()
        self.assertFalse(self.customer.exists())
        self.assertEqual((self.company.dsgvo_officer_id, self.recipient.partner_id), (other, other))
