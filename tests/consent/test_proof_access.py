import base64

from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from ..common import DsgvoCommon

SCAN = base64.b64encode(b'%PDF-1.4 signed form')
PROOF = ('note', 'signature', 'proof_is_image', 'proof_name', 'evidence_salt')


@tagged('post_install', '-at_install')
class TestProofAccess(HttpCase, DsgvoCommon):
    """Clerks and cashiers record note, signature and scan; the privacy officer alone sees them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = new_test_user(
            cls.env, 'dsgvo_cashier', groups='point_of_sale.group_pos_user')
        cls.officer = new_test_user(cls.env, 'dsgvo_only_officer', groups='dsgvo.group_officer')
        cls.event = cls.env['dsgvo.consent.event'].with_user(cls.cashier).create({
            'partner_id': cls.customer.id, 'purpose': 'storage', 'decision': 'granted',
            'note': "am Telefon", 'signature': SCAN})
        cls.scan = cls.env['ir.attachment'].search(
            [('res_model', '=', cls.event._name), ('res_field', '=', 'signature')])
        cls.env.invalidate_all()

    def test_clerk_and_cashier_read_the_decision_without_its_proof(self):
        for user in self.clerk, self.cashier:
            event = self.event.with_user(user)
            for name in PROOF:
                with self.subTest(user=user.login, field=name), self.assertRaises(AccessError):
                    event.read([name])
            self.assertEqual(event.decision, 'granted')
            self.assertFalse(set(PROOF) & event.read()[0].keys())

    def test_clerk_finds_and_counts_nothing_by_the_note(self):
        self.clerk.group_ids += self.env.ref('base.group_allow_export')
        Event = self.env['dsgvo.consent.event'].with_user(self.clerk)
        for ask in (
            lambda: Event.search([('note', 'ilike', "Telefon")]),
            lambda: Event.search([], order='note'),
            lambda: Event.formatted_read_group([], ['note'], ['__count']),
            lambda: Event.browse(self.event.id).export_data(['note']),
            lambda: self.customer.with_user(self.clerk).search(
                [('consent_event_ids.note', 'ilike', "Telefon")]),
        ):
            with self.assertRaises(AccessError):
                ask()

    def test_clerk_gets_the_file_on_no_way(self):
        for user in self.clerk, self.cashier:
            scan = self.scan.with_user(user)
            for ask in lambda files=scan: files.read(['raw']), lambda files=scan: files.raw:
                self.env.invalidate_all()
                with self.assertRaises(AccessError):
                    ask()
            self.assertFalse(scan.search(
                [('res_model', '=', self.event._name), ('res_field', '=', 'signature')]))

    def test_browser_of_a_clerk_gets_no_file(self):
        for login, found in (('dsgvo_clerk', False), ('dsgvo_only_officer', True)):
            self.authenticate(login, login)
            for url in (
                f'/web/content?model=dsgvo.consent.event&field=signature&id={self.event.id}',
                f'/web/image?model=dsgvo.consent.event&field=signature&id={self.event.id}',
                f'/web/content/{self.scan.id}',
            ):
                with self.subTest(url, login=login):
                    content = self.url_open(url).content
                    self.assertEqual(content == base64.b64decode(SCAN), found)

    def test_form_of_a_decision_opens_for_everybody(self):
        for user in self.clerk, self.cashier:
            form = Form(self.event.with_user(user))
            self.assertEqual(form.decision, 'granted')
            self.assertNotIn('note', form._view['fields'])
        self.assertEqual(Form(self.event.with_user(self.officer)).note, "am Telefon")

    def test_officer_who_is_nothing_else_reads_the_proof(self):
        self.assertRecordValues(self.event.with_user(self.officer), [{
            'note': "am Telefon", 'signature': SCAN, 'proof_name': 'proof.pdf',
            'user_id': self.cashier.id}])
