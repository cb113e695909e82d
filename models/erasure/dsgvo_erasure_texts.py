from uuid import uuid4

from odoo import api, models
from odoo.fields import Domain

from ..map.guard import CONTACT, TEXT_TYPES


class DsgvoErasure(models.Model):
    """Texts of documents whose customer is not known any more, stored or sent by a till."""
    _inherit = 'dsgvo.erasure'

    @api.model
    def _empty_texts(self, documents):
        """Empty the customer's texts, by the map, in documents and in the rows that hang on them.

        Nobody knows the customer's values any more, so a text that may contain them is emptied as a
        whole: Odoo then shows the name of the product. A row with a contact of its own stays.

        :param documents: records of one model with a `partner_id`, as superuser
        """
        rules = self.env['dsgvo.data.rule']._get_all()._awake()
        # Texts that the customer entered, by whatever way their row is found.
        entered = {(rule.model, rule.field) for rule in rules
                   if rule.erase == 'clear' and rule.is_about_person}
        rows = {documents._name: documents}
        for (model, way), rules_of_way in rules.filtered(
                lambda rule: rule.erase in ('clear', 'replace')
                or (rule.erase == 'redact' and (
                    rule.is_about_person or (rule.model, rule.field) in entered))).grouped(
                lambda rule: (rule.model, rule.reached_by)).items():
            link = self.env[model]._fields.get(way)
            if (model, way) == (documents._name, 'partner_id'):
                found = rows[model]
            elif link and link.type == 'many2one' and link.comodel_name in rows:
                found = rows[link.comodel_name].env[model].search(
                    Domain(way, 'in', rows[link.comodel_name].ids)).filtered(
                        lambda row: 'partner_id' not in row._fields
                        or row.partner_id <= documents.partner_id)
                rows[model] = rows.get(model, found) | found
            else:
                continue
            found.write({
                rule.field: self._get_empty(model, rule) for rule in rules_of_way
                if not self.env[model]._fields[rule.field].relational})

    @api.model
    def _empty_values(self, rows):
        """Empty, in the values of rows, the fields that are a person's by the map, by any way.

        Fields named like an e-mail or a telephone are emptied, too, for models of other addons.

        :param list rows: pairs of model and values
        :return: list of booleans, False for a row that the map deletes if there is a text in it
        """
        rules_by_model = self.env['dsgvo.data.rule']._get_all().grouped('model')
        return [self._empty_values_of(model, values, rules_by_model.get(model, ()))
                for model, values in rows]

    @api.model
    def _empty_values_of(self, model, values, rules):
        fields = self.env[model]._fields
        texts = [name for name, value in values.items()
                 if value and name in fields and fields[name].type in TEXT_TYPES]
        if any(rule.field == 'id' and rule.erase == 'delete' for rule in rules):
            return not texts
        known = {rule.field: rule for rule in rules if rule.erase in ('clear', 'redact', 'replace')}
        for name in texts:
            if name in known:
                values[name] = self._get_empty(model, known[name])
            elif CONTACT.search(name):
                values[name] = '' if fields[name].required else False
        return True

    @api.model
    def _get_empty(self, model, rule):
        if rule.erase == 'replace':
            return str(uuid4())
        return '' if self.env[model]._fields[rule.field].required else False
