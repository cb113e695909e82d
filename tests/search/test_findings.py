import re
from datetime import timedelta

from psycopg2.errors import LockNotAvailable

from odoo.tests import tagged

from odoo.addons.dsgvo.models.map.places import Places
from odoo.addons.dsgvo.models.search.findings import FILE, Findings

from ..common import DsgvoCommon

MODEL, TABLE = 'res.partner.bank', 'res_partner_bank'


class WordRecogniser:
    """Finds values that are their own hashes: words such as #email1."""

    def find(self, text, titles=()):
        return set(re.findall(r'#\w+', text))

    def take_out(self, text, values, titles=()):
        return re.sub(r'#\w+', lambda word: '…' if word[0] in values else word[0], text)


@tagged('post_install', '-at_install')
class TestFindings(DsgvoCommon):
    """What becomes of values of erased persons in a row of somebody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rule = cls.env['dsgvo.data.rule']
        cls.Rule.search([('model', '=', MODEL)]).unlink()
        cls.row = cls.env[MODEL].create(
            {'acc_number': 'DE02120300000000202051', 'partner_id': cls.customer.id})
        cls.erasure, cls.second = cls.env['dsgvo.erasure'].create(
            [{'reason': 'manual', 'state': 'done'}] * 2)
        cls.search_run = cls.env['dsgvo.erasure.search'].create({})
        cls.env['dsgvo.erasure.value'].create([
            {'erasure_id': erasure.id, 'kind': kind, 'hash': f'#{kind}{number}', 'words': 0}
            for number, erasure in enumerate((cls.erasure, cls.second), start=1)
            for kind in ('email', 'name', 'street')])

    def setUp(self):
        super().setUp()
        # What is handed in decides, not who changed in the last hour.
        self.patch(Findings, '_ask_again', lambda findings, hits: findings._look_up(hits))

    def _rule(self, field='note', **values):
        return self.Rule.create({
            'model': MODEL, 'field': field, 'reached_by': 'partner_id', 'erase': 'redact',
            'category': 'payment', 'note': "Test"} | values)

    def _treat(self, text, **options):
        """Treat a note; return what it is then, and what is noted: `(erasure, reason)`."""
        self.row.note = text
        self.env.flush_all()
        findings = Findings(self.search_run, Places(self.env), WordRecogniser())
        findings.treat(TABLE, {self.row.id: findings.recogniser.find(text)}, **options)
        self.env.invalidate_all()
        return self.row.note, self._noted()

    def _noted(self):
        residuals = self.env['dsgvo.erasure.residual'].search([('model', '=', MODEL)])
        return [(residual.erasure_id, residual.reason)
                for residual in residuals.sorted(lambda residual: residual.erasure_id.id)]

    # === TAKEN OUT === #

    def test_what_is_certainly_the_person_is_taken_out(self):
        self._rule()
        for text, left in {
                "An #email1 senden": "An … senden",
                "#name1, #street1": "…, …",
                "#email1 #name1": "… …",
                "#email1 und #email2": "… und …"}.items():
            with self.subTest(text=text):
                self.assertEqual(self._treat(text), (left, []))

    def test_passage_is_counted_with_its_place(self):
        self._rule()
        self._treat("An #email1")
        self._treat("An #email2")
        self.assertRecordValues(self.search_run, [
            {'cleaned': 2, 'cleaned_places': {f'{MODEL}.note': 2}}])

    def test_field_that_was_nothing_else_is_empty(self):
        self._rule()
        self.assertEqual(self._treat("#email1"), (False, []))

    # === LEFT TO THE OFFICER === #

    def test_name_or_street_alone_may_be_somebody_else(self):
        self._rule()
        for text in ("An #name1", "In #street1"):
            with self.subTest(text=text):
                self.assertEqual(self._treat(text), (text, [(self.erasure, 'possible')]))

    def test_values_of_two_persons_do_not_make_one_certain(self):
        self._rule()
        text = "#name1 in #street2"
        self.assertEqual(self._treat(text), (
            text, [(self.erasure, 'possible'), (self.second, 'possible')]))

    def test_officer_has_a_name_taken_out(self):
        self._rule()
        self.assertEqual(self._treat("An #name1", force=True), ("An …", []))

    def test_place_that_no_rule_treats_stays_and_is_called_uncovered(self):
        self.assertEqual(
            self._treat("An #email1"), ("An #email1", [(self.erasure, 'uncovered')]))

    def test_row_that_no_condition_of_the_rule_matches_stays(self):
        self._rule(domain="[('acc_number', '=', 'x')]")
        self.assertEqual(self._treat("An #email1"), ("An #email1", [(self.erasure, 'possible')]))

    def test_nothing_is_taken_out_before_the_contacts_were_read(self):
        self._rule()
        self.assertEqual(self._treat("An #email1", may_clean=False)[0], "An #email1")

    def test_value_across_two_columns_is_noted_without_a_field(self):
        self._rule()
        findings = Findings(self.search_run, Places(self.env), WordRecogniser())
        findings.treat(TABLE, {self.row.id: {'#email1'}})
        residual = self.env['dsgvo.erasure.residual'].search([('model', '=', MODEL)])
        self.assertRecordValues(residual, [
            {'field': '', 'res_id': self.row.id, 'erasure_id': self.erasure.id}])

    def test_value_that_came_back_into_the_hits_from_nowhere_is_nobodys(self):
        self._rule()
        self.assertEqual(self._treat("An #stranger"), ("An #stranger", []))

    # === SOMEBODY ELSE'S === #

    def test_value_of_another_contact_proves_nothing_from_then_on(self):
        self._rule()
        self.customer.email = '#email1'
        self.env.flush_all()
        findings = Findings(self.search_run, Places(self.env), WordRecogniser())
        findings.asks_owners = True
        findings.treat('res_partner', {self.customer.id: {'#email1'}})
        self.assertEqual(self._treat("An #email1"), ("An #email1", []))

    def test_name_in_an_exempted_model_is_nobodys_there_and_an_address_is_not(self):
        self._rule('id', reached_by='id', erase='keep', is_about_person=False)
        self.assertEqual(self._treat("Von #name1"), ("Von #name1", []))
        self.assertEqual(
            self._treat("Von #email1"), ("Von #email1", [(self.erasure, 'possible')]))
        self.assertFalse(
            self.env['dsgvo.erasure.value'].search_count([('is_shared', '=', True)]))

    def test_only_the_fields_of_another_contact_that_name_it_make_a_name_its_own(self):
        for field, is_shared in (
                ('comment', False), ('ref', False), ('street', False), ('name', True)):
            with self.subTest(field=field):
                other = self.env['res.partner'].create({'name': "Bert", field: '#name1'})
                self.env.flush_all()
                findings = Findings(self.search_run, Places(self.env), WordRecogniser())
                findings.asks_owners = True
                findings.treat('res_partner', {other.id: {'#name1'}})
                self.assertEqual(bool(self.env['dsgvo.erasure.value'].search_count(
                    [('is_shared', '=', True), ('hash', '=', '#name1')])), is_shared)

    # === WHAT THE LAW KEEPS === #

    def _hold(self, years):
        return self._rule('partner_id', erase='hold', retention_years=years, basis='§ 147 AO')

    def test_document_stays_until_its_last_day(self):
        self._rule()
        self._hold(8)
        self.assertEqual(self._treat("An #email1"), ("An #email1", [(self.erasure, 'law')]))
        residual = self.env['dsgvo.erasure.residual'].search([('model', '=', MODEL)])
        self.assertEqual(
            (residual.basis, residual.until.year),
            ('§ 147 AO', self.env.company._dsgvo_today().year + 8))

    def test_document_whose_period_is_over_is_treated(self):
        self._rule()
        self._hold(1)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner_bank SET create_date = create_date - interval '3 years'")
        self.assertEqual(self._treat("An #email1"), ("An …", []))

    def test_document_of_who_is_restricted_is_not_noted_again(self):
        self._rule()
        self._hold(8)
        self.erasure.write({
            'state': 'restricted',
            'restricted_until': self.env.company._dsgvo_today() + timedelta(days=9)})
        self.assertEqual(self._treat("An #email1"), ("An #email1", []))

    # === WHAT CANNOT BE TAKEN OUT === #

    def test_row_that_a_trigger_protects_is_noted_as_refused(self):
        self._rule()
        self.row.note = "An #email1"
        self.env.flush_all()
        self.env.cr.execute("""
            CREATE FUNCTION dsgvo_test_refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$BEGIN RAISE EXCEPTION 'never'; END$$;
            CREATE TRIGGER dsgvo_test_refuse BEFORE UPDATE ON res_partner_bank
                FOR EACH ROW EXECUTE FUNCTION dsgvo_test_refuse()""")
        findings = Findings(self.search_run, Places(self.env), WordRecogniser())
        findings.treat(TABLE, {self.row.id: {'#email1'}})
        self.assertEqual(self._noted(), [(self.erasure, 'refused')])

    def test_row_that_failed_is_noted_for_each_person_in_it(self):
        findings = Findings(self.search_run, Places(self.env), WordRecogniser())
        findings.note_refused(TABLE, self.row.id, {'#email1', '#name2'}, LockNotAvailable())
        self.assertEqual(
            self._noted(), [(self.erasure, 'refused'), (self.second, 'refused')])

    def test_file_is_noted_and_nothing_more(self):
        self._rule(FILE)
        findings = Findings(self.search_run, Places(self.env), WordRecogniser())
        findings.treat_files(TABLE, {(self.row.id, FILE): {'#email1'}})
        self.assertEqual(self._noted(), [(self.erasure, 'file')])
        self.assertEqual(self.search_run.cleaned, 0)
