from datetime import date

from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from odoo.addons.dsgvo.hooks import pre_init_hook

from ..common import DsgvoCommon


@tagged('post_install', '-at_install')
class TestInstallInALivingShop(DsgvoCommon):
    def test_subjects_of_existing_contacts_are_those_of_the_form(self):
        person = self.customer
        address = self._create_customer(parent_id=person.id, type='delivery')
        address_of_address = self._create_customer(parent_id=address.id, type='other')
        company = self._create_customer(is_company=True)
        branch = self._create_customer(parent_id=company.id, is_company=True, type='invoice')
        contact = self._create_customer(parent_id=company.id, active=False)
        untyped = self._create_customer(type=False)
        below = [
            {'name': name, 'parent_id': parent.id, 'type': 'delivery'}
            for parent in (company, branch, person)
            for name in (False, "  ADELHEID   quittenbaum", "Jürgen Ladenkunde")]
        below = self.env['res.partner'].create(below)
        below_below = self.env['res.partner'].create([
            {'name': name, 'parent_id': parent.id, 'type': 'other'}
            for parent in below for name in (False, "JÜRGEN Ladenkunde", "Ute")])
        partners = (
            person | address | address_of_address | company | branch | contact | untyped | below
            | below_below)
        self.assertEqual(below[2].dsgvo_subject_id, below[2])
        self.assertEqual(below_below[8].dsgvo_subject_id, below[2])
        self.assertEqual(below_below[2].dsgvo_subject_id, below_below[2])
        subjects = [partner.dsgvo_subject_id for partner in partners]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET dsgvo_subject_id = NULL")
        pre_init_hook(self.env)
        self.env.invalidate_all()
        self.assertEqual([partner.dsgvo_subject_id for partner in partners], subjects)
        self.assertEqual(partners.mapped('consent_state'), ['none'] * len(partners))
        self.assertFalse(partners.filtered(lambda p: not p.dsgvo_subject_id))

    def test_nobody_erases_after_the_sale_where_something_was_sold(self):
        """All companies share the contacts, so the sales of one are those of all."""
        living, new = self.env['res.company'].create([{'name': "Living"}, {'name': "New"}])
        order = self.env['sale.order'].create(
            {'partner_id': self.customer.id, 'company_id': living.id})
        for state, is_on in ('draft', True), ('sale', False), ('cancel', True):
            order.state = state
            self.env.flush_all()
            pre_init_hook(self.env)
            self.env.invalidate_all()
            with self.subTest(state=state):
                self.assertEqual((living | new).mapped('dsgvo_erase_after_sale'), [is_on] * 2)


