from odoo.tests import tagged

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
        partners = (
            person | address | address_of_address | company | branch | contact | untyped)
        subjects = [partner.dsgvo_subject_id for partner in partners]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET dsgvo_subject_id = NULL, consent_state = NULL")
        pre_init_hook(self.env)
        self.env.invalidate_all()
        self.assertEqual([partner.dsgvo_subject_id for partner in partners], subjects)
        self.assertEqual(partners.mapped('consent_state'), ['none'] * len(partners))
        self.assertFalse(partners.filtered(lambda p: not p.dsgvo_subject_id))

    def test_only_a_company_without_sales_erases_after_the_sale(self):
        living, new = self.env['res.company'].create([{'name': "Living"}, {'name': "New"}])
        self.env['sale.order'].create({'partner_id': self.customer.id, 'company_id': new.id})
        self.env['sale.order'].create({
            'partner_id': self.customer.id, 'company_id': living.id, 'state': 'sale'})
        self.env.flush_all()
        pre_init_hook(self.env)
        self.env.invalidate_all()
        self.assertRecordValues(living | new, [
            {'dsgvo_erase_after_sale': False}, {'dsgvo_erase_after_sale': True}])
