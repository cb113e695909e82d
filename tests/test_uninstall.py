import base64
import csv
import io
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.dsgvo import uninstall_hook
from odoo.addons.dsgvo.hooks import post_init_hook
from odoo.addons.dsgvo.models.suppression.erasure_list import ErasureList

from .common import DsgvoCommon

SCAN = b'%PDF-1.4 signed form'


@tagged('post_install', '-at_install')
class TestUninstall(DsgvoCommon):
    """What the hook does; Odoo itself then removes tables, fields and records."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.startPatcher(patch(
            'odoo.addons.dsgvo.models.suppression.dsgvo_erasure_list.config',
            {'data_dir': folder.name}))
        self.other = self.env['res.company'].create({'name': "Fremder Laden"})
        values = {'partner_id': self.customer.id, 'decision': 'granted'}
        Event = self.env['dsgvo.consent.event'].with_user(self.clerk)
        self.event = Event.create(values | {
            'purpose': 'storage', 'note': "=Messe", 'signature': base64.b64encode(SCAN),
            'means': 'paper'})
        self.there = Event.sudo().with_company(self.other).create(values | {
            'purpose': 'marketing', 'means': 'phone'})
        self.start = self.env['ir.attachment'].search([], order='id desc', limit=1).id

    def _uninstall(self):
        """Return the rows of the CSV files, by the first words of their names."""
        self.env.flush_all()
        uninstall_hook(self.env(user=self.ref('base.user_root')))
        self.env.flush_all()
        self.env.invalidate_all()
        files = self.env['ir.attachment'].search(
            [('id', '>', self.start), ('name', '=like', 'dsgvo-%.csv')])
        self.assertFalse(files.filtered(lambda file: file.res_model or file.public))
        texts = {file.name.split('-2')[0]: file.raw.decode('utf-8-sig') for file in files}
        return {name: list(csv.DictReader(io.StringIO(text))) for name, text in texts.items()}

    def test_register_and_breaches_are_written_to_files(self):
        self.env['dsgvo.breach'].create({'name': "Liste verloren", 'risk': 'none'})
        files = self._uninstall()
        self.assertEqual(
            [(row['What Happened'], row['Risk']) for row in files['dsgvo-breaches']],
            [("Liste verloren", "Unlikely to be a risk")])
        self.assertIn("Special orders", [row['Activity'] for row in files['dsgvo-register']])

    def test_decisions_are_written_to_a_file_that_a_person_reads(self):
        rows = self._uninstall()['dsgvo-consent-decisions']
        here, there = rows[-2:]
        for label, value in {
            'Company': self.env.company.name, 'Customer': self.customer.display_name,
            'Contact No.': str(self.customer.id), 'Purpose': "Unlimited storage",
            'Decision': "Granted", 'In Force': 'True', 'Means': "On paper", 'Note': "'=Messe",
            'Recorded By': self.clerk.name,
            'Wording': "Unlimited storage (English (US), version 1)",
            'File of the Proof': f'dsgvo-decision-{self.event.id}.pdf', 'Hash': self.event.hash,
        }.items():
            with self.subTest(label):
                self.assertEqual(here[label], value)
        self.assertIn("I agree that my contact details", here['Text'])
        self.assertNotIn('<p>', here['Text'])
        self.assertEqual(
            [there['Company'], there['In Force'], there['File of the Proof']],
            ["Fremder Laden", 'True', ''])

    def test_scan_is_a_file_for_administrators(self):
        self._uninstall()
        scan = self.env['ir.attachment'].search(
            [('name', '=', f'dsgvo-decision-{self.event.id}.pdf')])
        self.assertEqual(scan.raw, SCAN)
        self.assertFalse(scan.res_model)
        self.assertFalse(scan.with_user(self.clerk).has_access('read'))

    def test_unfinished_erasures_are_named(self):
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        rows = self._uninstall()['dsgvo-unfinished-erasures']
        self.assertEqual(
            [(row['Customer'], row['Reason'], row['State']) for row in rows],
            [(self.customer.display_name, "Request of the customer", "Due")])

    def test_nothing_is_left_outside_the_tables(self):
        erasure_list = self.env['dsgvo.erasure']._get_list()
        self.assertIsInstance(erasure_list, ErasureList)
        erasure_list.append([{'erased': 'x'}])
        unused = self.other.dsgvo_anonymous_partner_id
        used = self.env.company.dsgvo_anonymous_partner_id
        self.env['sale.order'].create({'partner_id': used.id})
        self.env.company._dsgvo_remind_of_first_steps()
        self._uninstall()
        self.env.cr.postcommit.run()
        self.assertFalse(Path(erasure_list.path).exists())
        self.assertFalse(unused.exists())
        self.assertTrue(used.exists())
        self.assertFalse(self.env['ir.config_parameter'].sudo().get_param('dsgvo.hash_key'))
        self.assertFalse(self.env['mail.activity'].search(
            [('summary', 'like', "nobody is erased yet")]))
        self.env.cr.execute("SELECT proname FROM pg_proc WHERE proname LIKE 'dsgvo%'")
        self.assertEqual(self.env.cr.fetchall(), [])

    def test_new_installation_goes_on_with_the_anonymous_customer_that_stayed(self):
        used = self.env.company.dsgvo_anonymous_partner_id
        unused = self.other.dsgvo_anonymous_partner_id
        self.env['sale.order'].create({'partner_id': used.id})
        self._uninstall()
        post_init_hook(self.env)
        self.assertEqual(self.env.company.dsgvo_anonymous_partner_id, used)
        self.assertTrue(self.other.dsgvo_anonymous_partner_id)
        self.assertNotEqual(self.other.dsgvo_anonymous_partner_id, unused)
        self.assertFalse(used.active)

    def test_new_installation_tells_of_the_preview_once(self):
        for _installation in range(2):
            self.env.company.dsgvo_erase_after_sale = False
            post_init_hook(self.env)
            self.assertEqual(len(self.env.company.sudo().dsgvo_reminder_ids.activity_ids.filtered(
                lambda activity: "nobody is erased yet" in (activity.summary or '')
                and activity.user_id == self.officer)), 1)
            self._uninstall()

    def test_wizard_of_odoo_warns(self):
        modules = self.env['ir.module.module'].search([('name', 'in', ('dsgvo', 'portal'))])
        for module in modules:  # what the addon needs takes it along
            wizard = self.env['base.module.uninstall'].create({'module_ids': module.ids})
            self.assertIn("restricted customers", wizard.dsgvo_warning)
            self.assertIn("2 decisions", wizard.dsgvo_warning)
        other = self.env['ir.module.module'].search([('name', '=', 'mass_mailing_sms')])
        other = self.env['ir.module.module'].search(
            [('state', '=', 'installed'), ('id', 'not in', other.downstream_dependencies().ids)]
        ).filtered(lambda module: 'dsgvo' not in module.downstream_dependencies(
            module).mapped('name'))[:1]
        wizard = self.env['base.module.uninstall'].create({'module_ids': other.ids})
        self.assertFalse(wizard.dsgvo_warning)
