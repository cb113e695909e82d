from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class Base(models.AbstractModel):
    _inherit = 'base'

    @api.model
    def _dsgvo_marketing_domain(self, channel):
        """Return the `Domain` of the records whose addressees may get advertising.

        The owner of the address to which Odoo would write must have consented. That is the customer
        of the record, unless Odoo writes to an address of the record itself. If there are several
        customers, all must have consented. An address is looked up among the contacts by the
        normalised e-mail or phone number: at least one contact with it must have consented to
        marketing, and none refused. If no contact has it, nobody was asked, so the record is left
        out. An archived contact is out of use: its refusal counts, its consent does not.

        The domain is one condition in SQL, whatever the number of records.

        :param str channel: mail or sms
        """
        Contact = self.env['res.partner']
        granted = Contact._dsgvo_allowed_domain('marketing') & Domain('active', '=', True)
        refused = Contact._dsgvo_refused_domain('marketing')
        by_address = (
            self._dsgvo_address_domain(granted, channel)
            & ~self._dsgvo_address_domain(refused, channel))
        all_agree = ~self._dsgvo_customer_domain(~granted)
        if self._dsgvo_address_first(channel):
            return by_address | (
                self._dsgvo_no_address_domain(channel)
                & self._dsgvo_customer_domain(granted) & all_agree)
        reached = self._dsgvo_customer_domain(granted & Domain('email_normalized', '!=', False))
        return all_agree & (reached | by_address)

    @api.model
    def _dsgvo_marketing_refused_domain(self, channel):
        """Return the `Domain` of the records with an addressee who refused advertising."""
        refused = self.env['res.partner']._dsgvo_refused_domain('marketing')
        by_customer = self._dsgvo_customer_domain(refused)
        if self._dsgvo_address_first(channel):
            by_customer &= self._dsgvo_no_address_domain(channel)
        return by_customer | self._dsgvo_address_domain(refused, channel)

    @api.model
    def _dsgvo_writes_to_people(self):
        """Return whether a message to several records of this model goes to people as such.

        It is a serial message, whatever its text says. One about several documents (quotations,
        invoices) may have a template that belongs to the contract, see `dsgvo.message.rule`. Extend
        for models that are people and not documents.
        """
        return self._name in ('res.partner', 'res.users', 'mailing.contact', 'crm.lead')

    def _dsgvo_filter_marketing(self, channel):
        """Return those of the records, in their order, whose addressee may get advertising."""
        # sudo: any model - a consent binds whoever acts, also who may not read the record
        model = self.sudo().with_context(active_test=False)
        allowed = set(model._search(
            Domain('id', 'in', self.ids) & self._dsgvo_marketing_domain(channel)))
        return self.filtered(lambda record: record.id in allowed)

    @api.model
    def _dsgvo_customer_domain(self, contacts):
        """Return the `Domain` of the records with a customer who is one of `contacts`.

        :param Domain contacts: of `res.partner`, archived ones included
        """
        # sudo: res.partner - who is the customer may belong to another company
        Contact = self.env['res.partner'].sudo().with_context(active_test=False)
        return Domain.OR(
            Domain(fname, 'any!', Contact._search(contacts))
            for fname in self._mail_get_partner_fields() if self._fields[fname].store)

    @api.model
    def _dsgvo_address_domain(self, contacts, channel):
        """Return the `Domain` of the records with an address of their own that `contacts` have."""
        if not self._dsgvo_address_fields(channel):
            return Domain.FALSE
        # sudo: res.partner - who shares an address may belong to another company
        Contact = self.env['res.partner'].sudo().with_context(active_test=False)
        same_address = Contact._search(contacts).subselect(
            Contact._dsgvo_address_sql('res_partner', channel))
        return Domain.custom(to_sql=lambda model, alias, query: SQL(
            "%s IN %s", model._dsgvo_address_sql(alias, channel), same_address))

    @api.model
    def _dsgvo_no_address_domain(self, channel):
        """Return the `Domain` of the records without an address of their own."""
        if not self._dsgvo_address_fields(channel):
            return Domain.TRUE
        return Domain.custom(to_sql=lambda model, alias, query: SQL(
            "%s IS NULL", model._dsgvo_address_sql(alias, channel)))

    @api.model
    def _dsgvo_address_first(self, channel):
        """Return whether Odoo prefers the address on the record to the one of its customer.

        It does so for every SMS, and for e-mails of models like event registrations, where the
        guest may be another person than the one who booked.
        """
        return channel == 'sms' or getattr(self, '_mail_defaults_to_email', False)

    @api.model
    def _dsgvo_address_fields(self, channel):
        """Return the stored fields that hold an address of the record itself, best first."""
        if channel == 'sms':
            candidates = ['phone_sanitized', *self._phone_get_number_fields()]
        else:
            candidates = ['email_normalized', self._mail_get_primary_email_field()]
        fnames = [
            fname for fname in candidates
            if fname in self._fields and self._fields[fname].store]
        return fnames[:1] if fnames[:1] == candidates[:1] else fnames

    @api.model
    def _dsgvo_address_sql(self, alias, channel):
        """Return the own address of a record, normalised, as `SQL`; NULL where there is none.

        Numbers are compared without blanks and signs in the form in which Odoo stores them: a
        number typed without its country finds nobody, which leaves the record out.
        """
        normalise = "substring(lower(%s) from '[^[:space:]<>;,]+@[^[:space:]<>;,]+')"
        if channel == 'sms':
            normalise = "NULLIF(regexp_replace(%s, '[^0-9+]', '', 'g'), '')"
        return SQL("COALESCE(%s)", SQL(", ").join(
            SQL(normalise, self._field_to_sql(alias, fname))
            for fname in self._dsgvo_address_fields(channel)))
