import re

from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.mail import email_normalize_all

from odoo.addons.phone_validation.tools.phone_validation import phone_get_region_data_for_number

from .contact_columns import OWN, get_further_columns
from .numbers import EXTENSION
from .texts import spell_address

# Separators of two numbers in one field; a stroke alone also stands behind the area code.
BETWEEN_NUMBERS = r'[;,|\n]|\s/\s|/(?=\s*(\+|0))|\s(oder|or|und|and)\s'
SEVERAL_EMAILS = "{0} ~ '@.*@'"
FILLED = "{0} IS NOT NULL"
SEVERAL_NUMBERS = "{0} ~* '" + BETWEEN_NUMBERS + "'"
# Expressions over a column, alike in the index and in the query. Numbers are the digits behind
# plus and zeros: the country is not known to PostgreSQL.
EMAILS = r"""regexp_split_to_array(lower({0}), '[[:space:]<>;,"()]+')"""
NUMBERS = (
    r"string_to_array(regexp_replace(regexp_replace(regexp_replace(regexp_replace("
    rf"{{0}}, '\(0\)', '', 'g'), '{BETWEEN_NUMBERS}', '|', 'gi'),"
    r" '[^0-9|]', '', 'g'), '(^|\|)0+', '\1', 'g'), '|')")


class ResPartner(models.Model):
    """All addresses of a contact: Odoo normalises the first one of a field, but people type two."""
    _inherit = 'res.partner'

    _dsgvo_several_emails = models.Index(
        f"USING gin (({EMAILS.format('email')})) WHERE {SEVERAL_EMAILS.format('email')}")
    _dsgvo_several_numbers = models.Index(
        f"USING gin (({NUMBERS.format('phone')})) WHERE {SEVERAL_NUMBERS.format('phone')}")

    def _dsgvo_addresses(self):
        """Return the normalised addresses of these contacts as `(kind, value)`."""
        return {pair for partner in self for pair in partner._dsgvo_own_addresses()} | {
            (kind, value) for _partner, kind, value, _typed in self._dsgvo_further_addresses()}

    def _dsgvo_own_addresses(self):
        """Return the normalised addresses and numbers of the contact, as `(kind, value)`.

        A number with the extension -0 is the central one of the same line: (030) 7654321-0 is
        reached, and objected with, as 030 7654321, too. Any other extension is somebody else's.
        """
        self.ensure_one()
        emails, numbers = {self.email_normalized}, {self.phone_sanitized}
        if (self.email or '').count('@') > 1:
            emails.update(email_normalize_all(self.email))
        typed = re.sub(BETWEEN_NUMBERS, ';', self.phone or '', flags=re.IGNORECASE).split(';')
        spelled = typed if len(typed) > 1 else []
        spelled += [EXTENSION.sub('', number.rstrip()) for number in typed
                    if EXTENSION.search(number.rstrip())]
        numbers.update(self._phone_format(number=number) for number in spelled if number.strip())
        return {('email', email) for email in emails if email} | {
            ('phone', number) for number in numbers if number}

    @api.model
    @tools.ormcache()
    def _dsgvo_further_columns(self):
        return get_further_columns(self.env)

    @api.model
    @tools.ormcache()
    def _dsgvo_address_columns(self):
        return tuple(name for columns in (OWN, get_further_columns(self.env))
                     for names in columns.values() for name in names)

    def _dsgvo_further_addresses(self):
        """Return `[(partner, kind, normalised value, as typed)]` of columns of other addons."""
        further = self._dsgvo_further_columns()
        # sudo: res.partner - such a column may be for some users only; it is compared, not shown
        partners = self.sudo()
        return [
            (partner, kind, value, partner[name])
            for partner in partners for kind, names in further.items() for name in names
            if partner[name]
            for value in (email_normalize_all(partner[name]) if kind == 'email'
                          else [partner._phone_format(fname=name)]) if value]

    @api.model
    def _dsgvo_find_by_addresses(self, addresses):
        """Return all contacts that have one of these addresses, archived ones included.

        :param addresses: pairs `(kind, normalised value)`, kind is email or phone
        """
        addresses = self._dsgvo_spell_addresses(addresses).keys()
        emails = [value for kind, value in addresses if kind == 'email']
        numbers = [value for kind, value in addresses if kind == 'phone']
        # sudo: res.partner - only who it is; the caller decides what follows
        Partner = self.sudo().with_context(active_test=False)
        exact = Domain('email_normalized', 'in', emails) | Domain('phone_sanitized', 'in', numbers)
        among = Domain.FALSE
        further = self._dsgvo_further_columns()
        if emails:
            among |= self._dsgvo_overlap_domain('email', SEVERAL_EMAILS, EMAILS, emails)
            for fname in further['email']:
                among |= self._dsgvo_overlap_domain(fname, FILLED, EMAILS, emails)
        if numbers:
            central = [f'{number}0' for number in numbers]
            keys = [key for number in [*numbers, *central]
                    for key in self._dsgvo_number_keys(number)]
            among |= self._dsgvo_overlap_domain('phone', SEVERAL_NUMBERS, NUMBERS, keys)
            among |= Domain('phone_sanitized', 'in', central)
            for fname in further['phone']:
                among |= self._dsgvo_overlap_domain(fname, FILLED, NUMBERS, keys)
        found = Partner.search(exact, order='id')
        wanted = {*addresses}
        # A number that PostgreSQL found by its digits may be one of another country.
        others = Partner.search(among & ~Domain('id', 'in', found.ids), order='id')
        return found | others.filtered(lambda partner: wanted & partner._dsgvo_addresses())

    @api.model
    def _dsgvo_spell_addresses(self, addresses):
        """Return `{address: one of addresses}` with all ways in which contacts may have them."""
        return {(kind, way): (kind, value) for kind, value in addresses
                for way in spell_address(kind, value)}

    @api.model
    def _dsgvo_overlap_domain(self, fname, several, expression, values):
        def to_sql(model, alias, query):
            column = SQL.identifier(alias, fname, to_flush=model._fields[fname])
            return SQL("(%s AND %s && %s)", SQL(several.format('%s'), column),
                       SQL(expression.format('%s'), column), values)

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _dsgvo_number_keys(self, number):
        """Return the digits of an international number, with and without its country."""
        digits = re.sub(r'\D', '', number)
        national = phone_get_region_data_for_number(number)['national_number']
        return {key.lstrip('0') for key in (digits, national) if key}
