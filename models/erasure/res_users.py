from odoo import models


class ResUsers(models.Model):
    _inherit = 'res.users'

    def _deactivate_portal_user(self, **post):
        """Take the deletion of an account for the request of this person (Art. 17 DSGVO).

        Not that of an address or of a company: behind it are others, too.
        """
        result = super()._deactivate_portal_user(**post)
        for company, users in self.grouped('company_id').items():
            persons = users.partner_id.filtered(
                lambda partner: partner.dsgvo_is_subject and not partner.is_company)
            self.env['dsgvo.erasure']._enqueue(persons, 'request', company)
        return result
