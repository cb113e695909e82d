from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
# Fields that Odoo calls by words that only its developers know.
PLAIN_NAMES = {
    'mail.followers': _lt("Subscriptions to records"),
    'mail.notification': _lt("Notes of who read a message"),
    'mail.tracking.value': _lt("Recorded changes"),
    'account.bank.statement.line': _lt("Lines of bank statements"),
    'account.move': _lt("Invoices and entries"),
    'account.move.line': _lt("Lines of invoices and entries"),
    'pos.order': _lt("Sales at the till"),
    'pos.order.line': _lt("Lines of sales at the till"),
    'pos.payment': _lt("Payments at the till"),
    'stock.move': _lt("Lines of deliveries"),
    'stock.move.line': _lt("Movements of goods in detail"),
    'stock.picking': _lt("Deliveries and receipts"),
    'stock.quant': _lt("Stock of a customer"),
}


class DsgvoDataRule(models.Model):
    """The names of the places, in words that a reader knows."""
    _inherit = 'dsgvo.data.rule'

    model_name = fields.Char("Kind of Record", compute='_compute_names')
    field_name = fields.Char("Label", compute='_compute_names')
    is_awake = fields.Boolean(
        "Of Installed Apps", compute='_compute_is_awake', search='_search_is_awake',
        help="The app that has this place is installed; other rules wait for theirs.")

    @api.depends_context('lang')
    @api.depends('model', 'field')
    def _compute_names(self):
        for rule in self:
            rule.model_name, rule.field_name = self._name_place(rule.model, rule.field)

    @api.depends('model_name', 'field_name')
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = f"{rule.model_name}: {rule.field_name}"

    @api.depends('model', 'field', 'reached_by')
    def _compute_is_awake(self):
        awake = self._awake()
        for rule in self:
            rule.is_awake = rule in awake

    @api.model
    def _search_is_awake(self, operator, value):
        if operator != 'in':
            return NotImplemented
        rules = self.with_context(active_test=False).search([])  # pylint: disable=no-search-all
        return Domain('id', 'in', rules._awake().ids)

    @api.model
    def _name_place(self, model, name):
        """Return the names of a model and a field, the technical ones if they are not installed."""
        kind = self._name_model(model) if model != '*' else self.env._("All kinds of records")
        if name == 'id':
            return kind, self.env._("The record as a whole")
        # sudo: ir.model.fields - only the label
        field = self.env['ir.model.fields'].sudo()._get(model, name)
        return kind, field.field_description or name

    @api.model
    def _name_model(self, model):
        if model in PLAIN_NAMES:
            return self.env._(PLAIN_NAMES[model])
        # sudo: ir.model - only the name
        return self.env['ir.model'].sudo()._get(model).name or model

    @api.model
    def _name_kinds(self, names):
        """Return `{model: name}`; all models that only the program itself knows share one."""
        # sudo: dsgvo.data.rule - only which models are technical, for whoever reads a certificate
        rules_by_model = self.sudo()._get_all().grouped('model')
        return {
            model: self.env._("Technical records of the program")
            if not model.startswith('dsgvo.')
            and set(rules_by_model.get(model, self).mapped('category')) == {'technical'}
            else self._name_model(model) for model in names}
