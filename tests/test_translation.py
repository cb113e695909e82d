import io
import re
from collections import Counter

import polib

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path
from odoo.tools.translate import trans_export

RENEW = "\nRun dev/translate, then translate in i18n/de.po what it lists:\n"
# What must stand in a translation as in the source: values, expressions, and markup.
FIXED = re.compile(
    r"%\(\w+\)[sdf]|%[sdf%]|{{.*?}}|</?[a-z]\w*|\b(?:t-[\w-]+|invisible|href)=\"[^\"]*\"")


@tagged('post_install', '-at_install')
class TestTranslation(TransactionCase):
    """Every text that the addon shows is in German too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = polib.pofile(file_path('dsgvo/i18n/dsgvo.pot'))
        cls.german = polib.pofile(file_path('dsgvo/i18n/de.po'))

    def _export(self):
        """Return the texts of the installed addon: Python, JavaScript, views, fields and data."""
        with io.BytesIO() as buffer:
            trans_export(None, ['dsgvo'], buffer, 'po', self.env)
            return polib.pofile(buffer.getvalue().decode())

    def _texts_with_places(self, catalog):
        # A text that is known but stands in a new place, too, would not be translated there.
        return {
            (entry.msgid, place) for entry in catalog for place, _line in entry.occurrences}

    def _check(self, wrong, message):
        if wrong:
            self.fail(f"{message}{RENEW}" + "\n".join(map(repr, wrong)))

    def test_template_has_the_texts_of_the_addon(self):
        shown = self._texts_with_places(self._export())
        known = self._texts_with_places(self.template)
        self._check(sorted(shown - known), "Not in i18n/dsgvo.pot:")
        self._check(sorted(known - shown), "In i18n/dsgvo.pot, but no longer in the addon:")

    def test_every_text_is_translated(self):
        translated = {
            entry.msgid for entry in self.german.translated_entries() if not entry.fuzzy}
        self._check(
            [entry.msgid for entry in self.template if entry.msgid not in translated],
            "Not translated in i18n/de.po:")

    def test_translations_keep_values_and_markup(self):
        self._check(
            [(entry.msgid, entry.msgstr) for entry in self.german
             if Counter(FIXED.findall(entry.msgid)) != Counter(FIXED.findall(entry.msgstr))],
            "Placeholders or markup differ in i18n/de.po:")

    def test_a_german_shop_sees_german(self):
        self.env['res.lang']._activate_lang('de_DE')
        self.env['ir.module.module']._load_module_terms(['dsgvo'], ['de_DE'])
        env = self.env(context={'lang': 'de_DE'})
        view = env.ref('dsgvo.view_partner_form')
        self.assertIn("Einwilligungen des Kunden", view.arch)
        labels = env['res.partner'].fields_get(['consent_storage'], ['string', 'selection'])
        self.assertEqual(labels['consent_storage']['string'], "Unbegrenzte Speicherdauer")
        self.assertIn(('granted', "Erteilt"), labels['consent_storage']['selection'])
        self.assertEqual(env.ref('dsgvo.menu_erasures').name, "Löschungen")
        self.assertIn("sind eingetroffen", env.ref('dsgvo.mail_template_available').body_html)
        customer = env['res.partner'].create({'name': "Ada"})
        with self.assertRaisesRegex(UserError, "Ada hat noch nichts entschieden"):
            customer.action_dsgvo()
