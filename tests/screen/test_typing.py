from odoo.tests import tagged

from odoo.addons.dsgvo.models.screen.covering import MASK

from .common import ScreenCommon

NAME = {'fields': {'display_name': {}}}


@tagged('post_install', '-at_install')
class TestTyping(ScreenCommon):
    """A screened clerk types a record, field by field, as the browser sends it."""

    def _type(self, records, values, name, value, spec):
        """Return all values of the form after one more is typed; the browser keeps the others."""
        values = values | {name: value}
        answer = records.onchange(dict(values), [name], spec)['value']
        return values | answer

    def _save(self, records, values):
        [row] = records.web_save(values, {})
        saved = records.browse(row['id'])
        saved.invalidate_recordset()
        return saved

    def test_typed_text_of_a_further_address_is_kept(self):
        company = self._create_customer(name="Wermut KG", is_company=True)
        Partner = self._as_screened(self.env['res.partner'])
        spec = {'name': {}, 'phone': {}, 'email': {}, 'country_id': {}, 'parent_id': NAME}
        values = {'name': "Irene", 'type': 'delivery', 'parent_id': company.id,
                  'email': 'irene@wermut.example', 'country_id': False}
        values = self._type(Partner, values, 'phone', '030 777444', spec)
        values = self._type(Partner, values, 'country_id', self.env.ref('base.de').id, spec)
        values['country_id'] = self.env.ref('base.de').id
        self.assertEqual(values['phone'], '+49 30 777444')
        values['parent_id'] = company.id
        self.assertRecordValues(self._save(Partner, values), [
            {'phone': '+49 30 777444', 'email': 'irene@wermut.example'}])

    def test_typed_text_that_a_customer_replaces_is_covered(self):
        company = self._create_customer(name="Wermut KG", is_company=True)
        Partner = self._as_screened(self.env['res.partner'])
        spec = {'street': {}, 'zip': {}, 'parent_id': NAME}
        values = self._type(
            Partner, {'name': "Irene", 'street': "Weg 1", 'zip': '1'}, 'parent_id', company.id,
            spec)
        self.assertEqual((values['street'], values['zip']), (MASK, MASK))

    def test_text_of_a_new_activity_comes_from_its_kind(self):
        kind = self.env['mail.activity.type'].create({
            'name': "Callback", 'summary': "Call back", 'default_note': "<p>Ask for the size</p>"})
        Activity = self._as_screened(self.env['mail.activity'])
        spec = {'summary': {}, 'note': {}, 'activity_type_id': {}}
        values = {
            'res_model_id': self.env['ir.model']._get_id('sale.order'), 'res_id': self.order.id,
            'user_id': self.screened.id, 'summary': False, 'note': False}
        values = self._type(Activity, values, 'activity_type_id', kind.id, spec)
        values['activity_type_id'] = kind.id
        self.assertEqual(
            (values['summary'], str(values['note'])), ("Call back", "<p>Ask for the size</p>"))
        self.assertEqual(self._save(Activity, values).summary, "Call back")

    def test_stored_text_stays_covered_while_something_else_is_typed(self):
        activity = self._as_screened(self.order.activity_schedule(
            'mail.mail_activity_data_todo', summary="Call Wermut", user_id=self.screened.id))
        spec = {'summary': {}, 'user_id': {}}
        self.assertNotIn('summary', activity.onchange(
            {'user_id': self.clerk.id}, ['user_id'], spec)['value'])
        self.assertEqual(activity.new(origin=activity).web_read(spec)[0]['summary'], MASK)
