import hashlib
import hmac
from hashlib import blake2b

from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.misc import file_path

from odoo.addons.dsgvo.models.search.database_search import DatabaseSearch

from ..erasure.common import PERSON
from .test_search import NOTE, SearchCommon

# How 19.0.1.1.0 compared the values of the person below, and how many words they have.
LEGACY_VALUES = [
    ('name', 'adelheid quittenstrasse', 2), ('name', 'quittenstrasse adelheid', 2),
    ('street', 'boerdestrasse 17', 2), ('phone', '30901820', 0),
    ('email', 'adelheid@quittenbaum.example', 0)]


@tagged('post_install', '-at_install')
class TestLegacyValues(SearchCommon):
    """Whoever was erased with 19.0.1.1.0, of whom hashes in its spelling are left."""

    def setUp(self):
        super().setUp()
        self.customer.write({'name': "Adelheid Quittenstraße", 'street': "Bördestraße 17"})
        neighbour = self._create_customer(
            name="Bert Ohlendorf", email='bert@ohlendorf.example', phone='+49 30 777333',
            street="Ginstergasse 4", consent_storage='granted')
        self.order = self._order(customer=neighbour)
        self._sell(self._order())
        self.erasure = self._erasure()
        self._run_cron()
        self.assertEqual(self.erasure.state, 'done', self.erasure.blocker)

    def _make_legacy(self):
        """Leave the state in which 19.0.1.1.0 left the values, and update."""
        key = self.env['dsgvo.suppression']._get_key()[:64]
        self._values(self.erasure).unlink()
        self.env.flush_all()
        for kind, text, words in LEGACY_VALUES:
            digest, head = (
                blake2b(part.encode(), key=key, digest_size=16).digest()
                for part in (text, text.split(' ')[0]))
            self.env.cr.execute(SQL(
                "INSERT INTO dsgvo_erasure_value (erasure_id, kind, hash, head, words)"
                " VALUES (%s, %s, %s, %s, %s)", self.erasure.id, kind, digest.hex(),
                int.from_bytes(head[:4]) >> 12, words))
        self.env.cr.execute("ALTER TABLE dsgvo_erasure_value DROP COLUMN is_legacy")
        self._migrate()

    def _migrate(self):
        path = file_path('dsgvo/migrations/19.0.1.2.0/pre-erasure-values.py')
        load_script(path, 'dsgvo_pre_erasure_values').migrate(self.env.cr, '19.0.1.1.0')
        self.env.invalidate_all()

    def _look_at_note(self, text):
        self.order.note = NOTE % text
        self.env.flush_all()
        search = self.env['dsgvo.erasure.search'].sudo()._start()
        DatabaseSearch(search).look_at('sale_order', self.order.id)
        self.env.invalidate_all()

    def test_values_of_an_older_version_are_found_and_taken_out(self):
        self._make_legacy()
        for written, left in {
            "0049 (0)30 90 18 20": "…", "030/901820": "…", "4930901820": "…",
            PERSON['email'].upper(): "…", "QUITTENSTRASSE, Adelheid; Bördestraße 17": "…; …",
        }.items():
            with self.subTest(written):
                self._look_at_note(f"die Dame {written}")
                self.assertEqual(self.order.note, NOTE % f"die Dame {left}")
                self.assertFalse(self.erasure.residual_ids)

    def test_name_alone_is_left_to_the_officer(self):
        self._make_legacy()
        self._look_at_note("Adelheid Quittenstraße")
        self.assertEqual(self.erasure.residual_ids.mapped('reason'), ['possible'])
        self.erasure.residual_ids.with_user(self.officer).action_take_out()
        self.assertEqual(self.order.note, NOTE % "…")

    def test_hashes_of_an_older_version_go_when_the_search_is_over(self):
        self._make_legacy()
        self.assertTrue(all(self._values(self.erasure).mapped('is_legacy')))
        self._search_database()
        self.assertFalse(self._values(self.erasure))

    def test_update_marks_nothing_that_was_hashed_since(self):
        self._migrate()
        self.assertTrue(self._values(self.erasure))
        self.assertFalse(any(self._values(self.erasure).mapped('is_legacy')))

    def test_suppressed_address_of_an_older_version_is_recognised(self):
        """Their spelling is Odoo's, then and now."""
        Suppression = self.env['dsgvo.suppression'].sudo()
        for kind, value in ('email', 'neu@leser.example'), ('phone', '+4930901821'):
            digest = hmac.digest(
                Suppression._get_key(), f'{kind}:{value}'.encode(), hashlib.sha256)
            Suppression.create({
                'kind': kind, 'hash': digest.hex(), 'reason': 'objected', 'since': '2026-01-02'})
        back = self.env['res.partner'].with_user(self.clerk).create(
            [{'name': "Neu", 'email': "Neu@Leser.example"},
             {'name': "Neu", 'phone': "030 901821", 'country_id': self.env.ref('base.de').id}])
        self.assertEqual(back.mapped('dsgvo_suppressed_reason'), ['objected', 'objected'])
