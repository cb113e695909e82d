from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.overview import dsgvo_overview
from .common import OverviewCommon


@tagged('post_install', '-at_install')
class TestOverviewNumbers(OverviewCommon):
    """What the tiles and charts count."""

    def test_consents_are_counted_by_purpose_with_their_share(self):
        self._add_customers(a='granted', b='granted', c='refused', d=None)
        self._add_customers(self.other, e='refused')
        shares = self._chart('share')
        self.assertEqual(
            shares["Unlimited storage (50\u00a0%)"], {'granted': 2, 'refused': 1, 'never': 1})
        self.assertEqual(shares["Unlimited storage (50\u00a0%)"], self._count_figures('storage'))

    def _count_figures(self, purpose):
        """Return what the officer sees under *Consents in Numbers*."""
        rows = self.env['dsgvo.consent.statistic'].with_user(self.officer).with_company(
            self.company)._read_group([('purpose', '=', purpose)], ['decision'], ['__count'])
        return dict(rows)

    def test_companies_are_asked_about_advertising_only(self):
        self._add_customers(a=None).is_company = True
        self.assertEqual(
            self._chart('share'), {"Invitation, advertising, profile (0\u00a0%)": {'never': 1}})

    def test_decisions_are_counted_by_month_means_and_till(self):
        customer, = self._add_customers(a=None)
        today = self.company._dsgvo_today()
        Event = self.env['dsgvo.consent.event'].sudo()
        for purpose, decision, date, means in (
                ('storage', 'granted', today, 'paper'),
                ('marketing', 'refused', today, 'counter'),
                ('marketing', 'withdrawn', today - timedelta(days=800), 'paper')):
            Event.create({'partner_id': customer.id, 'purpose': purpose, 'decision': decision,
                          'date': date, 'means': means})
        [month] = self._chart('months').values()
        self.assertEqual(month, {'granted': 1, 'refused': 1})
        self.assertEqual(self._chart('means'), {
            "On paper": {'granted': 1}, "At the counter": {'refused': 1}})
        self.assertEqual(self._chart('tills'), {})

    def test_tills_have_their_names(self):
        """Each till is a row, and the rare ones are one together."""
        add = self.env['dsgvo.overview']._join_rare(
            {f"Kasse {number}": {'granted': 10 - number} for number in range(10)})
        self.assertEqual(len(add), dsgvo_overview.LONGEST_AXIS + 1)
        self.assertEqual(add["Others"], {'granted': 3})

    def test_customer_is_asked_once_a_day(self):
        customers = self._add_customers(a='granted', b='refused')
        customers[0].with_company(self.company).consent_marketing = 'refused'
        self.assertEqual(self._tiles()['asked']['value'], 2)

    def test_consents_that_end_soon(self):
        self.company.dsgvo_validity_storage = 12
        customer, = self._add_customers(a=None)
        self.env['dsgvo.consent.event'].sudo().create({
            'partner_id': customer.id, 'purpose': 'storage', 'decision': 'granted',
            'date': self.company._dsgvo_today() - timedelta(days=350)})
        tile = self._tiles()['expiring']
        self.assertEqual(tile['value'], 1)
        self.assertEqual(self._find(tile), customer)

    def _find(self, tile, user=None, companies=None):
        """Return the records that a tile leads to, with the rights of the user."""
        action = tile['action']
        return self.env[action['res_model']].with_user(user or self.officer).with_context(
            allowed_company_ids=(companies or self.company).ids, **action['context']).search(
                action['domain'], order='id')

    def test_erasures_are_counted_by_month_reason_and_year(self):
        blocked, restricted, done = (
            self.env['dsgvo.erasure'].sudo().create(values | {'reason': 'request'})
            for values in (
                {'state': 'blocked', 'blocker': "Open order: S1\nOpen order: S2\nDispute"},
                {'state': 'restricted', 'restricted_until': '2031-12-31'},
                {'state': 'done', 'done_on': fields.Datetime.now()}))
        self.assertEqual(self._chart('blocked'), {
            "Open order": {'number': 2}, "Dispute": {'number': 1}})
        self.assertEqual(self._chart('restricted'), {'2031': {'number': 1}})
        self.assertEqual([*self._chart('erased').values()], [{'number': 1}])
        tiles = self._tiles()
        self.assertEqual(
            [tiles[name]['value'] for name in ('due', 'waiting', 'held')], [0, 1, 1])
        self.assertEqual(self._find(tiles['waiting']), blocked)
        self.assertEqual(self._find(tiles['held']), restricted)
        self.assertFalse(self._chart('erased', companies=self.other))
        self.assertTrue(done)

    def test_last_evening_of_a_month_belongs_to_it(self):
        """In Berlin it is the next month already, in UTC not yet."""
        first, last = fields.Date.to_date('2026-03-01'), fields.Date.to_date('2026-03-31')
        for done_on, number in (
                (datetime(2026, 2, 28, 22, 30), 0), (datetime(2026, 2, 28, 23, 30), 1),
                (datetime(2026, 3, 31, 21, 30), 1), (datetime(2026, 3, 31, 22, 30), 0)):
            erasure = self.env['dsgvo.erasure'].sudo().create(
                {'state': 'done', 'reason': 'request', 'done_on': done_on})
            with self.subTest(done_on=done_on):
                counts = self.env['dsgvo.overview'].sudo()._count(self.company, first, last)
                self.assertEqual(
                    counts['erased'], {'2026-03': {'number': 1}} if number else {})
            erasure.state = 'cancelled'

    def test_mailings_are_counted_by_who_was_reached_and_why_not(self):
        mailing = self.env['mailing.mailing'].sudo().create({
            'subject': "Lesung", 'state': 'done', 'sent_date': fields.Datetime.now(),
            'mailing_model_id': self.env['ir.model']._get_id('res.partner'),
            'dsgvo_company_id': self.company.id, 'dsgvo_unasked_when_sent': 4,
            'dsgvo_refused_when_sent': 2})
        for status, failure, is_test in (
                ('sent', False, False), ('open', False, False), ('cancel', 'mail_bl', False),
                ('cancel', 'mail_dup', False), ('error', 'mail_email_missing', False),
                ('bounce', 'mail_bounce', False), ('sent', False, True)):
            self.env['mailing.trace'].sudo().create({
                'mass_mailing_id': mailing.id, 'model': 'res.partner', 'trace_status': status,
                'res_id': self.customer.id, 'failure_type': failure, 'is_test_trace': is_test})
        self.assertEqual(
            {label: columns['number'] for label, columns in self._chart('mailings').items()}, {
                "Recipients reached": 2, "Left out: never asked": 4, "Left out: refused": 2,
                "Left out: block list or opted out": 1, "Left out: same address twice": 1,
                "Left out: no valid address": 1, "Not delivered": 1})
        self.assertFalse(self._chart('mailings', companies=self.other))

    def test_other_company_is_invisible_until_it_is_chosen(self):
        self._add_customers(self.other, a='granted')
        self.env['dsgvo.erasure'].sudo().create(
            {'state': 'due', 'reason': 'request', 'company_id': self.other.id})
        own, both = self._tiles(), self._tiles(companies=self.company | self.other)
        self.assertEqual((own['asked']['value'], both['asked']['value']), (0, 1))
        self.assertEqual((own['due']['value'], both['due']['value']), (0, 1))
        foreign = self.env['res.company'].create({'name': "Fremde"})
        with self.assertRaises(AccessError):
            self._read(companies=self.company | foreign)

    def test_customers_of_companies_that_share_consents_are_counted_once(self):
        (self.company | self.other).dsgvo_joint_controller = True
        self.env['res.partner'].create({'name': "Gemeinsam"}).consent_storage = 'granted'
        both = self._chart('share', companies=self.company | self.other)
        self.assertEqual(next(iter(both.values()))['granted'], 1)

    def test_customers_of_each_company_that_shares_consents_are_counted(self):
        """By day and at night; those of no company are counted once."""
        both = self.company | self.other
        both.dsgvo_joint_controller = True
        both.dsgvo_validity_storage = 12
        customers = self._add_customers(a=None) | self._add_customers(self.other, b=None, c=None)
        customers |= self.env['res.partner'].create({'name': "Gemeinsam"})
        self.env['dsgvo.consent.event'].sudo().create([{
            'partner_id': customer.id, 'purpose': 'storage', 'decision': 'granted',
            'date': self.company._dsgvo_today() - timedelta(days=350)} for customer in customers])
        for large in dsgvo_overview.LARGE, 0:
            self.patch(dsgvo_overview, 'LARGE', large)
            for companies, number in ((self.company, 2), (self.other, 3), (both, 4)):
                with self.subTest(companies=companies, large=large):
                    share = self._chart('share', companies=companies)
                    self.assertEqual(
                        sum(next(iter(share.values())).values()), number)
                    tile = self._tiles(companies=companies)['expiring']
                    self.assertEqual(tile['value'], number)
                    self.assertEqual(len(self._find(tile, companies=companies)), number)

    def test_customer_whose_consents_end_soon_at_two_companies_is_one(self):
        """Companies that share no consents have a validity each: the list is who is counted."""
        both = self.company | self.other
        both.dsgvo_validity_storage = 12
        customers = self.env['res.partner'].create([{'name': name} for name in (
            "Bei beiden", "Bei einer", "Bei der anderen")])
        customers |= self._add_customers(self.other, d=None)
        soon = self.company._dsgvo_today() - timedelta(days=350)
        for company, decided in (
                (self.company, customers[:2]), (self.other, customers[0] | customers[2:])):
            self.env['dsgvo.consent.event'].sudo().with_company(company).create([{
                'partner_id': customer.id, 'purpose': 'storage', 'decision': 'granted',
                'date': soon} for customer in decided])
        for large in dsgvo_overview.LARGE, 0:
            self.patch(dsgvo_overview, 'LARGE', large)
            for companies, found in (
                    (self.company, customers[:2]), (self.other, customers[0] | customers[2:]),
                    (both, customers), (self.other | self.company, customers)):
                with self.subTest(companies=companies.mapped('name'), large=large):
                    tile = self._tiles(companies=companies)['expiring']
                    self.assertEqual(tile['value'], len(found))
                    self.assertEqual(self._find(tile, companies=companies), found)

    def test_company_without_anything_has_an_overview(self):
        sections = self._read()
        self.assertEqual({chart['total'] for section in sections.values()
                          for chart in section['charts']}, {0})
        self.assertEqual(self._tiles()['asked']['value'], 0)

    @mute_logger('odoo.http')
    def test_clerk_has_none(self):
        with self.assertRaisesRegex(AccessError, "privacy officers and managers"):
            self._read(self.clerk, self.env['res.company'].browse(self.clerk.company_id.id))

    def test_manager_sees_numbers_and_opens_no_erasure(self):
        self.env['dsgvo.erasure'].sudo().create({'state': 'restricted', 'reason': 'request'})
        tiles = self._tiles(user=self.manager)
        self.assertEqual(tiles['held']['value'], 1)
        self.assertFalse(tiles['held']['action'])
        self.assertTrue(tiles['asked']['action'])
        self.assertNotIn('decisions', self._read(self.manager))

    def test_officer_sees_what_is_to_be_decided(self):
        before = self._tiles()
        self.env['dsgvo.breach'].sudo().create({
            'name': "Liste liegen geblieben", 'company_id': self.company.id,
            'noticed_on': fields.Datetime.now(), 'risk': 'risk'})
        self._add_customers(a=None).sudo().dsgvo_objected_on = fields.Date.today()
        tiles = self._tiles()
        for name in ('breaches', 'objections'):
            with self.subTest(tile=name):
                self.assertEqual(tiles[name]['value'], before[name]['value'] + 1)
                self.assertEqual(len(self._find(tiles[name])), tiles[name]['value'])

    def test_document_that_is_outdated_is_counted(self):
        self.env['dsgvo.document'].sudo()._make('information', self.company, 'en')
        self.assertEqual(self._tiles()['documents']['value'], 0)
        self.company.name = "Buchladen am Markt"
        self.env.invalidate_all()
        self.assertEqual(self._tiles()['documents']['value'], 1)

    def test_outdated_documents_of_both_companies_are_listed(self):
        both = self.company | self.other
        Document = self.env['dsgvo.document'].sudo()
        documents = Document.union(
            *(Document._make('information', company, 'en') for company in both))
        for company in both:
            company.name += " am Markt"
        self.env.invalidate_all()
        tile = self._tiles(companies=both)['documents']
        self.assertEqual(tile['value'], 2)
        self.assertEqual(self._find(tile, companies=both), documents.sorted('id'))

    def test_years_of_both_companies_are_in_their_order(self):
        self.env['dsgvo.erasure'].sudo().create([
            {'state': 'restricted', 'reason': 'request', 'company_id': company.id,
             'restricted_until': f'{year}-12-31'}
            for company, year in (
                (self.company, 2030), (self.company, 2034), (self.other, 2028),
                (self.other, 2031))])
        chart = self._chart('restricted', companies=self.company | self.other)
        self.assertEqual(list(chart), ['2028', '2030', '2031', '2034'])

    def test_every_tile_leads_an_officer_to_as_many_records(self):
        self._add_customers(a='granted', b='refused')
        for name, tile in self._tiles().items():
            with self.subTest(tile=name):
                found = self._find(tile)
                if name == 'asked':
                    found = found.partner_id
                self.assertEqual(len(found), tile['value'])


@tagged('post_install', '-at_install')
class TestCountedAtNight(OverviewCommon):
    """In a large shop the charts show what the job has counted."""

    def setUp(self):
        super().setUp()
        self.patch(dsgvo_overview, 'LARGE', 0)

    def _run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_count').method_direct_trigger()
        self.env.invalidate_all()

    def test_charts_stay_until_the_job_counts_again(self):
        self._run_job()
        self._add_customers(a='granted')
        self.assertEqual(self._chart('months'), {})
        self.assertEqual(self._tiles()['asked']['value'], 1)
        self._run_job()
        self.assertEqual([*self._chart('months').values()], [{'granted': 1}])
        self.assertEqual(self.env['dsgvo.overview.count'].sudo().search_count(
            [('company_id', '=', self.company.id)]), 1)

    def test_user_can_count_at_once(self):
        self._run_job()
        self._add_customers(a='granted')
        self.env['dsgvo.overview'].with_user(self.officer).read_overview(anew=True)
        self.assertEqual([*self._chart('months').values()], [{'granted': 1}])

    def test_nobody_reads_the_stored_numbers(self):
        with self.assertRaises(AccessError):
            self.env['dsgvo.overview.count'].with_user(self.officer).search([])
