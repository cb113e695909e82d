from odoo import api, models
from odoo.fields import Command, Domain
from odoo.tools import SQL, float_round

from .article_code import APART, TOGETHER, get_spellings


class ProductProduct(models.Model):
    """Articles that are ordered at a till, and may be new."""
    _inherit = 'product.product'

    # Few articles are stored in such a way.
    _dsgvo_barcode_apart = models.Index(
        f"(({TOGETHER.format('barcode')})) WHERE {APART.format('barcode')}")
    _dsgvo_default_code_apart = models.Index(
        f"(({TOGETHER.format('default_code')})) WHERE {APART.format('default_code')}")

    @api.model
    def _dsgvo_find_by_code(self, code, company):
        """Return the article with a code that a company may sell; an archived one if need be.

        It has the code as bar code, on a packaging, or as internal reference, in any spelling.

        :param code: of `parse_code`, or nothing
        """
        # Odoo would take a bar code of GS1 to pieces.
        Product = self.with_context(active_test=False, skip_preprocess_gs1=True)
        if not code:
            return self.browse()
        spellings = get_spellings(code)
        of_company = Domain(Product._check_company_domain(company))
        # One after the other: PostgreSQL uses no index for a condition on several tables.
        for place in (
                has_code('barcode', spellings),
                Domain('product_uom_ids', 'any', has_code('barcode', spellings)),
                has_code('default_code', spellings)):
            if found := Product.search(
                    place & of_company, order='active DESC, id', limit=1):
                return self.browse(found.id)
        return self.browse()

    def _dsgvo_count_for_till(self, company, warehouse):
        """Return how many are there and how many customers wait. Counts only, nobody is named.

        :param warehouse: where to count; if there is none, in all of the company
        """
        self.ensure_one()
        article = self.with_context(warehouse_id=warehouse.id, allowed_company_ids=company.ids)
        self.env['sale.order.line'].flush_model(
            ['product_id', 'state', 'company_id', 'qty_delivered', 'product_uom_qty'])
        [[waiting]] = self.env.execute_query(SQL(
            "SELECT count(DISTINCT order_id) FROM sale_order_line WHERE product_id = %s"
            " AND state = 'sale' AND company_id = %s AND qty_delivered < product_uom_qty",
            self.id, company.id))
        return {
            'on_hand': article.qty_available,
            'free': article.free_qty,
            'waiting': waiting,
        }

    @api.model
    def _dsgvo_create_ordered(self, title, price, tax, code=False, supplier=None):
        """Create an article that Odoo proposes to buy when it is ordered.

        It belongs to the company and its branches: others neither see what customers ordered, nor
        does a bar code of theirs stand in its way.

        :param float price: what the customer pays, taxes included, in the company's currency
        :param tax: the sales tax, of the company or one above it
        :param supplier: of whom it is ordered; nobody, if the office is to find that out
        """
        company = self.env.company
        values = {
            'name': title,
            'company_id': company.root_id.id,
            'barcode': code if self._dsgvo_is_free(code) else False,
            'type': 'consu',
            'is_storable': True,
            'available_in_pos': True,
            'list_price': self._dsgvo_get_price_for_taxes(price, tax),
            'taxes_id': [Command.set(tax.ids)],
        }
        if purchase_tax := self.env['account.tax'].search(
                Domain(tax._check_company_domain(company))
                & Domain('type_tax_use', '=', 'purchase')
                & Domain('amount_type', '=', 'percent') & Domain('amount', '=', tax.amount),
                order='sequence, id', limit=1):
            values['supplier_taxes_id'] = [Command.set(purchase_tax.ids)]
        if supplier:
            values['seller_ids'] = [Command.create(
                {'partner_id': supplier.id, 'company_id': company.id})]
        if routes := self._dsgvo_get_buying_routes(supplier):
            values['route_ids'] = [Command.set(routes.ids)]
        return self.create(values)

    @api.model
    def _dsgvo_is_free(self, code):
        """Return whether no packaging has a code: Odoo allows it once in all companies."""
        return not self.env['product.uom'].search_count([('barcode', '=', code)], limit=1)

    @api.model
    def _dsgvo_get_price_for_taxes(self, price, tax):
        """Return the list price of an article for which the customer pays `price`.

        A till rounds what it loads to the digits of *Product Price*. Where taxes come on top, and
        these are two digits, some prices cannot be reached: a piece may differ by a cent.
        """
        if not tax or tax.price_include:
            return price
        found = tax.with_context(force_price_include=True, round_base=False).compute_all(
            price, rounding_method='round_globally')
        return float_round(
            found['total_excluded'],
            precision_digits=self.env['decimal.precision'].precision_get('Product Price'))

    @api.model
    def _dsgvo_get_buying_routes(self, supplier):
        """Return the routes with which Odoo buys for an order, if `purchase_stock` is installed.

        *Replenish on Order* is a setting of the shop. Without it the article is proposed in the
        list of what is to be replenished. Not with dropshipping: the customer fetches the goods.
        """
        if 'purchase.order' not in self.env:
            return self.env['stock.route']
        rules = self.env['stock.rule'].search(
            Domain('action', '=', 'buy')
            & Domain('location_dest_id.warehouse_id.company_id', '=', self.env.company.id))
        routes = rules.route_id.filtered('product_selectable')
        on_order = self.env.ref('stock.route_warehouse0_mto', raise_if_not_found=False)
        # The warehouse may have the route of buying, and not the article. Without a supplier Odoo
        # would refuse an order that it has to replenish at once.
        return routes + on_order if (
            rules and supplier and on_order and on_order.active) else routes


def has_code(fname, spellings):
    """Return the `Domain` of the records with one of these codes in a field, hyphens or not."""
    def to_sql(model, alias, query):
        column = SQL.identifier(alias, fname, to_flush=model._fields[fname])
        return SQL("(%s AND %s = ANY(%s))", SQL(APART.format('%s'), column),
                   SQL(TOGETHER.format('%s'), column), spellings)

    return Domain(fname, 'in', spellings) | Domain.custom(to_sql=to_sql)
