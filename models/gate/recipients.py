"""Whose consent a message needs, looked up for all recipients of a batch at once."""
import re
from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.mail import email_normalize_all

from odoo.addons.phone_validation.models.mail_thread_phone import PHONE_REGEX_PATTERN

from ..consent.res_partner_subject import ADDRESS_TYPES
from ..map.numbers import read_number
from ..map.texts import spell_address
from .dsgvo_message_rule import UNLISTED

PURPOSES = {'advertising': 'marketing', UNLISTED: 'marketing', 'contract': 'notification'}


def digits(number):
    """Return a number as it is compared: without blanks, brackets and hyphens."""
    return re.sub(r'[^0-9+]', '', number or '')


def get_party(partner):
    """Return the party for which a contact acts: its company, or a person of an account itself."""
    person = partner.dsgvo_subject_id
    is_of_account = person.parent_id and person.type in ADDRESS_TYPES and not person.is_company
    return person if is_of_account else partner.commercial_partner_id


class Addressees(NamedTuple):
    """The customers of a document."""
    parties: set = frozenset()
    """The contacts that `get_party` returns for its contacts."""
    addresses: set = frozenset()
    """The normalised e-mail addresses and the numbers that stand in the document itself."""

    def without(self, partners, addresses):
        """Return others than these: (set of ids of contacts, set of addresses)."""
        return {
            partner.id for partner in partners if get_party(partner) not in self.parties
            and partner.email_normalized not in self.addresses
        }, set(addresses) - self.addresses


