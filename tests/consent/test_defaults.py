import json

from odoo.exceptions import ValidationError
from odoo.modules.migration import load_script
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import file_path

from odoo.addons.dsgvo.models.consent.ir_default import GUARDED_FIELDS

from ..common import DsgvoCommon


@tagged('post_install', '-at_install')
class TestDefaults(DsgvoCommon):
    """A consent that stands in a default value was given by nobody."""

    def _field(self, model, fname):
        return self.env['ir.model.fields']._get(model, fname)

    def _insert_default(self, model, fname, value):
        """Put a default value past the ORM, as an older version let it in."""
        self.env.cr.execute(
            "INSERT INTO ir_default (field_id, json_value) VALUES (%s, %s)",
            [self._field(model, fname).id, json.dumps(value)])
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def test_no_default_is_accepted_for_anybody(self):
        Default = self.env['ir.default']
        scopes = [
            {}, {'company_id': self.env.company.id}, {'user_id': True}, {'condition': 'name=Ada'}]
        for scope in scopes:
            for model, fname in [
                ('res.partner', 'consent_marketing'), ('res.users', 'consent_storage'),
                ('dsgvo.consent.record', 'consent_marketing'),
                ('dsgvo.consent.event', 'decision'), ('dsgvo.consent.event', 'means'),
                ('res.partner', 'consent_text'),
            ]:
                field = self.env[model]._fields[fname]
                value = 'Text' if field.type == 'text' else field.get_values(self.env)[-1]
                with (self.subTest(scope=scope, model=model, field=fname),
                      self.assertRaisesRegex(ValidationError, "cannot have a default value")):
                    Default.set(model, fname, value, **scope)

    def test_every_field_that_is_guarded_exists(self):
        for model, fnames in GUARDED_FIELDS.items():
            self.assertLessEqual(fnames, self.env[model]._fields.keys())

    def test_default_of_another_field_is_not_turned_into_one(self):
        default = self.env['ir.default'].create({
            'field_id': self._field('res.partner', 'trust').id, 'json_value': '"good"'})
        with self.assertRaisesRegex(ValidationError, "cannot have a default value"):
            default.write({
                'field_id': self._field('res.partner', 'consent_marketing').id,
                'json_value': '"granted"'})

    def test_default_that_is_there_consents_for_nobody(self):
        for fname, value in [('consent_marketing', 'granted'), ('consent_state', 'full'),
                             ('consent_expiry_date', '2020-01-01'), ('consent_text', "Ja")]:
            self._insert_default('res.partner', fname, value)
            self._insert_default('res.users', fname, value)
        newcomer = self._create_customer(name="Neu")
        user = new_test_user(self.env, 'dsgvo_new')
        people = self.customer | newcomer | user.partner_id
        self.assertRecordValues(people, [{
            'consent_marketing': False, 'consent_state': 'none', 'consent_text': False,
            'consent_expiry_date': False}] * 3)
        Partner = self.env['res.partner']
        self.assertFalse(Partner.search(
            [('id', 'in', people.ids), ('consent_marketing', '=', 'granted')]))
        self.assertEqual(
            Partner.search([('id', 'in', people.ids), ('consent_state', '=', 'none')]), people)
        self.assertFalse(people._dsgvo_allows('marketing') | people.consent_event_ids.partner_id)
        self.assertFalse(people._dsgvo_filter_marketing('mail'))
        with Form(Partner.with_user(self.clerk)) as form:
            form.name = "Frisch"
            self.assertEqual((form.consent_marketing, form.consent_state), (False, 'none'))

    def test_default_that_is_there_does_not_swallow_a_decision(self):
        self._insert_default('res.partner', 'consent_marketing', 'granted')
        self.customer.consent_marketing = 'granted'
        self.assertEqual(self.customer.consent_event_ids.decision, 'granted')
        self.env['ir.default']._dsgvo_remove_consents()
        self.env.invalidate_all()
        self.assertEqual(self.customer.consent_marketing, 'granted')

    def test_only_defaults_of_consents_are_removed(self):
        self.env['ir.default'].set('res.partner', 'trust', 'good')
        self._insert_default('res.partner', 'consent_marketing', 'granted')
        path = file_path('dsgvo/migrations/19.0.1.2.0/post-default-consents.py')
        load_script(path, 'dsgvo_default_consents').migrate(self.env.cr, '19.0.1.1.0')
        self.assertFalse(self.env['ir.default'].search(
            [('field_id', '=', self._field('res.partner', 'consent_marketing').id)]))
        self.assertEqual(self.env['ir.default']._get('res.partner', 'trust'), 'good')

    def _below(self):
        """Return `{field: commands}`: the ways in which a default can decide for a contact."""
        decision = [0, 0, {'purpose': 'marketing', 'decision': 'granted', 'means': 'paper',
                           'date': '2015-01-01'}]
        return {
            'consent_event_ids': [decision],
            'child_ids': [{'name': "Kind", 'consent_marketing': 'granted'}],
            'user_ids': [[0, 0, {'login': 'kind', 'consent_event_ids': [decision]}]],
            'category_id': [[0, 0, {'name': "A", 'partner_ids': [
                [0, 0, {'name': "B", 'consent_marketing': 'granted'}]]}]],
        }

    def test_no_default_decides_below_a_record(self):
        for fname, value in self._below().items():
            for model in 'res.partner', 'res.users':
                if fname == 'user_ids' and model == 'res.users':
                    continue
                with self.subTest(model=model, field=fname):
                    Default = self.env['ir.default'].with_user(self.clerk)
                    with self.assertRaisesRegex(ValidationError, "cannot have a default value"):
                        Default.set(model, fname, value, user_id=True)
                    self._insert_default(model, fname, value)
        before = self.env['dsgvo.consent.event'].search_count([])
        Partner = self.env['res.partner'].with_user(self.clerk)
        partner = Partner.create({'name': "Neu"})
        partner |= Partner.browse(Partner.load(['name'], [["Geladen"]])['ids'])
        partner |= new_test_user(self.env, 'dsgvo_new').partner_id
        self.assertFalse(partner.consent_event_ids | partner.child_ids.consent_event_ids)
        self.assertEqual(self.env['dsgvo.consent.event'].search_count([]), before)

    def test_defaults_that_decide_below_a_record_are_removed(self):
        for fname, value in self._below().items():
            self._insert_default('res.partner', fname, value)
        self.env['ir.default'].set('res.partner', 'bank_ids', [[0, 0, {'acc_number': "DE02"}]])
        self.env['ir.default']._dsgvo_remove_consents()
        left = self.env['ir.default'].search([
            ('field_id.model', '=', 'res.partner'),
            ('field_id.name', 'in', [*self._below(), 'bank_ids'])])
        self.assertEqual(left.field_id.name, 'bank_ids')

    def test_context_decides_nothing_below_a_record(self):
        before = self.env['dsgvo.consent.event'].search_count([])
        for fname, value in self._below().items():
            with self.subTest(field=fname):
                Partner = self.env['res.partner'].with_user(self.clerk).with_context(
                    **{f'default_{fname}': value})
                partner = Partner.create({'name': "Neu"})
                self.assertTrue(Partner.load(['name'], [["Geladen"]])['ids'])
                self.assertFalse(partner[fname])
                # A model that has no such field is none of this guard's business.
                self.assertTrue(Partner.env['res.partner.industry'].sudo().create({'name': "A"}))
        self.assertEqual(self.env['dsgvo.consent.event'].search_count([]), before)

    def test_context_ticks_nothing_in_the_withdrawal_window(self):
        self.customer.write(dict.fromkeys(('consent_storage', 'consent_marketing'), 'granted'))
        self._insert_default('dsgvo.consent.withdrawal', 'storage', True)
        withdrawal = self.env['dsgvo.consent.withdrawal'].with_user(self.clerk).with_context(
            active_model='res.partner', active_id=self.customer.id, default_marketing=True,
        ).create({})
        self.assertRecordValues(withdrawal, [{'storage': False, 'marketing': False}])

    def test_default_of_the_day_does_not_date_a_refusal_back(self):
        self.customer.consent_marketing = 'granted'
        for fname, value in [('date', '2010-01-01'), ('means', 'paper')]:
            self._insert_default('dsgvo.consent.event', fname, value)
        self.customer.with_user(self.clerk).consent_marketing = 'refused'
        self.assertEqual(self.customer.consent_marketing, 'refused')
        self.assertEqual(self.customer.consent_event_ids[0].means, 'counter')

    def test_context_consents_for_nobody(self):
        context = {'default_consent_marketing': 'granted', 'default_consent_date': '2020-01-01',
                   'default_consent_text': "Ja", 'default_consent_state': 'full'}
        partner = self.env['res.partner'].with_user(self.clerk).with_context(**context).create(
            {'name': "Neu", 'child_ids': [(0, 0, {'name': "Kind"})]})
        user = self.env['res.users'].with_context(**context).create(
            {'name': "Neu", 'login': 'dsgvo_new'})
        people = partner | partner.child_ids | user.partner_id
        self.assertRecordValues(people, [{
            'consent_marketing': False, 'consent_state': 'none', 'consent_date': False,
            'consent_text': False, 'consent_event_ids': []}] * 3)
        record = self.env['dsgvo.consent.record'].with_user(self.clerk).with_context(**context)
        self.assertFalse(record.create({'partner_ids': self.customer.ids}).consent_marketing)