@tagged('post_install', '-at_install')
class TestUpgrade(DsgvoCommon):
    def _migrate(self, stage, what, version='19.0.1.1.0'):
        path = file_path(f'dsgvo/migrations/{version}/{stage}-{what}.py')
        load_script(path, f'dsgvo_{stage}').migrate(self.env.cr, '19.0.1.0.0')

    def _run_sql(self, query, *args):
        self.env.flush_all()
        self.env.cr.execute(query, args)
        self.env.invalidate_all()

    def test_day_until_which_a_consent_is_valid_becomes_that_of_each_purpose(self):
        self.env.company.dsgvo_validity_marketing = 12
        self.customer.consent_marketing = 'granted'
        expiry = self.customer.consent_expiry_date
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET consent_expiry_date = jsonb_build_object(%s, '2020-01-01')"
            " WHERE id = %s", [str(self.env.company.id), self.customer.id])
        self.env.invalidate_all()
        self.assertFalse(self.customer.consent_expiry_date)
        self._migrate('post', '3-expiry-per-purpose', '19.0.1.2.0')
        self.env.invalidate_all()
        self.assertEqual(self.customer.consent_expiry_date, expiry)

    def test_consents_of_all_companies_in_one_become_those_of_each_company(self):
        other = self.env['res.company'].create({'name': "Fremder Laden"})
        self.customer.with_user(self.clerk).write({'consent_storage': 'granted'})
        self.customer.with_user(self.clerk).action_dsgvo()
        undecided = self._create_customer(name="Ohne Eintrag")
        self.env.flush_all()
        columns = ('consent_storage', 'consent_notification', 'consent_marketing', 'consent_state')
        for column in columns:
            self.env.cr.execute(f"""
                ALTER TABLE res_partner DROP COLUMN {column}, ADD COLUMN {column} varchar""")
        self.env.cr.execute("""
            ALTER TABLE res_partner DROP COLUMN consent_text, ADD COLUMN consent_text text,
              DROP COLUMN consent_date, ADD COLUMN consent_date date;
            UPDATE res_partner
               SET consent_text = 'Am Tresen', consent_date = '2026-03-01', consent_state = 'none'
        """)
        self._migrate('pre', 'consents-per-company')
        for column in (*columns, 'consent_text', 'consent_date'):  # as the ORM does next
            self.env.cr.execute(f"ALTER TABLE res_partner ADD COLUMN {column} jsonb")
        self._migrate('post', 'consents-per-company')
        self.env.invalidate_all()
        self.assertRecordValues(self.customer, [{
            'consent_storage': 'granted', 'consent_state': 'partial', 'consent_text': "Am Tresen",
            'consent_date': date(2026, 3, 1)}])
        there = (self.customer | undecided).with_company(other)
        self.assertRecordValues(there, [
            {'consent_storage': False, 'consent_state': 'none', 'consent_text': False},
            {'consent_storage': False, 'consent_state': 'none', 'consent_text': "Am Tresen"}])

    def test_addresses_with_names_below_a_company_become_persons_of_their_own(self):
        company = self._create_customer(name="Ladenkunden", is_company=True)
        company.consent_marketing = 'granted'
        named, unnamed = self.env['res.partner'].create([
            {'name': name, 'parent_id': company.id, 'type': 'other'}
            for name in ("Theo Ladenkunde", False)])
        lock = self.env['dsgvo.erasure.lock'].sudo().create(
            {'partner_id': company.id, 'reason': "Streit"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner named SET dsgvo_subject_id = company.id,"
            "       consent_marketing = company.consent_marketing"
            "  FROM res_partner company WHERE company.id = %s AND named.id = %s",
            [company.id, named.id])
        self.env.invalidate_all()
        path = file_path('dsgvo/migrations/19.0.1.2.0/post-1-subjects.py')
        for _run in range(2):
            load_script(path, 'dsgvo_subjects').migrate(self.env.cr, '19.0.1.1.0')
            self.env.invalidate_all()
        self.assertRecordValues(named | unnamed, [
            {'dsgvo_subject_id': named.id, 'consent_marketing': False},
            {'dsgvo_subject_id': company.id, 'consent_marketing': 'granted'}])
        self.assertRecordValues(lock.search([('partner_id', '=', named.id)]), [
            {'reason': "Streit", 'company_id': lock.company_id.id}])

    def test_addresses_that_had_decided_become_persons_of_their_own(self):
        self.customer.consent_marketing = 'granted'
        refusing, undecided = self._create_customer(), self._create_customer()
        refusing.consent_marketing = 'refused'
        (refusing | undecided).write({'parent_id': self.customer.id, 'type': 'other'})
        below = self._create_customer(parent_id=refusing.id, type='other')
        self._run_sql(
            "UPDATE res_partner SET dsgvo_subject_id = parent_id, consent_marketing ="
            " jsonb_build_object(%s, 'granted') WHERE parent_id = %s",
            str(self.env.company.id), self.customer.id)
        self._run_sql("UPDATE res_partner SET dsgvo_subject_id = %s WHERE id = %s",
                      self.customer.id, below.id)
        interest = self.env['dsgvo.interest'].create({'name': "Krimis"})
        (refusing | undecided).interest_ids = interest
        for _run in range(2):
            self._migrate('post', '1-subjects', '19.0.1.2.0')
            self.env.invalidate_all()
        self.assertRecordValues(refusing | below | undecided, [
            {'dsgvo_subject_id': refusing.id, 'consent_marketing': 'refused'},
            {'dsgvo_subject_id': refusing.id, 'consent_marketing': 'refused'},
            {'dsgvo_subject_id': self.customer.id, 'consent_marketing': 'granted'}])
        self.assertEqual(interest, undecided.interest_ids)
        self.assertFalse(refusing.interest_ids)
