from odoo.tests import new_test_user, tagged

from .test_preview import OfficerCommon


@tagged('post_install', '-at_install')
class TestCollectiveAccount(OfficerCommon):
    """A company below which customers were entered as addresses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._create_customer(name="Ladenkunden", is_company=True, email=False)
        cls.people = cls.env['res.partner'].create([
            {'name': f"Kundin Nummer {number}", 'email': f'nr{number}@leser.example',
             'parent_id': cls.account.id, 'type': 'delivery'} for number in range(5)])
        cls.person, cls.others = cls.people[0], cls.people[1:]

    def test_request_of_one_erases_this_one_only(self):
        order = self._order(customer=self.person, note="Für Kundin Nummer 0")
        order._action_cancel()
        preview = self._select(self.person, 'request')
        self.assertRecordValues(preview, [
            {'total_count': 1, 'erased_count': 1, 'blocked_count': 0, 'refused_count': 0}])
        preview.action_erase()
        self._run_cron()
        self.assertFalse(self.person.exists())
        self.assertEqual((self.account | self.others).exists(), self.account | self.others)
        self.assertEqual(self._find_in_database("Kundin Nummer 0", 'nr0@leser.example'), {})

    def test_sale_erases_nobody_of_them(self):
        self._sell(self._order(customer=self.person))
        self._run_cron()
        self.assertTrue(self.person.exists())
        self.assertFalse(self._erasure(self.person))
        preview = self.env['dsgvo.first.steps'].sudo().create({})
        self._order(customer=self.person)
        self.assertNotIn(self.person, preview.affected_ids)

    def test_one_is_erased_by_hand_unless_agreed_to_storage(self):
        agreed, by_hand = self.others[:2]
        agreed.consent_storage = 'granted'
        preview = self._select(agreed | by_hand)
        self.assertRecordValues(preview, [{'erased_count': 1, 'refused_count': 1}])
        preview.action_erase()
        self._run_cron()
        self.assertEqual((agreed | by_hand).exists(), agreed)

    def test_who_was_noted_by_a_sale_and_became_one_of_them_stays(self):
        self.env['dsgvo.erasure']._enqueue(self.customer, 'checkout', self.env.company)
        self.customer.write({'parent_id': self.account.id, 'type': 'other'})
        self._run_cron()
        self.assertTrue(self.customer.exists())
        self.assertFalse(self._erasure())

    def test_another_company_keeps_only_who_agreed_there(self):
        other = self.env['res.company'].create({'name': "Fremder Laden"})
        agreed = self.others[0]
        agreed.with_company(other).consent_storage = 'granted'
        Blocker = self.env['dsgvo.erasure.blocker']
        self.assertEqual(
            list(Blocker._find_kept_elsewhere(
                self.person | agreed, self.env.company, 'manual')), [agreed])

    def test_sale_of_a_person_leaves_who_agreed_and_was_put_below(self):
        agreed = self._create_customer(name="Eva Quittenbaum", email='eva@quittenbaum.example')
        agreed.consent_storage = 'granted'
        agreed.with_user(self.clerk).write({'parent_id': self.customer.id, 'type': 'delivery'})
        self._sell(self._order(partner_shipping_id=agreed.id))
        self._run_cron()
        self.assertFalse(self._erasure(agreed))
        self.assertIn("customers of their own", self._erasure().blocker)
        agreed.with_user(self.clerk).parent_id = False
        self._run_cron()
        self.assertFalse(self.customer.exists())
        self.assertRecordValues(agreed, [{
            'name': "Eva Quittenbaum", 'email': 'eva@quittenbaum.example',
            'dsgvo_subject_id': agreed.id, 'consent_storage': 'granted'}])

    def test_account_waits_for_the_persons_below_it(self):
        reasons = self.env['dsgvo.erasure.blocker']._find(self.account)
        self.assertEqual(
            reasons, {self.account: ["Has contact persons, who are customers of their own"]})
        self.people.name = False
        self.assertFalse(self.env['dsgvo.erasure.blocker']._find(self.account))

    def test_first_steps_name_the_accounts(self):
        officer = new_test_user(self.env, 'just_officer', groups='dsgvo.group_officer')
        preview = self.env['dsgvo.first.steps'].with_user(officer).create({})
        self.assertEqual(preview.collective_ids, self.account)
        self.assertEqual(preview.collective_count, 1)
        action = preview.action_open_collective()
        self.assertEqual(self.env[action['res_model']].search(action['domain']), self.account)
        self.person.name = self.account.name
        preview.invalidate_recordset()
        self.assertFalse(preview.collective_ids)

    def test_first_steps_name_a_person_who_is_an_account(self):
        account = self._create_customer(name="Barverkauf", email=False)
        self.env['res.partner'].create([
            {'name': name, 'parent_id': account.id, 'type': 'delivery'}
            for name in (*"ABCD", "Barverkauf", "Barverkauf")])
        preview = self.env['dsgvo.first.steps'].with_user(self.officer).create({})
        self.assertNotIn(account, preview.collective_ids)
        account.child_ids.filtered(lambda address: address.name == account.name)[0].name = "E"
        preview.invalidate_recordset()
        self.assertIn(account, preview.collective_ids)
