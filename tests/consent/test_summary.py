from ast import literal_eval

from odoo.tests import Form, new_test_user, tagged

from ..common import DsgvoCommon

CONSENTS = ('consent_storage', 'consent_notification', 'consent_marketing')


@tagged('post_install', '-at_install')
class TestSummary(DsgvoCommon):
    def test_one_line_says_what_is_there_and_whether_anybody_asked(self):
        company = self._create_customer(name="Schule", is_company=True)
        address = self._create_customer(parent_id=self.customer.id, type='delivery')
        people = self.customer | address | company
        for consents, words in [
            ({}, ["None: never asked"] * 3),
            ({'consent_marketing': 'refused'}, ["None: refused"] * 3),
            ({'consent_notification': 'granted'}, ["Some: Notification"] * 2 + ["None: refused"]),
            ({'consent_storage': 'granted'},
             ["Some: Storage, Notification"] * 2 + ["None: refused"]),
            ({'consent_marketing': 'granted'}, ["All"] * 3),
        ]:
            with self.subTest(consents=consents):
                self.customer.write(consents)
                company.write({field: consents[field] for field in consents
                               if field == 'consent_marketing'})
                self.assertEqual(people.with_user(self.clerk).mapped('dsgvo_summary'), words)

    def test_who_is_no_customer_has_no_badge_and_stands_in_no_list(self):
        wholesaler = self._create_customer(name="Barsortiment", is_company=True, supplier_rank=3)
        both = self._create_customer(name="Verlag", supplier_rank=1, customer_rank=1)
        portal = new_test_user(self.env, 'dsgvo_portal', groups='base.group_portal').partner_id
        buyer = new_test_user(self.env, 'dsgvo_buyer', groups='base.group_portal').partner_id
        self.env['sale.order'].create({'partner_id': buyer.id})
        others = (
            wholesaler | self._create_customer(name="Vertreter", parent_id=wholesaler.id)
            | self.env.company.partner_id | self.clerk.partner_id | portal
            | self._create_customer(name="Tresen", parent_id=self.env.company.partner_id.id)
            | self.env.company.dsgvo_anonymous_partner_id)
        customers = self.customer | both | buyer
        everybody = (others | customers).with_user(self.clerk)
        self.assertEqual(everybody.filtered('dsgvo_summary'), customers)
        for xml_id in 'res_partner_action_register', 'res_partner_action_customers':
            action = self.env['ir.actions.act_window']._for_xml_id(f'dsgvo.{xml_id}')
            self.assertEqual(everybody.with_context(active_test=False).search(
                [*literal_eval(action['domain']), ('id', 'in', everybody.ids)]), customers)

    def test_numbers_of_the_first_steps_are_those_of_the_list(self):
        self._create_customer(name="Barsortiment", is_company=True, supplier_rank=3)
        steps = self.env['dsgvo.first.steps'].with_user(self.officer).create({})
        domain = literal_eval(self.env['ir.actions.act_window']._for_xml_id(
            'dsgvo.res_partner_action_register')['domain'])
        listed = self.env['res.partner'].with_user(self.officer).search(domain)
        undecided = listed.filtered(lambda partner: not any(map(partner.__getitem__, CONSENTS)))
        self.assertEqual(
            (steps.undecided_count, steps.decided_count),
            (len(undecided), len(listed - undecided)))

    def test_order_shows_the_badge_of_whoever_buys_and_none_of_the_anonymous_customer(self):
        supplier = self._create_customer(name="Verlag", supplier_rank=1)
        anonymous = self.env.company.dsgvo_anonymous_partner_id
        refusing = self._create_customer(name="Bertram", consent_marketing='refused')
        orders = self.env['sale.order'].create([
            {'partner_id': partner.id}
            for partner in (self.customer, supplier, anonymous, refusing)]).with_user(self.clerk)
        self.assertEqual(orders.mapped('dsgvo_summary'), [
            "None: never asked", "None: never asked", False, "None: refused"])
        self.assertEqual(orders.filtered('dsgvo_refused').partner_id, refusing)

    def test_company_that_is_typed_in_can_be_turned_into_a_person(self):
        form = Form(self.env['res.partner'].with_user(self.clerk).with_context(
            default_is_company=True))
        form.name = "Dorothea Neu"
        person = form.save()
        person.action_dsgvo_make_person()
        self.assertFalse(person.is_company)
