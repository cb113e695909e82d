"""The titles of what a row is about: an author may have the name of a customer."""
from collections import defaultdict

from odoo.tools import SQL

PRODUCT, TEMPLATE = 'product.product', 'product.template'
# What has a name of its own that rows repeat; names of products come from several tables.
NAMED = (TEMPLATE, 'event.event', 'event.event.ticket', 'slide.channel')


class Titles:
    """Finds names and descriptions of what is sold, in all languages.

    Order lines, stock moves and lines of the till repeat them. They are never a person's.

    :param env: environment with the rights of the superuser
    """

    def __init__(self, env):
        self.env = env

    def find(self, model, row_ids):
        """Return `{row id: set of titles}` of rows of a model that refer to something named."""
        titles = defaultdict(set)
        if model in self.env and row_ids:
            for field in self.env[model]._fields.values():
                if field.type == 'many2one' and field.store and field.column_type and (
                        field.comodel_name in (PRODUCT, *NAMED)):
                    self._add_titles(titles, field, row_ids)
        return titles

    def _add_titles(self, titles, field, row_ids):
        table = self.env[field.model_name]._table
        source = self._join_product() if field.comodel_name == PRODUCT else SQL(
            "SELECT named.id, %s AS texts FROM %s named", self._get_texts(field.comodel_name),
            SQL.identifier(self.env[field.comodel_name]._table))
        self.env.cr.execute(SQL(
            "SELECT t.id, named.texts FROM %s t JOIN LATERAL (%s WHERE named.id = t.%s) named"
            " ON TRUE WHERE t.id = ANY(%s)", SQL.identifier(table), source,
            SQL.identifier(field.name), list(row_ids)), log_exceptions=False)
        for row_id, texts in self.env.cr.fetchall():
            titles[row_id].update(_flatten(texts))

    def _join_product(self):
        """Return a query for the texts of products: own, of template, attributes, suppliers."""
        return SQL(
            """
            SELECT jsonb_build_array(%s, (
                    SELECT %s FROM product_template named WHERE named.id = product_tmpl_id
                ), (
                    SELECT jsonb_agg(v.name) FROM product_variant_combination way
                      JOIN product_template_attribute_value own
                        ON own.id = way.product_template_attribute_value_id
                      JOIN product_attribute_value v ON v.id = own.product_attribute_value_id
                     WHERE way.product_product_id = named.id
                ), (
                    SELECT jsonb_agg(seller.product_name) FROM product_supplierinfo seller
                     WHERE seller.product_tmpl_id = named.product_tmpl_id
                )) AS texts
              FROM product_product named
            """, self._get_texts(PRODUCT), self._get_texts(TEMPLATE))

    def _get_texts(self, model):
        return SQL("jsonb_build_array(%s)", SQL(", ").join(
            SQL.identifier('named', field.name) for field in self.env[model]._fields.values()
            if field.store and field.column_type and not field.company_dependent
            and field.type in ('char', 'text', 'html')))


def _flatten(texts):
    """Yield all texts in nested lists and translations."""
    if isinstance(texts, str):
        yield texts
    elif texts:
        for part in texts.values() if isinstance(texts, dict) else texts:
            yield from _flatten(part)
