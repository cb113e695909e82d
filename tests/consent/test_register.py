from ast import literal_eval

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ..common import DsgvoCommon


@tagged('post_install', '-at_install')
class TestRegister(DsgvoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.address = cls._create_customer(parent_id=cls.customer.id, type='delivery')
        cls.granted, cls.refused = (
            cls._create_customer(name=name) for name in ("Balduin Wacholder", "Cosima Zimt"))
        cls.granted.consent_storage = 'granted'
        cls.refused.consent_storage = 'refused'
        cls.people = cls.customer | cls.address | cls.granted | cls.refused
        cls.action = cls.env['ir.actions.act_window']._for_xml_id(
            'dsgvo.res_partner_action_register')

    def _filter(self, action, name):
        """Return the domain of a filter as the search view of the action has it."""
        Model = self.env[action['res_model']].with_user(self.clerk)
        view_id = action['search_view_id'] and action['search_view_id'][0]
        arch = Model.get_view(view_id, 'search')['arch']
        node, = etree.fromstring(arch).xpath(f'//filter[@name="{name}"]')
        return literal_eval(node.get('domain'))

    def test_register_tells_never_asked_from_refused_and_lists_persons_only(self):
        Partner = self.env['res.partner'].with_user(self.clerk)
        people = [*literal_eval(self.action['domain']), ('id', 'in', self.people.ids)]
        for name, found in [
            ('storage_granted', self.granted), ('storage_refused', self.refused),
            ('storage_never', self.customer), ('undecided', self.customer),
        ]:
            self.assertEqual(Partner.search(people + self._filter(self.action, name)), found)

    def test_customers_are_neither_the_shop_nor_its_staff_nor_who_only_delivers(self):
        wholesaler = self._create_customer(name="Barsortiment", is_company=True, supplier_rank=3)
        both = self._create_customer(name="Verlag", supplier_rank=1, customer_rank=1)
        others = wholesaler | self.env.company.partner_id | self.clerk.partner_id
        for xml_id in ('res_partner_action_register', 'res_partner_action_customers'):
            action = self.env['ir.actions.act_window']._for_xml_id(f'dsgvo.{xml_id}')
            self.assertEqual(
                self.env['res.partner'].with_user(self.clerk).search([
                    *literal_eval(action['domain']),
                    ('id', 'in', (self.people | both | others).ids)]),
                self.people - self.address | both)

    def test_whoever_has_decided_is_in_lists_figures_and_badges(self):
        """They are written to, and the reminder of what expires counts them."""
        portal = new_test_user(self.env, 'dsgvo_portal', groups='base.group_portal').partner_id
        supplier = self._create_customer(name="Verlegerin", supplier_rank=1)
        people = portal | supplier | self.clerk.partner_id
        self.assertFalse(self._find_listed(people))
        for number, decision in enumerate(('granted', 'refused')):
            people[number].with_user(self.clerk).consent_marketing = decision
        self.clerk.partner_id.consent_marketing = 'granted'
        self.assertEqual(self._find_listed(people), people)
        self.assertTrue(all(person.dsgvo_summary for person in people))
        self.assertEqual(self.env['dsgvo.consent.statistic'].search(
            [('partner_id', 'in', people.ids)]).partner_id, people)

    def test_whoever_expires_soon_is_listed(self):
        self.env.company.dsgvo_validity_marketing = 1
        supplier = self._create_customer(name="Verlegerin", supplier_rank=1)
        supplier.consent_marketing = 'granted'
        soon = self.env['res.partner'].search(
            [('consent_expiry_date', '!=', False), ('id', '=', supplier.id)])
        self.assertEqual(self._find_listed(soon), supplier)

    def _find_listed(self, people):
        # It is asked of all contacts, also where some are at hand.
        return self.customer.with_user(self.clerk).search(
            [*literal_eval(self.action['domain']), ('id', 'in', people.ids)])

    def test_new_customer_is_a_person(self):
        action = self.env['ir.actions.act_window']._for_xml_id(
            'dsgvo.res_partner_action_customers')
        Partner = self.env['res.partner'].with_user(self.clerk)
        with Form(Partner.with_context(**literal_eval(action['context']))) as form:
            form.name = "Dorothea Neu"
        self.assertRecordValues(form.record, [{'is_company': False, 'customer_rank': 1}])

    def test_decisions_are_counted_and_drawn_over_time(self):
        action = self.env['ir.actions.act_window']._for_xml_id('dsgvo.dsgvo_consent_event_action')
        modes = [mode for _view, mode in action['views']]
        self.assertEqual(modes[:3], ['list', 'pivot', 'graph'])
        views = self.env[action['res_model']].with_user(self.clerk).get_views(action['views'])
        graph = etree.fromstring(views['views']['graph']['arch'])
        self.assertTrue(graph.xpath('//field[@interval="month"]'))
        self.assertEqual(graph.get('js_class'), 'dsgvo_graph')

    def test_numbers_say_which_consent_and_count_who_is_in_the_register(self):
        Statistic = self.env['dsgvo.consent.statistic'].with_user(self.clerk)
        rows = Statistic.search([('partner_id', 'in', self.people.ids)])
        register = self.env['res.partner'].with_user(self.clerk).search(
            [*literal_eval(self.action['domain']), ('id', 'in', self.people.ids)])
        self.assertEqual(rows.partner_id, register)
        for partner in register:
            for row in rows.filtered(lambda row, of=partner: row.partner_id == of):
                self.assertEqual(
                    row.decision, partner[f'consent_{row.purpose}'] or 'never', row.purpose)
        storage = Statistic.formatted_read_group(
            [('partner_id', 'in', self.people.ids), ('purpose', '=', 'storage')], ['decision'],
            ['__count'])
        persons = register.filtered(lambda partner: not partner.is_company)
        self.assertEqual(sum(row['__count'] for row in storage), len(persons))
        self.assertIn('granted', {row['decision'] for row in storage})

    def test_list_of_those_who_agreed_to_an_older_wording(self):
        decisions = self.env['ir.actions.act_window']._for_xml_id(
            'dsgvo.dsgvo_consent_event_action')
        Event = self.env['dsgvo.consent.event'].with_user(self.clerk)
        outdated = self._filter(decisions, 'outdated')
        self.assertFalse(Event.search(outdated).partner_id & self.people)
        self.granted.consent_event_ids.wording_id.with_user(self.officer).action_new_version()
        self.assertEqual(Event.search(outdated).partner_id & self.people, self.granted)
        self.granted.consent_storage = 'refused'
        self.assertFalse(Event.search(outdated).partner_id & self.people)

    def test_export_says_the_same_as_the_form(self):
        columns = ['name', 'consent_storage', 'consent_state']
        self.clerk.group_ids += self.env.ref('base.group_allow_export')
        rows = (self.granted | self.refused | self.customer).with_user(
            self.clerk).export_data(columns)['datas']
        self.assertEqual([row[1] for row in rows], ["Granted", "Refused", ""])

    def test_register_opens_for_whoever_sees_its_menu(self):
        marketing = new_test_user(
            self.env, 'dsgvo_marketing', groups='mass_mailing.group_mass_mailing_user')
        for user in (marketing, self.clerk, self.officer):
            with self.subTest(user=user.login):
                Partner = self.env['res.partner'].with_user(user)
                arch = Partner.get_view(self.action['view_id'][0], 'list')['arch']
                columns = [node.get('name') for node in etree.fromstring(arch).iter('field')]
                self.assertEqual('dsgvo_event_count' in columns, user != marketing)
                self.assertEqual(
                    len(Partner.browse(self.people.ids).read(columns)), len(self.people))

    def test_contact_with_decisions_can_be_deleted_and_the_decisions_stay(self):
        event = self.granted.consent_event_ids
        self.granted.unlink()
        self.assertRecordValues(event, [{'partner_id': False, 'decision': 'granted'}])
        check = self.env['dsgvo.ledger.check']._verify()
        self.assertEqual(check.state, 'whole')

    def test_portal_user_records_nothing_and_is_a_customer_like_others(self):
        portal = new_test_user(self.env, 'dsgvo_portal', groups='base.group_portal')
        person = portal.partner_id.with_user(portal)
        with self.assertRaises(AccessError):
            person.consent_marketing = 'granted'
        with self.assertRaises(AccessError):
            self.env['dsgvo.consent.event'].with_user(portal).search([])
        person.with_user(self.clerk).consent_marketing = 'granted'
        self.assertRecordValues(portal.partner_id.consent_event_ids, [
            {'means': 'counter', 'user_id': self.clerk.id}])
