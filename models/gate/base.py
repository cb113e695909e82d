from odoo import models
from odoo.fields import Domain
from odoo.tools.mail import email_normalize_all

from .recipients import Addressees, Recipients, digits, get_party


class Base(models.AbstractModel):
    _inherit = 'base'

    def _dsgvo_silent(self):
        """Return those of these documents about which Odoo must send nothing by itself.

        Only documents with a message type can be silent. For others the consent of each recipient
        decides alone.
        """
        return self.browse()

    def _dsgvo_may_get_serial(self, channel):
        """Return those of the records, in their order, whose addressee may get a serial message.

        :param str channel: mail or sms
        """
        allowed = set(self._dsgvo_filter_marketing(channel).ids)
        # sudo: any model - a consent binds whoever acts; nothing is shown
        partners = self.sudo()._mail_get_partners()
        insiders = set(Recipients(self.env, 'advertising', self.env.company).insiders(
            self.env['res.partner'].union(*partners.values())).ids)
        return self.filtered(lambda record: record.id in allowed or (
            partners[record.id] and insiders.issuperset(partners[record.id].ids)))

    def _dsgvo_addressees(self):
        """Return the `Addressees` of each of these documents, by its id."""
        partners, emails = self._mail_get_partners(), self._mail_get_primary_email()
        return {record.id: Addressees(
            set(map(get_party, partners[record.id])),
            {*email_normalize_all(emails[record.id] or ''), *record._dsgvo_own_numbers()})
            for record in self}

    def _dsgvo_own_numbers(self):
        """Return the telephone numbers of this document, as typed and as Odoo dials them."""
        numbers = {
            digits(number) for fname in self._phone_get_number_fields() if self[fname]
            for number in (self[fname], self._phone_format(fname=fname))}
        return numbers - {''}

    def _dsgvo_matching(self, condition):
        """Return those of the records that match; none if the condition names no field of theirs.

        :param condition: a domain as a tuple, empty for all
        """
        if not condition:
            return self
        fnames = {term.field_expr.split('.')[0]
                  for term in Domain(list(condition)).iter_conditions()}
        if not fnames <= self._fields.keys():
            return self.browse()
        return self.filtered_domain(list(condition))
