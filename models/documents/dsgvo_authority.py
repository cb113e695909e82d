from odoo import fields, models


class DsgvoAuthority(models.Model):
    """A data protection authority: one for each German state, and the federal one.

    The competent one is that of the state in which the company is (§ 40 BDSG).
    """
    _name = 'dsgvo.authority'
    _description = "Data Protection Authority"
    _order = 'name'

    name = fields.Char(required=True)
    state_id = fields.Many2one(
        'res.country.state', "German State", ondelete='restrict', index='btree_not_null',
        help="The companies of this state belong to it. Empty: to be chosen for no company.")
    seat = fields.Text("Postal Address")
    website = fields.Char()

    _one_per_state = models.UniqueIndex(
        "(state_id) WHERE state_id IS NOT NULL", "There is one authority for each state.")
