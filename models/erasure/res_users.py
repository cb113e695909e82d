from odoo import models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

class ResUsers(models.Model):
    _inherit = 'res.users'

    def _deactivate_portal_user(self, **post):
        """Take the deletion of an account for the request of this person (Art. 17 DSGVO).

        The deletion of an account of an address or of a company is none: other people stand behind
        it, so the privacy officer decides.
        """
        result = super()._deactivate_portal_user(**post)
        for company, users in self.grouped('company_id').items():
            persons = users.partner_id.filtered(
                lambda partner: partner.dsgvo_is_subject and not partner.is_company)
            self.env['dsgvo.erasure']._enqueue(persons, 'request', company)
            self._dsgvo_tell_of_deleted_logins(users.partner_id - persons, company)
        return result

    def _dsgvo_tell_of_deleted_logins(self, contacts, company):
        company._dsgvo_remind_officers(_lt("Deleted account: asks to be erased"), _lt(
            "The login of this contact was deleted by its owner (Art. 17 DSGVO). The contact is a "
            "company or the address of somebody else, so nothing was noted: find out who it was "
            "and erase what is theirs."), contacts=contacts)
