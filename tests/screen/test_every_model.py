from odoo.tests import tagged

from odoo.addons.dsgvo.models.map.contact_columns import get_further_columns
from odoo.addons.dsgvo.models.screen.covering import CONTACT
from odoo.addons.dsgvo.models.screen.covers import NAMES, TEXTS, THINGS

from ..apps.filler import Filler
from .common import ScreenCommon

# These cannot be filled, since they are appended only.
WITHOUT = ('dsgvo.consent.event',)
# Computed of what is not covered.
NUMBERS = {('account.move', 'display_name'): "its number and reference"}


@tagged('post_install', '-at_install')
class TestEveryModel(ScreenCommon):
    """A customer in every place of the map, and what a screened user reads of each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        further = get_further_columns(cls.env)
        person = cls._create_customer(
            name="Cordula Nierenstein", email='cordula@nierenstein.example', phone='+49 40 887766',
            street="Fliederallee 9", comment="Nierenstein", **{
                column: f'{column}@nierenstein.example' for column in further['email']
            }, **dict.fromkeys(further['phone'], '0171 5566778'))
        cls.filler = Filler(person, WITHOUT)
        cls.filler.fill()
        rules = cls.env['dsgvo.data.rule'].search([])
        cls.linked = set(rules.filtered(
            lambda rule: not rule.reached_by.startswith('needle:')).mapped('model'))
        cls.secrets = (*cls.filler.needles, 'nierenstein', '887766')

    def _read(self, model, ids):
        """Return `(way, row)` of what the browser gets; `sudo` leaves access rights aside."""
        records = self.env[model].with_user(self.screened).sudo().browse(ids)
        self.assertTrue(records.env['res.users']._dsgvo_is_screened())
        names = [
            field.name for field in records._fields.values()
            if field.name == 'display_name' or (
                field.store and field.type in (*TEXTS, 'many2one', 'reference'))]
        spec = {name: {'fields': {'display_name': {}}}
                if records._fields[name].type == 'many2one' else {} for name in names}
        for record in records:
            self.env.invalidate_all()
            yield from (('web_read', row) for row in record.web_read(spec))
        self.env.invalidate_all()
        yield from (('read', row) for row in records._dsgvo_for_screen('list').read(names))

    def _find(self, model, row):
        """Return the fields of a row in which something of the customer stands."""
        texts = THINGS | (NAMES if self._is_thing(model) else set())
        found = []
        for name, value in row.items():
            if (model, name) in NUMBERS:
                continue
            field = self.env[model]._fields[name]
            if field.comodel_name == CONTACT or (
                    field.comodel_name and self._is_thing(field.comodel_name)):
                continue
            if name not in texts and any(
                    secret.lower() in str(value).lower() for secret in self.secrets):
                found.append(name)
        return found

    def _is_thing(self, model):
        """Whether the name of a record is that of an article, or what stands for a contact."""
        Model = self.env[model]
        named_by = Model._fields.get(Model._rec_name)
        return model == CONTACT or 'product_id' in Model._fields or (
            named_by is not None and named_by.comodel_name == CONTACT)

    def test_customer_is_in_every_model(self):
        self.assertEqual(self.filler.failed, {})
        self.assertGreater(len(self.filler.rows | self.filler.mentions), 20)

    def test_nothing_of_the_customer_is_read_from_any_model(self):
        for model in sorted((self.filler.rows | self.filler.mentions).keys() & self.linked):
            ids = [*self.filler.rows.get(model, ()), *self.filler.mentions.get(model, ())]
            found = set()
            for way, row in self._read(model, ids):
                found |= {(way, name) for name in self._find(model, row)}
            with self.subTest(model=model):
                self.assertEqual(found, set())
