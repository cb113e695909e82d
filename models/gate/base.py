from odoo import models
from odoo.fields import Domain

from .recipients import Recipients


class Base(models.AbstractModel):
    _inherit = 'base'

    def _dsgvo_silent(self):
        """Return those of these documents about which Odoo must tell nothing by itself.

        For documents with a message type; elsewhere the consent of each recipient decides alone.
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
