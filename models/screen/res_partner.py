from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import escape_psql

from ..jobs.refusals import unlogged
from .covering import LIST, READING

# A drop-down answers from so many letters or digits on, with so many customers.
LEAST, MOST = 3, 8
# What finds somebody; the others, such as `not ilike`, would browse.
FINDING = ('ilike', 'like', '=ilike', '=like')
NAME_FIELDS = ('name', 'complete_name', 'display_name', 'commercial_company_name', 'company_name',
               'parent_name')


class ResPartner(models.Model):
    """Contacts on a covered screen: name and town, or the number in lists of other records."""
    _inherit = 'res.partner'

    @api.model
    @api.readonly
    def name_search(self, name='', domain=None, operator='ilike', limit=100):
        """Find customers by typed characters only; nobody can browse.

        An import looks for a whole name, by the operator `=`.
        """
        if self.env['res.users']._dsgvo_is_screened():
            is_typed = operator in FINDING and self._dsgvo_is_enough(name)
            if not is_typed and not (operator == '=' and name):
                return []
            limit = min(limit or MOST, MOST)
            if is_typed:  # a % or _ would stand for any letter
                name = escape_psql(name)
        return super().name_search(name, domain, operator, limit)

    def _get_vcard_file(self):
        """Refuse a file of a customer who is not shown: it is opened on the same screen."""
        users = self.env['res.users']
        if users._dsgvo_is_screened() and self._dsgvo_is_customer() and (
                f'{self._name},{self.id}' not in users._dsgvo_get_shown()):
            raise unlogged(UserError(self.env._(
                "%(name)s is covered by the privacy screen, so there is no business card. Show the"
                " contact first.", name=self.name)))
        return super()._get_vcard_file()

    @api.model
    def _get_mention_suggestions_domain(self, search):
        domain = super()._get_mention_suggestions_domain(search)
        if self.env['res.users']._dsgvo_is_screened() and not self._dsgvo_is_enough(search):
            domain &= Domain('partner_share', '=', False)
        return domain

    @api.model
    def _dsgvo_is_enough(self, typed):
        """Return whether so much was typed that a screened user may look for customers."""
        return sum(map(str.isalnum, typed or '')) >= LEAST

    @api.model
    def _search_display_name(self, operator, value):
        """Find customers also by barcode and telephone where the screen has no list to browse."""
        domain = super()._search_display_name(operator, value)
        if self._dsgvo_is_covered() and operator in FINDING:
            domain |= Domain('barcode', '=', value)
            if not any(map(str.isalpha, value)):  # Odoo reads the numbers of all contacts
                domain |= Domain('phone_mobile_search', operator, value)
        return domain

    @api.depends('city', 'ref')
    @api.depends_context(READING)
    def _compute_display_name(self):
        if not self._dsgvo_is_covered():
            return super()._compute_display_name()
        in_list = self.env.context[READING] == LIST
        plain = self.with_context(**{
            READING: None, 'show_address': False, 'show_email': False, 'show_vat': False})
        super(ResPartner, plain)._compute_display_name()
        for partner, whole in zip(self, plain, strict=True):
            if in_list and partner._dsgvo_is_customer():
                partner.display_name = partner._dsgvo_get_number()
            else:
                partner.display_name = ", ".join(filter(None, (whole.display_name, whole.city)))

    def _dsgvo_is_customer(self):
        # sudo: res.partner - only whether it is a colleague
        return self.sudo().partner_share

    def _dsgvo_get_number(self):
        """Return what stands for the name of a customer in lists of orders."""
        return self.ref or f"#{self.id}"

    def _dsgvo_is_of_customer(self, seen):
        """Return whether this is no colleague; one who is being typed is known by the company."""
        if not self._origin:
            return self.parent_id.partner_share
        return self._dsgvo_is_customer()

    def _dsgvo_cover(self, rows):
        """Leave colleagues uncovered, and put the number in the place of the name in lists."""
        customers = self._dsgvo_of_customers()
        covered = [row for row in rows if row['id'] in customers._ids]
        result = super()._dsgvo_cover(covered)
        if self.env.context[READING] == LIST:
            for row in covered:
                if isinstance(row['id'], int):
                    number = self.browse(row['id'])._dsgvo_get_number()
                    row.update(dict.fromkeys(row.keys() & set(NAME_FIELDS), number))
        return result
