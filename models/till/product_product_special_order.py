from odoo import api, models
from odoo.fields import Command, Domain


class ProductProduct(models.Model):
    """Articles that are ordered at a till, and may be new."""
    _inherit = 'product.product'

    @api.model
    def _dsgvo_find_by_code(self, code, company):
        """Return the articles with a bar code that a company may sell, archived ones included."""
        return self.with_context(active_test=False).search(
            Domain('barcode', '=', code) & Domain('company_id', 'in', (False, company.id)),
            order='active DESC, id', limit=1)

    def _dsgvo_count_for_till(self, warehouse):
        """Return how many are there and how many customers wait. Counts only, nobody is named."""
        self.ensure_one()
        article = self.with_context(warehouse_id=warehouse.id)
        waiting = self.env['sale.order.line'].search_fetch(
            Domain('product_id', '=', self.id) & Domain('state', '=', 'sale')
            & Domain('company_id', '=', warehouse.company_id.id),
            ['qty_delivered', 'product_uom_qty', 'order_id'])
        return {
            'on_hand': article.qty_available,
            'free': article.free_qty,
            'waiting': len(waiting.filtered(
                lambda line: line.qty_delivered < line.product_uom_qty).order_id),
        }

    @api.model
    def _dsgvo_create_ordered(self, title, price, tax, code=False, supplier=None):
        """Create an article that Odoo proposes to buy when it is ordered.

        :param float price: what the customer pays, taxes included
        :param tax: the sales tax of the company
        :param supplier: of whom it is ordered; nobody, if the office is to find that out
        """
        company = tax.company_id or self.env.company
        values = {
            'name': title,
            'barcode': code,
            'type': 'consu',
            'is_storable': True,
            'available_in_pos': True,
            'list_price': self._dsgvo_get_price_for_taxes(price, tax),
            'taxes_id': [Command.set(tax.ids)],
        }
        if purchase_tax := self.env['account.tax'].search(
                Domain('company_id', '=', company.id) & Domain('type_tax_use', '=', 'purchase')
                & Domain('amount_type', '=', 'percent') & Domain('amount', '=', tax.amount),
                order='sequence, id', limit=1):
            values['supplier_taxes_id'] = [Command.set(purchase_tax.ids)]
        if supplier:
            values['seller_ids'] = [Command.create(
                {'partner_id': supplier.id, 'company_id': company.id})]
        if routes := self._dsgvo_get_buying_routes():
            values['route_ids'] = [Command.set(routes.ids)]
        return self.create(values)

    @api.model
    def _dsgvo_get_price_for_taxes(self, price, tax):
        """Return the list price of an article for which the customer pays `price`.

        Where taxes come on top, the sum is rounded and may differ by a cent.
        """
        if not tax or tax.price_include:
            return price
        return tax.with_context(force_price_include=True).compute_all(price)['total_excluded']

    @api.model
    def _dsgvo_get_buying_routes(self):
        """Return the routes with which Odoo buys for an order, if `purchase_stock` is installed.

        *Replenish on Order* is a setting of the shop. Without it the article is proposed in the
        list of what is to be replenished.
        """
        buying = self.env['stock.rule'].search([('action', '=', 'buy')]).route_id.filtered(
            'product_selectable') if 'purchase.order' in self.env else self.env['stock.route']
        on_order = self.env.ref('stock.route_warehouse0_mto', raise_if_not_found=False)
        return buying + on_order if buying and on_order and on_order.active else buying
