import io
from datetime import date, datetime, timedelta
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.fields import Datetime
from odoo.tests import HttpCase, tagged

from ...reports.documents import dsgvo_xlsx, workbook
from ...reports.documents.xlsx_tables import WORKBOOKS
from ..common import DsgvoCommon

FORMULA = '=HYPERLINK("https://evil.example","Quittenbaum")'


@tagged('post_install', '-at_install')
class TestXlsx(DsgvoCommon):
    """Workbooks, read back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('de_DE')
        cls.Xlsx = cls.env['dsgvo.xlsx'].with_user(cls.officer).with_context(
            lang='de_DE', tz='Europe/Berlin')

    def _read(self, name):
        return load_workbook(io.BytesIO(self.Xlsx._make(name)))

    def _find_row(self, name, text):
        """Return `{head: cell}` of the row with a text, on the first sheet of a workbook."""
        sheet = self._read(name).worksheets[0]
        head, *rows = sheet.iter_rows()
        [row] = [row for row in rows if text in [cell.value for cell in row]]
        return {title.value: cell for title, cell in zip(head, row, strict=True)}

    def test_each_workbook_has_its_sheets_with_all_records_and_heads(self):
        for name, contents in WORKBOOKS.items():
            with self.subTest(name=name):
                sheets = self._read(name).worksheets
                for sheet, source in zip(sheets, contents.sources, strict=True):
                    Model = self.Xlsx.env[source.model].with_context(active_test=False)
                    domain = getattr(
                        self.Xlsx, f'_get_{source.domain}_domain')() if source.domain else []
                    self.assertEqual(sheet.max_row, 1 + Model.search_count(domain))
                    self.assertEqual(sheet.max_column, len(source.fields))
                    self.assertTrue(all(cell.value and cell.font.b for cell in sheet[1]))

    def test_head_is_frozen_and_filters_cover_the_table(self):
        sheet = self._read('periods').worksheets[0]
        self.assertEqual(sheet.freeze_panes, 'A2')
        self.assertEqual(sheet.auto_filter.ref, sheet.dimensions)

    def test_columns_are_as_wide_as_their_texts(self):
        sheet = self._read('periods').worksheets[0]
        longest = max(len(cell.value) for cell in sheet['A'])
        self.assertGreaterEqual(sheet.column_dimensions['A'].width, min(longest, 60))

    def test_values_have_their_types_and_german_formats(self):
        self.env.ref('dsgvo.retention_vouchers').sudo().valid_from = '2025-01-01'
        row = self._find_row('periods', self.env.ref('dsgvo.retention_vouchers').with_context(
            lang='de_DE').name)
        by_type = {type(cell.value): cell for cell in row.values()}
        self.assertEqual(by_type[datetime].value, datetime(2025, 1, 1))
        self.assertEqual(by_type[datetime].number_format, 'dd.mm.yyyy')
        self.assertEqual(by_type[int].number_format, '#,##0')
        self.assertIn(8, [cell.value for cell in row.values()])

    def test_empty_fields_are_empty_cells(self):
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        row = self._find_row('erasures', self.customer.name)
        values = [cell.value for cell in row.values()]
        self.assertIn(None, values)
        self.assertFalse({"Nein", "No", False} & set(values))

    def test_times_are_those_of_the_reader(self):
        self.customer.consent_storage = 'granted'
        event = self.env['dsgvo.consent.event'].search([('partner_id', '=', self.customer.id)])
        row = self._find_row('ledger', self.customer.name)
        [shown] = [cell.value for cell in row.values() if 'hh:mm' in cell.number_format]
        there = Datetime.context_timestamp(self.Xlsx, event.recorded_on)
        self.assertNotEqual(there.utcoffset(), timedelta(0))
        self.assertEqual(shown, there.replace(tzinfo=None))

    def test_texts_become_neither_formulas_nor_links(self):
        for text in (FORMULA, "https://evil.example", "+49 30", "@SUM(A1)", "00123"):
            with self.subTest(text=text):
                self.customer.name = text
                cell = next(iter(self._find_row('consents', text).values()))
                self.assertEqual((cell.data_type, cell.value, cell.hyperlink), ('s', text, None))

    def test_strange_texts_and_days_stop_no_workbook(self):
        target = io.BytesIO()
        rows = [["Ä „x“ 🙂 \x07", "x" * 40_000, date(1, 1, 1), None, True, 1.5]]
        workbook.write(target, [workbook.Table("a/b: [c]", ["?"] * 6, iter(rows))], "T", 'de_DE',
                       ("Ja", "Nein"))
        sheet = load_workbook(target).worksheets[0]
        values = [cell.value for cell in sheet[2]]
        self.assertIn("🙂", values[0])
        self.assertEqual(values[2:], ["0001-01-01", None, "Ja", 1.5])
        self.assertEqual(len(values[1]), 32_767)

    def test_emoji_are_two_of_the_units_that_fit_into_a_cell(self):
        for text, kept in (("🙂" * 20_000, "🙂" * 16_383), ("x" + "🙂" * 20_000,
                                                         "x" + "🙂" * 16_383)):
            target = io.BytesIO()
            workbook.write(target, [workbook.Table("T", ["?"], iter([[text]]))], "T", 'de_DE',
                           ("Ja", "Nein"))
            self.assertEqual(load_workbook(target).worksheets[0]['A2'].value, kept)

    def test_table_that_is_longer_than_a_sheet_goes_on_with_another(self):
        target = io.BytesIO()
        with patch.object(workbook, 'LAST_ROW', 3):
            workbook.write(
                target, [workbook.Table("Long", ["N"], iter([[n] for n in range(5)]))], "T",
                'en_US', ("Yes", "No"))
        read = load_workbook(target)
        self.assertEqual(read.sheetnames, ["Long", "Long 2"])
        self.assertEqual([sheet.max_row for sheet in read.worksheets], [4, 3])

    def test_rows_are_read_in_chunks(self):
        with patch.object(dsgvo_xlsx, 'CHUNK', 10):
            sheet = self._read('map').worksheets[0]
        self.assertEqual(sheet.max_row, 1 + self.env['dsgvo.data.rule'].with_context(
            active_test=False).search_count([]))

    def test_only_officers_get_tables_and_no_download_of_others_is_noted(self):
        before = self.env['dsgvo.download'].search_count([])
        with self.assertRaisesRegex(AccessError, "Only privacy officers"):
            self.env['dsgvo.xlsx'].with_user(self.clerk)._make('consents')
        self.assertEqual(self.env['dsgvo.download'].search_count([]), before)

    def test_download_is_noted_without_its_content(self):
        self.Xlsx._make('consents')
        note = self.env['dsgvo.download'].search([], limit=1)
        self.assertRecordValues(note, [{
            'name': 'consents', 'create_uid': self.officer.id,
            'row_count': self.env['res.partner'].with_context(active_test=False).search_count(
                self.Xlsx._get_customer_domain())}])
        with self.assertRaises(AccessError):
            note.with_user(self.officer).write({'row_count': 0})

    def test_other_companies_stay_apart(self):
        other = self.env['res.company'].create({'name': "Other Shop"})
        self.env['dsgvo.processing.activity'].create(
            {'name': "Theirs", 'company_id': other.id})
        names = [cell.value for cell in self._read('activities').worksheets[0]['A']]
        self.assertNotIn("Theirs", names)


@tagged('post_install', '-at_install')
class TestXlsxDownload(DsgvoCommon, HttpCase):
    def test_officer_downloads_a_table_and_a_clerk_does_not(self):
        self.officer.password = self.clerk.password = 'dsgvo_password'
        self.authenticate(self.officer.login, 'dsgvo_password')
        response = self.url_open('/dsgvo/xlsx/periods')
        self.assertEqual(response.status_code, 200)
        self.assertIn('.xlsx', response.headers['Content-Disposition'])
        self.assertTrue(load_workbook(io.BytesIO(response.content)).sheetnames)
        self.assertEqual(self.url_open('/dsgvo/xlsx/passwords').status_code, 404)
        self.authenticate(self.clerk.login, 'dsgvo_password')
        self.assertEqual(self.url_open('/dsgvo/xlsx/periods').status_code, 403)
