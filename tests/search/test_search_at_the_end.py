from datetime import datetime

from odoo.tests import freeze_time, tagged

from ..erasure.common import PERSON
from .test_search import SearchCommon


@tagged('post_install', '-at_install')
class TestSearchAtTheEnd(SearchCommon):
    def test_restricted_customer_is_searched_for_before_the_end(self):
        self._sell(self._order(), to_invoice=True)
        erasure = self._erasure().with_user(self.officer)
        self._run_cron()
        self._search_database()
        last_day = erasure.restricted_until
        self.assertTrue(erasure.searched_on)
        self.assertTrue(self._values(erasure))
        team = self.env['crm.team'].create({'name': PERSON['email']})
        with freeze_time(datetime(last_day.year + 1, 1, 1, 12)):
            self._run_cron()
            self.assertEqual(erasure.state, 'restricted', "It waits for the search.")
            self._search_database()
            self.assertRecordValues(erasure.residual_ids, [
                {'model': 'crm.team', 'res_id': team.id, 'reason': 'uncovered'}])
            self._run_cron()
        self.assertEqual(erasure.state, 'done')

    def test_restricted_customer_without_anything_to_search_for_goes_without_a_search(self):
        customer = self.env['res.partner'].create({'name': "Li"})
        self._sell(self._order(customer=customer), to_invoice=True)
        erasure = self._erasure(customer).with_user(self.officer)
        self._run_cron()
        self.assertEqual(erasure.state, 'restricted')
        self.assertFalse(self._values(erasure))
        Search = self.env['dsgvo.erasure.search'].sudo()
        with freeze_time(datetime(erasure.restricted_until.year + 1, 1, 1, 12)):
            self.assertFalse(Search._start())
            self._run_cron()
        self.assertEqual(erasure.state, 'done')
