from collections import defaultdict

from odoo import api, models, tools

from ..map.contact_columns import NAME_PARTS

TEXTS = ('char', 'text', 'html')
# Fields whose values name things or contacts, or are needed to find a customer.
NAMES = {
    'access_token', 'barcode', 'city', 'commercial_company_name', 'company_name', 'complete_name',
    'consent_text', 'description_picking_manual', 'display_name', 'full_product_name', 'name',
    'origin', 'parent_name', 'ref', 'ticket_code', *NAME_PARTS}
# Colleagues and shops are no customers; records of this addon have screens of their own.
OURS = {'res.company', 'res.users'}


class DsgvoDataRule(models.Model):
    _inherit = 'dsgvo.data.rule'

    @api.model
    @tools.ormcache()
    def _get_covered(self):
        """Return the fields that the privacy screen covers, by the map of personal data.

        They are the texts and days about a person, and the texts that Odoo makes of them when it
        reads, such as the address on one line.

        :return: `{model: {field: whether it is a text, which is masked and not emptied}}`
        """
        covered = defaultdict(dict)
        # sudo: dsgvo.data.rule - only names of fields, for users who may not read the map
        for rule in self.sudo().search([('is_about_person', '=', True)]):
            field = self._has_customers(rule.model) and self.env[rule.model]._fields.get(rule.field)
            if field and self._can_be_covered(field, (*TEXTS, 'date', 'datetime')):
                covered[rule.model][field.name] = field.type in TEXTS
        texts = [
            field for Model in self.env.registry.values()
            if self._has_customers(Model._name) and not Model._abstract
            for field in Model._fields.values()
            if not field.store and self._can_be_covered(field, TEXTS)]
        while found := [field for field in texts if self._is_made_of(field, covered)]:
            for field in found:
                covered[field.model_name][field.name] = True
            texts = [field for field in texts if field not in found]
        return dict(covered)

    @api.model
    def _can_be_covered(self, field, types):
        return (
            field.type in types and field.name not in NAMES
            and not field.name.startswith('dsgvo_'))

    @api.model
    def _is_made_of(self, field, covered):
        """Return whether a field is computed from one that is covered."""
        return any(
            self._leads_to(field.model_name, path, covered)
            for path in self.env.registry.field_depends[field])

    @api.model
    def _leads_to(self, model, path, covered):
        *links, name = path.split('.')
        for link in links:
            field = self.env[model]._fields.get(link)
            if not field or not field.comodel_name:
                return False
            model = field.comodel_name
        return name in covered.get(model, ())

    @api.model
    def _has_customers(self, model):
        return model in self.env and model not in OURS and not model.startswith('dsgvo.')
