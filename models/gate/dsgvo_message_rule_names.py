from odoo import api, fields, models
from odoo.fields import Domain

TEMPLATES = ('mail.template', 'sms.template')


class DsgvoMessageRule(models.Model):
    """What the senders are called in words that a reader knows."""
    _inherit = 'dsgvo.message.rule'

    sender_name = fields.Char(
        "Sender", compute='_compute_sender_name', compute_sudo=True,
        help="The template, or the document that is sent or whose function sends.")
    is_awake = fields.Boolean(
        "Of Installed Apps", compute='_compute_sender_name', compute_sudo=True,
        search='_search_is_awake',
        help="The app that sends is installed; other rules wait for theirs.")

    @api.depends('scope', 'sender')
    @api.depends_context('lang')
    def _compute_sender_name(self):
        names = self._get_template_names()
        for rule in self:
            name = names.get(rule.sender) if rule.scope == 'template' else rule._name_document()
            rule.is_awake = bool(name)
            rule.sender_name = name or self.env._("Of an app that is not installed")

    @api.depends('sender_name')
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = rule.sender_name

    @api.model
    def _search_is_awake(self, operator, value):
        if operator != 'in':
            return NotImplemented
        rules = self.search([])  # pylint: disable=no-search-all
        return Domain('id', 'in', rules.filtered('is_awake').ids)

    def _get_template_names(self):
        """Return `{sender: name}` of the templates that there are."""
        names = self.filtered(
            lambda rule: rule.scope == 'template' and rule.sender).mapped('sender')
        shipped = self.env['ir.model.data'].search(
            Domain('model', 'in', TEMPLATES) & Domain.OR(
                Domain('module', '=', module) & Domain('name', '=', name)
                for module, _dot, name in (sender.partition('.') for sender in names)))
        senders = {(data.model, data.res_id): data.complete_name for data in shipped} | {
            (model, int(number)): f'{model},{number}'
            for model, _comma, number in (sender.partition(',') for sender in names)
            if number.isdigit()}
        return {
            senders[template._name, template.id]: template.name
            for name in TEMPLATES
            for template in self.env[name].with_context(active_test=False).search(
                [('id', 'in', [number for model, number in senders if model == name])])}

    def _name_document(self):
        """Return the name of the model that is sent or whose function sends, '' without it."""
        model = (self.sender or '').rsplit('.', 1)[0] if self.scope == 'method' else self.sender
        return self.env['dsgvo.data.rule']._name_model(model) if model in self.env else ''
