from uuid import uuid4

from odoo import api, models
from odoo.fields import Domain


class DsgvoErasure(models.Model):
    """Texts of documents whose customer is not known any more."""
    _inherit = 'dsgvo.erasure'

    @api.model
    def _empty_texts(self, documents):
        """Empty what the map says is the customer's in documents and what hangs on them.

        Nobody knows the customer's values any more, so a text out of which they would be taken is
        emptied: Odoo then shows the name of the product.

        :param documents: records of one model with a `partner_id`, as superuser
        """
        rules = self.env['dsgvo.data.rule']._get_all()._awake()
        rows = {documents._name: documents}
        for (model, way), rules_of_way in rules.filtered(
                lambda rule: rule.erase in ('clear', 'replace')
                or (rule.erase == 'redact' and rule.owns)).grouped(
                lambda rule: (rule.model, rule.reached_by)).items():
            link = self.env[model]._fields.get(way)
            if (model, way) == (documents._name, 'partner_id'):
                found = rows[model]
            elif link and link.type == 'many2one' and link.comodel_name in rows:
                found = rows[link.comodel_name].env[model].search(
                    Domain(way, 'in', rows[link.comodel_name].ids))
                rows[model] = rows.get(model, found) | found
            else:
                continue
            found.write({
                rule.field: self._get_empty(model, rule) for rule in rules_of_way
                if not self.env[model]._fields[rule.field].relational})

    @api.model
    def _get_empty(self, model, rule):
        if rule.erase == 'replace':
            return str(uuid4())
        return '' if self.env[model]._fields[rule.field].required else False
