import math
from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import float_round, formatLang

from .article_code import parse_code
from .request_reader import RequestReader
from .special_order_request import SpecialOrderRequest

BOOKS = 7.0  # per cent of value added tax on books in Germany
MOST = 1000  # of one article in a special order: more is a slip of the finger
MANY = 500  # suppliers that a till proposes


class PosConfig(models.Model):
    """Special orders that are taken at the till.

    A cashier needs no right to orders and articles. The public methods are all that a cashier can
    do with them: look an article up, and order for a customer to whom the till may sell.
    """
    _inherit = 'pos.config'

    dsgvo_name_on_shelf_slip = fields.Boolean(
        "Customer on the Shelf Slip",
        help="Print the name of the customer on the slip for the shelf. Without it the slip has the"
             " short number only, so that nobody who passes by reads who ordered what.")
    dsgvo_new_article_tax_id = fields.Many2one(
        'account.tax', "Tax on New Articles", check_company=True,
        domain=[('type_tax_use', '=', 'sale'), ('amount_type', '=', 'percent')],
        help="Sales tax of articles that are ordered at the till and not in the database yet. If"
             " empty, it is the 7 % of the company, or its default where it has no such tax.")

    @api.constrains('dsgvo_new_article_tax_id')
    def _check_dsgvo_new_article_tax_id(self):
        for till in self:
            if (till.dsgvo_new_article_tax_id.amount_type or 'percent') != 'percent':
                raise ValidationError(till.env._(
                    "%(tax)s is no tax in per cent, so the price without it cannot be found."
                    " Choose another tax on new articles.", tax=till.dsgvo_new_article_tax_id.name))

    def prepare_special_order(self):
        """Return what the till offers for special orders: suppliers, taxes, and deposits.

        :raise AccessError: if the user works at no till
        """
        till = self._dsgvo_sudo_till()
        taxes = till._dsgvo_get_new_article_tax() | till._dsgvo_get_default_tax()
        suppliers = till.env['res.partner'].search_fetch(
            till._dsgvo_get_supplier_domain(), ['display_name'], order='name, id', limit=MANY)
        return {
            'suppliers': [
                {'id': supplier.id, 'name': supplier.display_name} for supplier in suppliers],
            'taxes': [{'id': tax.id, 'name': tax.name} for tax in taxes],
            # Core sells no deposit to a cashier who may not read the order.
            'can_take_deposit': bool(till.down_payment_product_id) and (
                self.env['sale.order'].has_access('read')),
        }

    def look_up_article(self, code=False, product_id=False, partner_id=False, quantity=1):
        """Return an article by its code or number, or the code for a new one.

        :param partner_id: the customer who would pay the price
        :param quantity: of which the price of one piece may depend
        :raise UserError: if the code is no EAN, UPC or ISBN, or nobody may order the article
        """
        till = self._dsgvo_sudo_till()
        Product = till.env['product.product']
        reader = RequestReader(self.env)
        code = till._dsgvo_parse_code(reader.read_text(code))
        product_id, partner_id = reader.read_id(product_id), reader.read_id(partner_id)
        if product := (Product.browse(product_id).exists() if product_id
                       else Product._dsgvo_find_by_code(code, till.company_id)):
            till._dsgvo_check_article(product)
            customer = (till._dsgvo_get_ordering_customer(partner_id) if partner_id
                        else till.env['res.partner'])
            return {
                'product_id': product.id,
                'title': product.display_name,
                'code': product.barcode or code,
                'price': till._dsgvo_get_price(
                    product, customer, till._dsgvo_round_quantity(quantity)),
            } | product._dsgvo_count_for_till(till.company_id, till._dsgvo_get_warehouse())
        return {'product_id': False, 'code': code}

    def take_special_order(self, values):
        """Take a special order at this till: once for each `uuid`, however often it is sent.

        :param dict values: `uuid`, `partner_id`, `notification_type`, `wish_date` (ISO) and
            `articles`. An article has a `quantity`, and either a `product_id` or, if it is new, a
            `title`, `price` (taxes included), `tax_id`, `code` and `supplier_id`
        :return: what the slips say, of `sale.order._dsgvo_get_slip`
        :raise UserError: in the words that the cashier reads, if it cannot be taken
        :raise RequestTakenError: if it was taken, and was changed or cancelled since then. What
            the cashier orders next is another request
        """
        till = self._dsgvo_sudo_till(is_open=False)
        request = SpecialOrderRequest(self.env, values)
        till.env['dsgvo.till.claim']._claim(request.uuid)
        Order = till.env['sale.order']
        order = Order.search(Domain('dsgvo_till_uuid', '=', request.uuid)
                             & Domain('company_id', '=', till.company_id.id))
        if order:
            order._dsgvo_check_same(request)
        else:
            till._dsgvo_check_open()
            order = Order.with_context(dsgvo_currency_id=till.currency_id.id).create(
                till._dsgvo_prepare_special_order(request.values) | {
                    'dsgvo_till_uuid': request.uuid, 'dsgvo_till_digest': request.digest,
                }).with_env(till.env)
            order.action_confirm()
        return order._dsgvo_get_slip()

    # === WHO ORDERS, AND WHAT === #

    def _dsgvo_sudo_till(self, *, is_open=True):
        """Return this till with all rights and its company, for a user who works at it.

        :param is_open: whether the register has to be open
        """
        till = self._dsgvo_get_till(RequestReader(self.env).read_one_id(self._ids))
        # A user of the office may read the settings of a till, too.
        self.env['pos.session'].check_access('create')
        # sudo: pos.config - the callers check all that they are given, and say how
        till = till.sudo().with_company(till.company_id)
        if is_open:
            till._dsgvo_check_open()
        return till

    def _dsgvo_check_open(self):
        if self.current_session_id.state != 'opened':
            raise UserError(self.env._("The register is not open. Open it, then order again."))

    def _dsgvo_prepare_special_order(self, values):
        customer = self._dsgvo_get_ordering_customer(values.get('partner_id'))
        articles = values.get('articles')
        if not articles:
            raise UserError(self.env._("Nothing is to be ordered yet: enter an article."))
        result = {
            'partner_id': customer.id,
            'company_id': self.company_id.id,
            # Each cashier settles it, also one who may see only orders without a salesperson.
            'user_id': False,
            'team_id': self.crm_team_id.id,
            'pricelist_id': self._dsgvo_get_pricelist(customer).id,
            'commitment_date': self._dsgvo_parse_wish_date(values.get('wish_date')),
            'origin': self.name,
            'order_line': [
                Command.create(self._dsgvo_prepare_ordered(article, customer))
                for article in articles],
        }
        if values.get('notification_type'):
            result['notification_type'] = values['notification_type']
        if warehouse := self._dsgvo_get_warehouse():
            result['warehouse_id'] = warehouse.id
        return result

    def _dsgvo_get_warehouse(self):
        """Return the warehouse of this till; nothing, if Odoo has to choose one."""
        return self.warehouse_id or self.picking_type_id.warehouse_id

    def _dsgvo_get_ordering_customer(self, partner_id):
        if not partner_id:
            raise UserError(self.env._(
                "Choose a customer first: a special order is made for somebody."))
        Partner = self.env['res.partner']
        successors = self.env['dsgvo.merged.contact']._get_successors([partner_id], self.company_id)
        customer = Partner.browse(successors.get(partner_id, partner_id)).exists()
        if not customer._dsgvo_filter_customers().filtered_domain(
                self.company_id._dsgvo_get_shared_domain()):
            raise UserError(self.env._(
                "This customer was erased, or is kept for old documents only, and cannot order."
                " Choose another customer, or create a new one."))
        if not customer.active:
            raise UserError(self.env._(
                "This customer is archived. Ask the office to restore the contact, or choose"
                " another customer."))
        return customer

    def _dsgvo_get_pricelist(self, customer):
        """Return the price list that the till would take for this customer."""
        own = customer.property_product_pricelist
        return own if own in self.available_pricelist_ids else self.pricelist_id

    def _dsgvo_get_price(self, product, customer, quantity):
        """Return what a customer, or nobody known, pays for one piece of so many in the order.

        :raise UserError: if that is nothing
        """
        line = self.env['sale.order'].new({
            'partner_id': customer.id,
            'company_id': self.company_id.id,
            'pricelist_id': self._dsgvo_get_pricelist(customer).id,
            'currency_id': self.currency_id.id,
            'order_line': [Command.create({
                'product_id': product.id, 'product_uom_qty': quantity})],
        }).order_line
        price = line.tax_ids.compute_all(
            line.price_unit * (1 - line.discount / 100), currency=self.currency_id,
            product=product, partner=customer)['total_included']
        if self.currency_id.compare_amounts(price, 0) <= 0:
            raise UserError(self.env._(
                "%(title)s has no price. Ask the office to enter one.", title=product.name))
        return price

    def _dsgvo_parse_wish_date(self, value):
        """Return noon of the day, which is the same day in each time zone of the shop."""
        if not value:
            return False
        try:
            day = fields.Date.to_date(value)
        except (TypeError, ValueError):
            day = None
        if not day or day < self.company_id._dsgvo_today():
            raise UserError(self.env._(
                "The wish date is no day to come. Choose today or a later day, or leave it empty."))
        return datetime.combine(day, time(12))

    # === THE ARTICLES === #

    def _dsgvo_prepare_ordered(self, article, customer):
        quantity = self._dsgvo_round_quantity(article.get('quantity'))
        Product = self.env['product.product']
        product = Product.browse(article.get('product_id') or ())
        code = self._dsgvo_parse_code(article.get('code'))
        if not product and code:
            self.env['dsgvo.till.claim']._claim(f'{self.company_id.root_id.id} {code.zfill(13)}')
            # Somebody else may have ordered it meanwhile.
            product = Product._dsgvo_find_by_code(code, self.company_id)
        if product:
            self._dsgvo_check_article(product.exists())
            self._dsgvo_get_price(product, customer, quantity)
            return {'product_id': product.id, 'product_uom_qty': quantity}
        product, price = self._dsgvo_create_article(article, code, customer)
        return {
            'product_id': product.id, 'product_uom_qty': quantity, 'price_unit': price,
            # A discount of the price list would come off what was typed.
            'discount': 0}

    def _dsgvo_round_quantity(self, quantity):
        """Return a quantity as Odoo stores it: all units have the same digits."""
        digits = self.env['decimal.precision'].precision_get('Product Unit')
        if _is_number(quantity):
            quantity = float_round(quantity, precision_digits=digits)
        if not _is_number(quantity) or not 0 < quantity <= MOST:
            raise UserError(self.env._(
                "The quantity must be a number from %(least)s to %(most)s.",
                least=formatLang(self.env, 10 ** -digits, digits=digits), most=MOST))
        return quantity

    def _dsgvo_create_article(self, article, code, customer):
        """Return a new article and its price in the order; the customer pays the typed price."""
        title, price = (article.get('title') or '').strip(), article.get('price')
        if not title:
            raise UserError(self.env._("Enter the title of the article."))
        if not _is_number(price) or self.currency_id.compare_amounts(price, 0) <= 0:
            raise UserError(self.env._(
                "%(title)s has no price yet. Enter what the customer pays, more than 0.",
                title=title))
        default = self._dsgvo_get_new_article_tax()
        tax = (default | self._dsgvo_get_default_tax()).filtered(
            lambda tax: tax.id == article.get('tax_id')) or default
        company = self.company_id
        product = self.env['product.product']._dsgvo_create_ordered(
            title, self.currency_id._convert(price, company.root_id.currency_id, company), tax,
            code, self._dsgvo_get_supplier(article.get('supplier_id')))
        position = self.env['account.fiscal.position']._get_fiscal_position(customer)
        return product, product._dsgvo_get_price_for_taxes(price, position.map_tax(tax))

    def _dsgvo_get_supplier(self, supplier_id):
        if not supplier_id:
            return None
        supplier = self.env['res.partner'].search(
            Domain('id', '=', supplier_id) & self._dsgvo_get_supplier_domain())
        if not supplier:
            raise UserError(self.env._(
                "This supplier is not known. Choose one of the list, or leave the field empty: the"
                " office adds the supplier."))
        return supplier

    def _dsgvo_get_supplier_domain(self):
        """Companies from which the shop buys, and whoever stands with an article as its vendor.

        A private person who sold something to the shop is a customer like any other.
        """
        shared = self.company_id._dsgvo_get_shared_domain()
        vendors = self.env['product.supplierinfo']._search(shared).subselect('partner_id')
        return (
            shared & self.env['res.partner']._dsgvo_known_domain() & (
                (Domain('is_company', '=', True) & Domain('supplier_rank', '>', 0))
                | Domain('id', 'in', vendors)))

    def _dsgvo_check_article(self, product):
        if not product:
            raise UserError(self.env._(
                "This article was deleted. Leave it out, or enter its title as a new one."))
        # Before anything that names it.
        if not product.filtered_domain(self.company_id._dsgvo_get_shared_domain()):
            raise UserError(self.env._(
                "This article belongs to another company and cannot be ordered here. Enter its"
                " title as a new one."))
        if not product.active or not product.sale_ok:
            raise UserError(self.env._(
                "%(title)s is archived or not for sale. Ask the office to offer it again.",
                title=product.name))
        if product.type != 'consu':
            raise UserError(self.env._(
                "%(title)s is no goods: nothing can be ordered from a supplier.",
                title=product.name))

    @api.model
    def _dsgvo_parse_code(self, code):
        if not code or not code.strip():
            return False
        try:
            return parse_code(code)
        except ValueError:
            raise UserError(self.env._(
                "%(code)s is no ISBN or EAN: the length or the last digit is wrong. Type it again,"
                " or leave the field empty.", code=code)) from None

    def _dsgvo_get_new_article_tax(self):
        return (
            self.dsgvo_new_article_tax_id.filtered(_is_usable)
            or self.env['account.tax'].search(
                self.company_id._dsgvo_get_shared_domain()
                & Domain('country_id', '=', self.company_id.account_fiscal_country_id.id)
                & Domain('type_tax_use', '=', 'sale') & Domain('amount_type', '=', 'percent')
                & Domain('amount', '=', BOOKS), order='sequence, id').sorted(
                    lambda tax: (tax.company_id != self.company_id, not tax.price_include))[:1]
            or self._dsgvo_get_default_tax())

    def _dsgvo_get_default_tax(self):
        company = self.company_id
        return (company.account_sale_tax_id.filtered(_is_usable)
                or company.root_id.account_sale_tax_id.filtered(_is_usable))


def _is_usable(tax):
    """Return whether a price without this tax can be found from one with it."""
    return tax.active and tax.amount_type == 'percent'


def _is_number(value):
    return type(value) in (int, float) and math.isfinite(value)
