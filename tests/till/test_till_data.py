from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from odoo.addons.point_of_sale.models.pos_config import PosConfig as CorePosConfig
from odoo.addons.point_of_sale.tests.common import TestPoSCommon


@tagged('post_install', '-at_install')
class TestTillData(TestPoSCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config = cls.basic_config
        cls.cashier = new_test_user(
            cls.env, 'dsgvo_cashier', groups='point_of_sale.group_pos_user')
        cls.partners = cls.env['res.partner'].create(
            [{'name': f"Aaron {number:02}"} for number in range(6)])

    def _pages(self, limit):
        self.env['ir.config_parameter'].set_param('point_of_sale.limited_customer_count', limit)
        offset = 0
        while rows := self.config.get_limited_partners_loading(offset):
            yield [partner_id for partner_id, in rows]
            offset += len(rows)

    def test_cashier_gets_every_customer_with_the_state_of_the_badge(self):
        self.partners[0].consent_marketing = 'granted'
        data = self.env['res.partner'].with_user(self.cashier).get_new_partner(
            self.config.id, [('id', 'in', self.partners.ids)], 0)
        self.assertEqual(
            {row['id']: row['consent_state'] for row in data['res.partner']},
            dict.fromkeys(self.partners.ids, 'none') | {self.partners[0].id: 'partial'})

    def test_archived_customers_take_no_places(self):
        archived = self.partners[1:4]
        archived.active = False
        pages = list(self._pages(limit=2))
        loaded = [partner_id for page in pages for partner_id in page]
        self.assertEqual({len(page) for page in pages[:-1]}, {2})
        self.assertEqual(len(loaded), len(set(loaded)))
        self.assertEqual(
            [partner_id for partner_id in loaded if partner_id in self.partners.ids],
            (self.partners - archived).ids)

    def test_core_is_asked_only_for_what_localisations_add(self):
        sizes, added = [], (self.partners[5].id,)

        def load(config, offset=0):
            sizes.append(config._get_limited_partner_count())
            return [added]

        with patch.object(CorePosConfig, 'get_limited_partners_loading', load):
            pages = [next(self._pages(limit)) for limit in (2, 1000)]
        self.assertEqual(sizes, [0, 0])
        self.assertEqual([page.count(added[0]) for page in pages], [1, 1])
        self.assertEqual(len(pages[0]), 3)

    def test_till_is_told_which_customers_are_gone(self):
        deleted, archived, present = self.partners[:3]
        ids = self.partners[:3].ids
        deleted.unlink()
        archived.active = False
        session = self.open_new_session()
        gone = session.with_user(self.cashier).filter_local_data({'res.partner': ids})
        self.assertEqual(sorted(gone['res.partner']), sorted(ids[:2]))
        self.assertNotIn(present.id, gone['res.partner'])

    def test_decision_names_the_open_till_at_which_it_was_recorded(self):
        def record(till_id, **values):
            Event = self.env['dsgvo.consent.event'].with_user(self.cashier)
            return Event.with_context(dsgvo_till_id=till_id).create({
                'partner_id': self.partners[0].id, 'purpose': 'marketing', 'decision': 'granted',
                'till': "Another till"} | values)

        expected = {'means': 'till', 'till': self.config.name}
        self.assertRecordValues(record(self.config.id), [{'means': 'till', 'till': False}])
        self.open_new_session()
        self.assertRecordValues(record(self.config.id), [expected])
        self.assertRecordValues(record(0), [{'means': 'counter', 'till': False}])
        self.assertRecordValues(
            record(self.config.id, means='phone'), [{'means': 'phone', 'till': False}])
        dialog = self.env['dsgvo.consent.record'].with_user(self.cashier).with_context(
            dsgvo_till_id=self.config.id, active_model='res.partner',
            active_ids=self.partners[1].ids).create({'consent_storage': 'refused'})
        dialog.action_record()
        self.assertRecordValues(self.partners[1].consent_event_ids, [expected])
