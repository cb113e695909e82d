from odoo import api, fields, models
from odoo.exceptions import UserError

from .document_kinds import KINDS


class DsgvoDocumentKind(models.Model):
    """A kind of document (`document_kinds.py`), with what was made of it and its texts."""
    _name = 'dsgvo.document.kind'
    _description = "Kind of Document"
    _order = 'sequence, id'

    sequence = fields.Integer()
    code = fields.Char(required=True, readonly=True)
    name = fields.Char("Kind of Document", compute='_compute_texts')
    article = fields.Char("Demanded By", compute='_compute_texts')
    document_ids = fields.One2many('dsgvo.document', 'kind_id', "Made", readonly=True)
    block_ids = fields.One2many('dsgvo.document.block', 'kind_id', "Texts")
    last_made = fields.Datetime(compute='_compute_last_made')
    is_outdated = fields.Boolean("Outdated", compute='_compute_is_outdated')

    _one_of_a_code = models.Constraint('UNIQUE (code)', "Each kind of document is there once.")

    @api.depends('code')
    @api.depends_context('lang')
    def _compute_texts(self):
        for kind in self:
            known = KINDS.get(kind.code)
            kind.name = self.env._(known.name) if known else kind.code
            kind.article = self.env._(known.article) if known else ''

    @api.depends('document_ids')
    @api.depends_context('company')
    def _compute_last_made(self):
        """What was made for one customer is not what hangs in the shop."""
        for kind in self:
            kind.last_made = kind.document_ids.filtered(
                lambda document: document.company_id == self.env.company
                and not (document.partner_id and document.made_for == 'person'))[:1].create_date

    @api.depends('document_ids.state')
    @api.depends_context('company')
    def _compute_is_outdated(self):
        outdated = self.env['dsgvo.document']._get_outdated(self.env.company).kind_id
        for kind in self:
            kind.is_outdated = kind in outdated

    def write(self, vals):
        """Let officers word the texts of a kind, and nothing else.

        :raise UserError: for any other change
        """
        if not self.env.su and vals.keys() - {'block_ids'}:
            raise UserError(self.env._(
                "Only the own texts of a document can be changed. Which documents there are comes"
                " with the program."))
        return super().write(vals)

    def action_make(self):
        """Open a new document of this kind."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.name,
            'res_model': 'dsgvo.document',
            'views': [(False, 'form')],
            'context': {'default_kind': self.code},
        }

    @api.model
    def _create_missing(self):
        """Follow `KINDS`, at each installation and update.

        A block that is not used any more goes, unless the shop has worded it.
        """
        kinds = {kind.code: kind for kind in self.search([('code', '!=', False)])}
        for number, (code, known) in enumerate(KINDS.items()):
            kind = kinds.get(code) or self.create({'code': code})
            kind.sequence = number
            kind.block_ids._follow(kind, known.blocks)

    def _get_own_texts(self, lang):
        """Return `{code of the block: text}` of what the shop worded itself in a language."""
        name = 'own_text_de' if lang.startswith('de') else 'own_text_en'
        return {block.code: block._get_own(name) for block in self.block_ids}