class Recipients:
    """Finds the recipients who must not get messages of one kind.

    Employees, and the shop itself, always get theirs. A contact decides for itself, whoever shares
    its address. For an address or number alone, the contacts decide who have it, in whatever
    spelling: one of them must have agreed, and none refused. An unknown recipient was never asked.
    Only a message that no rule names may reach somebody whom the shop does not know at all, since
    that is no customer. A number that cannot be read may be a customer's. An address or number on a
    block list gets no advertising.

    The number of statements does not depend on the number of recipients.

    :param bool silent: whether nobody outside the shop may be told about the document
    """

    def __init__(self, env, kind, company, silent=False):
        # sudo: res.partner - a consent binds whoever acts, also who may not read the contact
        self.env = env(su=True)
        self.kind = kind
        self.purpose = PURPOSES[kind]
        self.silent = silent
        self.Contact = self.env['res.partner'].with_context(active_test=False).with_company(
            company or env.company)

    def are_several(self, partners, addresses=()):
        """Return whether more than one customer, or somebody unknown, gets one message."""
        partners = self.Contact.browse(partners.ids)
        return len(set(map(get_party, partners - self.insiders(partners)))) + len(addresses) > 1

    def refused_partners(self, partners):
        """Return those of the contacts who must not get the message."""
        partners = self.Contact.browse(partners.ids)
        external = partners - self.insiders(partners)
        if self.silent:
            return external
        allowed = self._agreed(external)
        if self.purpose == 'marketing':
            addresses = {
                partner: set(email_normalize_all(partner.email or '')) for partner in allowed}
            blocked = self._blocked('mail', set().union(*addresses.values()))
            allowed = allowed.filtered(lambda partner: not addresses[partner] & blocked)
        return external - allowed

    def refused_addresses(self, channel, addresses):
        """Return those of the normalised addresses or numbers to which the message must not go.

        :param str channel: mail or sms
        :param set addresses:
        """
        if not addresses:
            return set()
        spellings = {address: self._spellings(channel, address) for address in addresses}
        every = set().union(*spellings.values())
        owners = self._owners(channel, every)
        contacts = self.Contact.union(*owners.values())
        insiders, agreed = self.insiders(contacts), self._agreed(contacts)
        known = owners.keys() | (
            self._held_by_prospects(channel, every) if self.kind == UNLISTED else every)
        blocked = self._blocked(channel, every) if self.purpose == 'marketing' else set()
        return {
            address for address, ways in spellings.items()
            if ways & blocked or not (
                self._is_stranger(channel, ways, known) or self._agree(self.Contact.union(
                    *(owners[way] for way in ways & owners.keys())), insiders, agreed))}

    def _spellings(self, channel, address):
        """Return the ways in which a normalised address, or number, may be written in a contact."""
        if channel == 'mail':
            return spell_address('email', address) | {address.replace('"', '').rstrip('.')}
        country = self.Contact.env.company.country_id
        number = read_number(address, country.code, country.phone_code)
        full = {way for way in number.certain if not way.startswith('0')}
        if not address.startswith(('+', '0')):
            full.add(address)  # many leave out the plus
        return {address, *full, *map('+{}'.format, full)}

    def _is_stranger(self, channel, ways, known):
        """Return whether no contact has an address, however it is written."""
        return not ways & known and (channel == 'mail' or any(
            way.startswith('+') and self.Contact._phone_format(
                number=way, country=self.Contact.env.company.country_id) for way in ways))

    def _agree(self, owners, insiders, agreed):
        """Return whether the owners of one address agree to the message."""
        if not owners or self.silent or owners & insiders:
            return bool(owners and owners & insiders)
        refused = owners.filtered_domain(self.Contact._dsgvo_refused_domain(self.purpose))
        return bool(owners & agreed and not refused)

    def _agreed(self, partners):
        """Return those who agreed; for advertising, an archived contact is out of use."""
        agreed = partners._dsgvo_allows(self.purpose)
        return agreed.filtered('active') if self.purpose == 'marketing' else agreed

    def insiders(self, partners):
        """Return those of the contacts who work in the shop, with or without a login, or are it."""
        partners = self.Contact.browse(partners.ids)
        own = self.env['res.company'].search([]).partner_id
        insiders = partners.filtered(lambda partner: not partner.partner_share) | (partners & own)
        if 'employee_ids' in partners._fields:
            insiders |= partners.with_context(active_test=True).filtered('employee_ids').with_env(
                partners.env)
        return insiders

    def _owners(self, channel, addresses):
        """Return the contacts who have these addresses or numbers, by address."""
        kind = 'phone' if channel == 'sms' else 'email'
        found = self.Contact._dsgvo_find_by_addresses([(kind, value) for value in addresses])
        if channel == 'sms':
            found |= self._who_typed(addresses)
        owners = {}
        for partner in self.Contact.browse(found.ids):
            own = {value for own_kind, value in partner._dsgvo_addresses() if own_kind == kind}
            for value in addresses & (own | {digits(partner.phone)}):
                owners[value] = owners.get(value, self.Contact) | partner
        return owners

    def _who_typed(self, numbers):
        """Return contacts whose number was typed like this, but is another one in their country."""
        return self.Contact.search(Domain.custom(to_sql=lambda model, alias, query: SQL(
            "regexp_replace((%s::text), %s::text, ''::text, 'g'::text) = ANY(%s)",
            SQL.identifier(alias, 'phone', to_flush=model._fields['phone']), PHONE_REGEX_PATTERN,
            list(numbers))))

    def _held_by_prospects(self, channel, addresses):
        """Return those of the addresses that a lead or a mailing contact has."""
        held = set()
        for name in ('mailing.contact', 'crm.lead') if addresses else ():
            if (model := self.env.get(name)) is not None:
                alias = model._table
                held.update(address for address, in self.env.execute_query(SQL(
                    "SELECT address FROM (SELECT %s AS address FROM %s) held"
                    " WHERE address = ANY(%s)",
                    model._dsgvo_address_sql(alias, channel), SQL.identifier(alias),
                    list(addresses))))
        return held

    def _blocked(self, channel, addresses):
        """Return those of the addresses that are on the block list."""
        if not addresses:
            return set()
        if channel == 'sms':
            blocked = self.env['phone.blacklist'].search([('number', 'in', list(addresses))])
            return set(blocked.mapped('number'))
        blocked = self.env['mail.blacklist'].search([('email', 'in', list(addresses))])
        return set(blocked.mapped('email'))
