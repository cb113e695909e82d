from odoo import models

from .article_code import APART, TOGETHER


class ProductUom(models.Model):
    """Bar codes of packagings, by which a till finds the article."""
    _inherit = 'product.uom'

    _dsgvo_barcode_apart = models.Index(
        f"(({TOGETHER.format('barcode')})) WHERE {APART.format('barcode')}")
