from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import DsgvoCommon

COLUMNS = ['name', 'consent_marketing', 'consent_date']


@tagged('post_install', '-at_install')
class TestImport(DsgvoCommon):
    def _load(self, rows, columns=COLUMNS):
        return self.env['res.partner'].with_user(self.clerk).load(columns, rows)

    def _find(self, name):
        return self.env['res.partner'].search([('name', '=', name)])

    def test_imported_consent_has_its_day_and_means(self):
        result = self._load([
            ["Importiert", "granted", "2020-02-29"], ["Nein", "refused", "2020-02-29"],
            ["Nicht gefragt", "", ""]])
        self.assertFalse(result['messages'])
        events = self.env['res.partner'].browse(result['ids']).consent_event_ids
        self.assertRecordValues(events.sorted('id'), [
            {'decision': decision, 'means': 'import', 'user_id': self.clerk.id,
             'date': fields.Date.from_string('2020-02-29')} for decision in ('granted', 'refused')])
        self.assertRecordValues(self._find("Nicht gefragt"), [
            {'consent_marketing': False, 'consent_state': 'none'}])

    def test_each_refused_line_is_named_and_no_other(self):
        good = {'name': "Gut", 'is_company': '0', 'consent_storage': 'granted',
                'consent_date': '2020-02-29'}
        columns = [*good]
        for bad, text in [
            ({'consent_date': ""}, "an imported consent needs the day"),
            ({'consent_date': '2999-01-01'}, "in the future"),
            ({'is_company': '1'}, "is a company"),
            ({'consent_storage': 'x'}, "is no decision"),
        ]:
            bad = good | {'name': "Schlecht"} | bad
            unasked = good | {'name': "Nie gefragt", 'consent_storage': "", 'consent_date': ""}
            lines = [good, bad, good, bad, unasked]
            with self.subTest(text=text):
                result = self._load([list(line.values()) for line in lines], columns)
                self.assertFalse(result['ids'])
                self.assertEqual(
                    [message['rows']['from'] for message in result['messages']], [1, 3])
                for message in result['messages']:
                    self.assertIn(text, message['message'])
                self.assertFalse(self._find("Gut"))

    def test_line_of_a_contact_below_another_is_named(self):
        columns = ['name', 'child_ids/name', 'child_ids/consent_storage', 'child_ids/consent_date']
        good, bad = (["Firma", "Person", 'granted', day] for day in ('2020-02-29', '2999-01-01'))
        result = self._load([good, bad], columns)
        self.assertEqual([message['rows']['from'] for message in result['messages']], [1])

    def test_file_with_decisions_is_recorded_in_one_go(self):
        rows = [[f"Nr {number}", 'granted', '2020-02-29'] for number in range(20)]
        self._load(rows)
        self.env.flush_all()
        with self.assertQueryCount(150):  # not some for each line
            self._load([[f"{name} neu", *others] for name, *others in rows])

    def test_no_context_spares_the_day(self):
        Partner = self.env['res.partner'].with_user(self.clerk)
        for context in ({}, {'module': ""}, {'import_file': False, 'module': False},
                        {'import_file': True}, {'dsgvo_till_id': 1, 'module': ""},
                        {'default_means': 'counter'}, {'default_date': '2020-01-01'}):
            with self.subTest(context=context):
                result = Partner.with_context(**context).load(
                    ['name', 'consent_marketing'], [["Neu", 'granted']])
                self.assertIn("needs the day", result['messages'][0]['message'])

    def test_empty_cell_leaves_a_consent_as_it_is(self):
        self.customer.consent_marketing = 'granted'
        result = self._load(
            [[self.customer.id, "", "2020-02-29"]],
            ['.id', 'consent_marketing', 'consent_date'])
        self.assertFalse(result['messages'])
        self.assertEqual(self.customer.consent_marketing, 'granted')

    def test_allowed_words_in_english_and_in_the_language_of_the_user(self):
        self.env['res.lang']._activate_lang('de_DE')
        self.env['ir.module.module']._load_module_terms(['dsgvo'], ['de_DE'])
        english = {'granted': 'granted', ' GRANTED ': 'granted', 'Yes': 'granted',
                   'refused': 'refused', 'no': 'refused', "  ": False}
        german = {'Erteilt': 'granted', 'JA': 'granted', 'abgelehnt': 'refused', 'nein': 'refused'}
        for lang, words in [('en_US', english), ('de_DE', english | german)]:
            self.clerk.lang = lang
            for word, decision in words.items():
                with self.subTest(lang=lang, word=word):
                    result = self._load([["Neu", word, '2020-02-29']])
                    self.assertFalse(result['messages'])
                    self.assertEqual(self.env['res.partner'].browse(
                        result['ids']).consent_marketing, decision)

    def test_other_words_are_an_error_that_names_the_cell(self):
        for word in ('x', '1', '0', 'true', 'False', 'maybe', 'nein', 'withdrawn', '100 %'):
            with self.subTest(word=word):
                message, = self._load([["Neu", word, '2020-02-29']])['messages']
                self.assertIn(
                    f"“{word}” in the column “Invitation, Advertising, Profile” is no decision."
                    " Write one of these words: granted, refused, yes, no.", message['message'])

    def _import_file(self, text, model='res.partner', **options):
        """Import a file as the screen does, with what is chosen there for unknown values."""
        columns = text.splitlines()[0].split(',')
        wizard = self.env['base_import.import'].with_user(self.clerk).create({
            'res_model': model, 'file': text.encode(), 'file_type': 'text/csv',
            'file_name': 'f.csv'})
        return wizard.execute_import(columns, columns, {
            'quoting': '"', 'separator': ',', 'has_headers': True, 'encoding': 'utf-8'} | options)

    def test_what_the_screen_sets_for_unknown_values_decides_for_nobody(self):
        fallback = {'consent_marketing': {
            'fallback_value': 'granted', 'field_model': 'res.partner', 'field_type': 'selection'}}
        for options in ({'fallback_values': fallback}, {'import_skip_records': [*fallback]},
                        {'import_set_empty_fields': [*fallback]}):
            with self.subTest(options=options):
                result = self._import_file(
                    "name,consent_marketing,consent_date\nNein,nein,2020-02-29\n"
                    "Refuser,refused,2020-02-29\nLeer,,\n", **options)
                message, = result['messages']
                self.assertIn("“nein”", message['message'])
        result = self._import_file(
            "name,consent_marketing,consent_date\nRefuser,refused,2020-02-29\nLeer,,\n",
            fallback_values=fallback)
        self.assertEqual(
            self.env['res.partner'].browse(result['ids']).mapped('consent_marketing'),
            ['refused', False])

    def test_what_the_screen_sets_for_unknown_values_is_no_decision_of_the_ledger(self):
        result = self._import_file(
            f"partner_id/.id,purpose,decision,date\n{self.customer.id},storage,nein,2020-02-29\n",
            model='dsgvo.consent.event', fallback_values={'decision': {
                'fallback_value': 'granted', 'field_model': 'dsgvo.consent.event',
                'field_type': 'selection'}})
        self.assertIn("nein", result['messages'][0]['message'])
        self.assertFalse(self.customer.consent_event_ids)

    def _reload(self, value, day, text="Neu"):
        result = self._load(
            [[self.customer.id, value, day, text]],
            ['.id', 'consent_marketing', 'consent_date', 'consent_text'])
        self.assertFalse(result['messages'])

    def test_newer_day_renews_a_consent(self):
        self._reload('granted', '2020-02-29')
        self._reload('granted', '2024-02-29', "Erneuert")
        self.assertEqual(
            [(event.decision, str(event.date)) for event in self.customer.consent_event_ids],
            [('granted', '2024-02-29'), ('granted', '2020-02-29')])
        self.assertRecordValues(self.customer, [{
            'consent_date': fields.Date.to_date('2024-02-29'), 'consent_text': "Erneuert"}])

    def test_older_or_equal_day_changes_nothing(self):
        for decision, day, value in [
            ('granted', '2024-02-29', 'granted'), ('granted', '2020-01-01', 'granted'),
            ('granted', '2020-01-01', 'refused'), ('refused', '2024-02-29', 'granted'),
            ('refused', '2024-02-29', 'refused'), ('refused', '2020-01-01', 'granted'),
        ]:
            with self.subTest(decision=decision, day=day, value=value):
                self.customer = self._create_customer()
                self._reload(decision, '2024-02-29', "Erst")
                self._reload(value, day)
                self.assertEqual(self.customer.consent_event_ids.decision, decision)
                self.assertRecordValues(self.customer, [{
                    'consent_marketing': decision, 'consent_text': "Erst",
                    'consent_date': fields.Date.to_date('2024-02-29')}])

    def test_older_decision_on_another_purpose_leaves_text_and_day(self):
        self._reload('granted', '2025-02-28', "Neu")
        columns = ['.id', 'consent_storage', 'consent_date', 'consent_text']
        for day, text in [('2019-02-28', "Neu"), ('2026-02-28', "Neuer")]:
            result = self._load([[self.customer.id, 'granted', day, "Neuer"]], columns)
            self.assertFalse(result['messages'])
            self.assertEqual(self.customer.consent_text, text)
        self.assertEqual(str(self.customer.consent_date), '2026-02-28')

    def test_of_two_lines_of_one_person_the_newer_one_documents(self):
        for columns in (['consent_storage', 'consent_marketing'],
                        ['consent_marketing', 'consent_storage']):
            person = self._create_customer()
            lines = [["2025-02-28", "Neu", 'granted', ""], ["2019-02-28", "Alt", "", 'granted']]
            self.assertFalse(self._load(
                [[person.id, *line] for line in lines],
                ['.id', 'consent_date', 'consent_text', *columns])['messages'])
            self.assertRecordValues(person, [{
                'consent_storage': 'granted', 'consent_marketing': 'granted',
                'consent_text': "Neu", 'consent_date': fields.Date.to_date('2025-02-28')}])

    def test_year_with_a_digit_missing_names_the_cell(self):
        Event = self.env['dsgvo.consent.event'].with_user(self.clerk)
        for day in '0001-01-01', '0202-01-01', '1026-01-01':
            with self.subTest(day=day):
                result = self._load(
                    [["Gut", 'granted', '2020-02-29'], ["Schlecht", 'granted', day]])
                self.assertEqual(
                    {message['rows']['from'] for message in result['messages']}, {1})
                self.assertIn(f"On “{day}”, in the column “Consent Date”",
                              result['messages'][0]['message'])
                result = Event.load(
                    ['partner_id/.id', 'purpose', 'decision', 'date'],
                    [[self.customer.id, 'storage', 'granted', day]])
                self.assertIn(f"On “{day}”, in the column “Decided On”",
                              result['messages'][0]['message'])

    def test_refusal_wins_on_the_same_day(self):
        self._reload('granted', '2024-02-29')
        self._reload('refused', '2024-02-29')
        self.assertEqual(self.customer.consent_event_ids[0].decision, 'withdrawn')

    def test_refusal_wins_over_another_line_of_the_same_person_and_day(self):
        # Without them Odoo lets nobody add an address to a contact by an import.
        self.clerk.group_ids += self.env.ref('account.group_account_invoice')
        for decisions in ('granted', 'refused'), ('refused', 'granted'), ('granted', 'granted'):
            with self.subTest(decisions):
                self.customer = self._create_customer()
                result = self._load(  # two new addresses of the person
                    [[self.customer.id, 'delivery', decision, '2024-02-29']
                     for decision in decisions],
                    ['parent_id/.id', 'type', 'consent_marketing', 'consent_date'])
                self.assertFalse(result['messages'])
                refused = 'refused' in decisions
                self.assertEqual(
                    self.customer.consent_marketing, 'refused' if refused else 'granted')
                self.assertEqual(
                    len(self.customer.consent_event_ids), 1 + (decisions[0] != decisions[1]
                                                               and decisions[0] == 'granted'))

    def test_text_and_day_without_a_decision_are_not_imported(self):
        self._reload("", '2024-02-29')
        self._load([["Neu", "", '2024-02-29']])
        self.assertRecordValues(
            self.customer | self._find("Neu"), [{'consent_date': False, 'consent_text': False}] * 2)

    def test_decisions_themselves_are_imported_with_their_day_only(self):
        Event = self.env['dsgvo.consent.event'].with_user(self.clerk)
        row = [self.customer.id, "storage", "granted"]
        columns = ['partner_id/.id', 'purpose', 'decision']
        for context in {'default_means': 'paper', 'default_date': '2020-01-01'}, {}:
            result = Event.with_context(**context).load(columns, [row])
            self.assertIn("needs the day", result['messages'][0]['message'])
        for more in {'date': "2020-02-29"}, {'date': "2020-02-29", 'means': 'counter'}:
            result = Event.load([*columns, *more], [[*row, *more.values()]])
            self.assertEqual(Event.browse(result['ids']).means, 'import')

    def test_nobody_claims_an_import_of_today(self):
        with self.assertRaisesRegex(ValidationError, "needs the day"):
            self.env['dsgvo.consent.event'].with_user(self.clerk).create({
                'partner_id': self.customer.id, 'purpose': 'storage', 'decision': 'granted',
                'means': 'import'})
