from odoo import fields, models


class DsgvoInterest(models.Model):
    """A subject that interests a customer, a part of the profile; needs the marketing consent."""
    _name = 'dsgvo.interest'
    _description = "Interest"
    _order = 'name, id'

    name = fields.Char(required=True)
    color = fields.Integer()
    active = fields.Boolean(default=True)

    _unique_name = models.UniqueIndex(
        '(lower(name))', "There is an interest with this name already.")
