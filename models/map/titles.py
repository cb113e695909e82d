"""The titles of what a row is about: an author may have the name of a customer."""
from collections import defaultdict

from odoo.tools import SQL

PRODUCT, TEMPLATE = 'product.product', 'product.template'
# Models with a name that rows repeat; names of products come from several tables.
NAMED = (TEMPLATE, 'event.event', 'event.event.ticket', 'slide.channel')


class Titles:
    """Finds names and descriptions of sold goods, in all languages.

    Order lines, stock moves and lines of the till repeat them. They are never a person's.

    :param env: environment with the rights of the superuser
    """

    def __init__(self, env):
        self.env = env

    def find(self, model, row_ids):
        """Return `{row id: set of titles}` of rows of a model that refer to something named."""
        titles = defaultdict(set)
        if model in self.env and row_ids:
            self._add_titles(titles, model, model, SQL("l.id = t.id"), row_ids)
        return titles

    def find_around(self, model, row_ids):
        """Return the same, with the titles of the lines of the rows, or of the same document.

        A note of an order, or a line without a product, repeats the titles of its lines, too.
        """
        titles = self.find(model, row_ids)
        if model in self.env and row_ids:
            for field in self.env[model]._fields.values():
                if field.type == 'one2many':
                    lines, link, column = field.comodel_name, field.inverse_name, 'id'
                else:
                    lines, link, column = model, field.name, field.name
                if self._is_line(lines, link):
                    self._add_titles(titles, model, lines, SQL(
                        "l.%s = t.%s", SQL.identifier(link), SQL.identifier(column)), row_ids)
        return titles

    def _is_line(self, model, link):
        """Whether rows of a model are lines of the record to which a field links them."""
        field = self.env[model]._fields.get(link) if model in self.env else None
        return bool(field and field.type == 'many2one' and field.store and field.column_type
                    and field.ondelete == 'cascade' and field.comodel_name not in (PRODUCT, *NAMED))

    def _add_titles(self, titles, model, named_model, join, row_ids):
        """Add to rows `t` of a model what rows `l` are about, their lines or they themselves."""
        for field in self.env[named_model]._fields.values():
            if field.type == 'many2one' and field.store and field.column_type and (
                    field.comodel_name in (PRODUCT, *NAMED)):
                self.env.cr.execute(SQL(
                    "SELECT t.id, named.texts FROM %s t JOIN %s l ON %s JOIN LATERAL (%s"
                    " WHERE named.id = l.%s) named ON TRUE WHERE t.id = ANY(%s)",
                    SQL.identifier(self.env[model]._table),
                    SQL.identifier(self.env[named_model]._table), join,
                    self._get_source(field.comodel_name), SQL.identifier(field.name),
                    list(row_ids)), log_exceptions=False)
                for row_id, texts in self.env.cr.fetchall():
                    titles[row_id].update(_flatten(texts))

    def _get_source(self, model):
        return self._join_product() if model == PRODUCT else SQL(
            "SELECT named.id, %s AS texts FROM %s named", self._get_texts(model),
            SQL.identifier(self.env[model]._table))

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
