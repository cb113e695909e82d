from odoo import api, fields, models
from odoo.exceptions import UserError

from ..consent.res_company import is_blank
from .document_kinds import KINDS

OWN_TEXTS = {'own_text_de', 'own_text_en'}


class DsgvoDocumentBlock(models.Model):
    """A piece of a kind of document. The own text of a company takes the place of ours.

    An update of the addon changes ours, so a shop that worded one block gets the others anew.
    """
    _name = 'dsgvo.document.block'
    _description = "Text of a Document"
    _order = 'kind_id, sequence, id'

    kind_id = fields.Many2one(
        'dsgvo.document.kind', required=True, readonly=True, ondelete='cascade', index=True)
    sequence = fields.Integer(readonly=True)
    code = fields.Char(required=True, readonly=True)
    name = fields.Char("Heading", compute='_compute_texts')
    article = fields.Char(compute='_compute_texts')
    text_de = fields.Text("German", compute='_compute_texts')
    text_en = fields.Text("English", compute='_compute_texts')
    own_text_de = fields.Text("Own German Text", company_dependent=True)
    own_text_en = fields.Text("Own English Text", company_dependent=True)
    is_own = fields.Boolean("Own Text", compute='_compute_is_own')

    _one_of_a_code = models.Constraint(
        'UNIQUE (kind_id, code)', "Each block of a document is there once.")

    @api.depends('kind_id', 'code')
    @api.depends_context('lang')
    def _compute_texts(self):
        for block in self:
            known = block._get_known()
            block.name = self.env._(known.title) if known else block.code
            block.article = self.env._(known.article) if known else ''
            block.text_de = known.text._translate('de_DE') if known else ''
            block.text_en = known.text._translate('en_US') if known else ''

    @api.depends('own_text_de', 'own_text_en')
    @api.depends_context('company')
    def _compute_is_own(self):
        for block in self:
            block.is_own = not (is_blank(block.own_text_de) and is_blank(block.own_text_en))

    def write(self, vals):
        """Let officers word a block, and nothing else.

        :raise UserError: for any other change
        """
        if not self.env.su and vals.keys() - OWN_TEXTS:
            raise UserError(self.env._(
                "Only the own texts of a document can be changed. Which blocks there are comes with"
                " the program."))
        return super().write(vals)

    def _get_own(self, name):
        """Return the own text of the company, or that of the one to which it belongs as a branch.

        :param str name: the field
        """
        texts = (block[name] for block in (self, self.with_company(self.env.company.root_id)))
        return next((text for text in texts if not is_blank(text)), '')

    def _get_known(self):
        self.ensure_one()
        blocks = KINDS[self.kind_id.code].blocks if self.kind_id.code in KINDS else ()
        return next((block for block in blocks if block.code == self.code), None)

    def _follow(self, kind, known):
        mine = {block.code: block for block in self}
        for number, block in enumerate(known):
            (mine.get(block.code) or self.create(
                {'kind_id': kind.id, 'code': block.code})).sequence = number
        codes = {block.code for block in known}
        gone = self.filtered(lambda block: block.code not in codes)
        # sudo: res.company - a text stays if any company worded it
        companies = self.env['res.company'].sudo().with_context(active_test=False).search(
            [('id', '!=', False)])
        for company in companies:
            gone -= gone.with_company(company).filtered('is_own')
        gone.unlink()
