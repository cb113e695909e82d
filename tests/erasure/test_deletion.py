from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from .common import PERSON
from .test_preview import OfficerCommon


@tagged('post_install', '-at_install')
class TestDeletionByHand(OfficerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk.group_ids += cls.env.ref('base.group_partner_manager')

    def _decide(self, partner, decision='granted', purpose='storage', **values):
        return self.env['dsgvo.consent.event'].sudo().create({
            'partner_id': partner.id, 'purpose': purpose, 'decision': decision, 'means': 'paper',
        } | values)

    def _get_files(self, events):
        return self.env['ir.attachment'].sudo().search_count([
            ('res_model', '=', 'dsgvo.consent.event'), ('res_field', '=', 'signature'),
            ('res_id', 'in', events.ids)])

    def test_evidence_goes_with_the_person_and_no_other(self):
        other = self._create_customer(name="Balthasar Ohlendorf")
        both = self.customer | other
        proof = {'note': "wohnt im Hinterhof", 'signature': 'aGFsbG8gd2VsdA=='}
        for address in both:
            address.image_1920 = False
        gone = self._decide(self.customer, **proof) | self._decide(self.customer, 'withdrawn')
        self.env['dsgvo.erasure'].sudo().search([]).unlink()
        kept = self._decide(other, **proof)
        self.customer.with_user(self.clerk).unlink()
        self.env.invalidate_all()
        self.assertRecordValues(gone | kept, [
            {'partner_id': False, 'note': False, 'evidence_salt': False, 'decision': 'granted'},
            {'partner_id': False, 'note': False, 'evidence_salt': False, 'decision': 'withdrawn'},
            {'partner_id': other.id, 'note': proof['note'], 'evidence_salt': kept.evidence_salt,
             'decision': 'granted'}])
        self.assertTrue(kept.evidence_salt)
        self.assertEqual((self._get_files(gone), self._get_files(kept)), (0, 1))
        self.assertEqual(self.env['dsgvo.ledger.check'].sudo()._verify().state, 'whole')

    def test_address_goes_without_the_evidence_of_its_person(self):
        address = self._create_customer(parent_id=self.customer.id, type='delivery')
        event = self._decide(self.customer, note="wohnt im Hinterhof")
        address.with_user(self.clerk).unlink()
        self.assertRecordValues(
            event, [{'note': "wohnt im Hinterhof", 'partner_id': self.customer.id}])

    def test_address_of_a_deleted_person_keeps_its_files(self):
        address = self._create_customer(parent_id=self.customer.id, type='delivery')
        file = self.env['ir.attachment'].sudo().create({
            'name': "Klingelschild", 'res_model': 'res.partner', 'res_id': address.id, 'raw': b'x'})
        self._decide(self.customer, note="wohnt im Hinterhof")
        self.customer.with_user(self.clerk).unlink()
        self.assertTrue(file.exists())
        self.assertEqual(address.dsgvo_subject_id, address)

    def test_who_is_to_be_erased_is_left_to_the_erasure(self):
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        for state, notice in ('due', "within the next few minutes"), ('blocked', "Open order"):
            self._erasure().sudo().write({'state': state, 'blocker': "Open order"})
            for env in self.env(user=self.clerk), self.env(su=True):
                with self.subTest(state=state, su=env.su), self.assertRaisesRegex(
                        UserError, f"{PERSON['name']} cannot be deleted.*{notice}"):
                    self.customer.with_env(env).unlink()
        self._erasure().sudo().unlink()
        self.customer.unlink()

    def test_address_of_who_is_to_be_erased_is_left_to_the_erasure(self):
        address = self._create_customer(parent_id=self.customer.id, type='delivery')
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        for state in 'due', 'blocked':
            self._erasure().sudo().write({'state': state, 'blocker': "Open order"})
            with self.subTest(state=state), self.assertRaisesRegex(
                    UserError, f"belongs to {PERSON['name']}.*Archive it instead"):
                address.with_user(self.clerk).unlink()

    def test_archived_address_of_who_is_to_be_erased_goes_with_the_customer(self):
        address = self._create_customer(
            parent_id=self.customer.id, type='delivery', street="Fliederallee 9")
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        self._erasure().sudo().write({'state': 'blocked', 'blocker': "Open order"})
        address.with_user(self.clerk).action_archive()
        self.assertFalse(address.active)
        self._erasure().sudo().state = 'due'
        self._run_cron()
        self.assertFalse(address.exists())
        self.assertEqual(self._find_in_database("Fliederallee 9"), {})

    def test_remote_caller_deletes_nobody_who_is_to_be_erased(self):
        """By no context, also not by that of the uninstallation of an addon."""
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        for context in {}, {MODULE_UNINSTALL_FLAG: True}:
            with self.subTest(context), self.assertRaisesRegex(UserError, "cannot be deleted"):
                call_kw(self.env['res.partner'].with_user(self.clerk), 'unlink', [
                    self.customer.ids], {'context': context})

    def test_restricted_and_emptied_customers_cannot_be_deleted(self):
        for field in 'dsgvo_restricted', 'dsgvo_erased':
            customer = self._create_customer()
            customer.sudo().write({field: True, 'active': False})
            with self.assertRaisesRegex(UserError, "kept only for documents"):
                customer.sudo().unlink()

    def test_anonymous_customer_cannot_be_deleted(self):
        with self.assertRaisesRegex(UserError, "The anonymous customer cannot be deleted"):
            self.env.company.sudo().dsgvo_anonymous_partner_id.unlink()

    def test_objection_outlives_the_contact_with_its_latest_address(self):
        self._decide(self.customer, 'refused', 'marketing')
        self.customer.email = 'neu@quittenbaum.example'
        self.customer.with_user(self.clerk).unlink()
        back = self._create_customer(email='neu@quittenbaum.example', phone=False)
        self.assertEqual(back.dsgvo_suppressed_reason, 'objected')

    def test_who_may_not_delete_changes_nothing(self):
        event = self._decide(self.customer, note="wohnt im Hinterhof")
        with self.assertRaises(AccessError):
            self.customer.with_user(new_test_user(self.env, 'just_user')).unlink()
        self.assertEqual(event.note, "wohnt im Hinterhof")

    def test_second_deletion_finds_nothing(self):
        for _deletion in range(2):
            self.customer.sudo().unlink()


@tagged('post_install', '-at_install')
class TestDeletedPortalAccount(OfficerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.env['res.users'].sudo().create({
            'login': 'adelheid', 'partner_id': cls.customer.id,
            'group_ids': [Command.set(cls.env.ref('base.group_portal').ids)]})

    @mute_logger('odoo.addons.base.models.res_users', 'odoo.addons.base.models.res_users_deletion')
    def _deactivate(self, user=None, **post):
        """Delete the account as the portal does, then what Odoo's job does later."""
        user = user or self.user
        user.with_user(user).sudo()._deactivate_portal_user(**post)
        self.env.invalidate_all()

    def _run_deletion_job(self):
        with self.enter_registry_test_mode(), mute_logger(
                'odoo.addons.base.models.res_users_deletion', 'odoo.sql_db'):
            self.env.ref('base.ir_cron_res_users_deletion').method_direct_trigger()
        self.env.invalidate_all()

    def test_is_a_request_and_erases_the_customer_with_all_business(self):
        self._sell(self._order(note="Für Adelheid Quittenbaum"))
        self._erasure().sudo().unlink()
        self._deactivate()
        erasure = self._erasure()
        self.assertRecordValues(erasure, [
            {'reason': 'request', 'state': 'due', 'company_id': self.user.company_id.id}])
        self._run_cron()
        self.assertEqual(erasure.state, 'done')
        self.assertEqual(self._find_in_database(PERSON['name'], PERSON['email']), {})

    def test_job_that_deletes_accounts_leaves_the_anonymous_customer_alone(self):
        self._deactivate()
        self._run_cron()
        anonymous = self.env.company.sudo().dsgvo_anonymous_partner_id
        self.assertEqual(self.user.partner_id, anonymous)
        self._run_deletion_job()
        self.assertFalse(self.user.exists())
        self.assertTrue(anonymous.exists())

    def test_tick_about_advertising_is_a_refusal_also_without_an_address(self):
        self.customer.consent_marketing = 'granted'
        self.customer.write({'email': False, 'phone': False})
        self._deactivate(request_blacklist='on')
        decisions = self.customer.sudo().consent_event_ids.filtered(
            lambda event: event.company_id == self.user.company_id)
        self.assertRecordValues(decisions.sorted('id')[-1], [
            {'purpose': 'marketing', 'decision': 'withdrawn', 'means': 'portal'}])

    def test_without_the_tick_there_is_no_decision_about_advertising(self):
        self._deactivate()
        self.assertFalse(self.customer.sudo().consent_event_ids)

    def test_account_of_an_address_or_a_company_asks_to_erase_nobody(self):
        company = self._create_customer(name="Schule am Park", is_company=True)
        address = self._create_customer(name="Ute", parent_id=self.customer.id, type='other')
        for number, partner in enumerate(company | address):
            user = self.env['res.users'].sudo().create({
                'login': f'user{number}', 'partner_id': partner.id,
                'group_ids': [Command.set(self.env.ref('base.group_portal').ids)]})
            self._deactivate(user)
            self.assertIn(self.officer, partner.activity_ids.filtered(
                lambda a: a.summary == "Deleted account: asks to be erased").user_id)
        self.assertFalse(self.env['dsgvo.erasure'].search([]))
