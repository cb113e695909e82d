from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from ..jobs.refusals import unlogged
from ..map.offices import Office

_lt = LazyTranslate(__name__)


class ResPartner(models.Model):
    """Contacts whom documents name, and contacts for whom documents were made."""
    _inherit = 'res.partner'

    @api.model
    def _dsgvo_get_offices(self):
        """Without such a contact, documents would say that nobody had to be named."""
        return [
            *super()._dsgvo_get_offices(),
            Office('res.company', 'dsgvo_officer_id', _lt("Is the data protection officer"),
                   _lt("Name another officer in the settings.")),
            Office('res.company', 'dsgvo_representative_id',
                   _lt("Is the representative in the Union"),
                   _lt("Name another representative in the settings.")),
            Office('dsgvo.processing.recipient', 'partner_id', _lt("Is a recipient of data"),
                   _lt("Enter another contact at the recipient of data, or none.")),
        ]

    def _dsgvo_check_office(self):
        """Refuse an office for somebody who was erased: documents would publish the name.

        :raise ValidationError: naming the contact
        """
        if gone := self.filtered(
                lambda contact: contact.dsgvo_restricted or contact.dsgvo_erased):
            raise unlogged(ValidationError(self.env._(
                "%(name)s was erased and is kept only for documents that the law demands, so"
                " nothing may name this contact anew. Choose another contact.",
                name=gone[0].display_name)))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_office(self):
        for office in self._dsgvo_get_offices():
            # sudo: any model - refused whoever deletes, also who may not see why
            holder = self.env[office.model].sudo().with_context(active_test=False).search(
                [(office.link, 'in', self.ids)], limit=1)
            if holder:
                raise unlogged(UserError(self.env._(
                    "%(name)s cannot be deleted: %(reason)s. %(advice)s",
                    name=holder[office.link].display_name, reason=self.env._(office.reason),
                    advice=self.env._(office.advice))))

    def unlink(self):
        """Delete the documents made for them as records: PostgreSQL would leave the files behind.
        """
        self.check_access('unlink')
        # sudo: dsgvo.document - nobody keeps the documents of somebody who is gone
        self.env['dsgvo.document'].sudo().search([('partner_id', 'in', self.ids)]).unlink()
        return super().unlink()
