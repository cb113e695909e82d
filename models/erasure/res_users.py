from odoo import models


class ResUsers(models.Model):
    _inherit = 'res.users'

    def _deactivate_portal_user(self, **post):
        """Take the deletion of an account for the request of this person (Art. 17 DSGVO).

        Not that of an address or of a company: behind it are others, too, so the privacy officer
        decides.
        """
        result = super()._deactivate_portal_user(**post)
        for company, users in self.grouped('company_id').items():
            persons = users.partner_id.filtered(
                lambda partner: partner.dsgvo_is_subject and not partner.is_company)
            self.env['dsgvo.erasure']._enqueue(persons, 'request', company)
            self._dsgvo_tell_of_deleted_logins(users.partner_id - persons, company)
        return result

    def _dsgvo_tell_of_deleted_logins(self, contacts, company):
        # sudo: mail.activity - whoever deletes the own account leaves a note on its contact
        contacts = contacts.sudo()
        # sudo: res.company - only who its officers are
        for officer in company.sudo()._dsgvo_get_officers():
            lang = self.with_context(lang=officer.lang).env
            for contact in contacts:
                contact.activity_schedule(
                    'mail.mail_activity_data_todo', user_id=officer.id,
                    summary=lang._("Deleted account: asks to be erased"),
                    note=lang._(
                        "The login of this contact was deleted by its owner (Art. 17 DSGVO). The"
                        " contact is a company or the address of somebody else, so nothing was"
                        " noted: find out who it was and erase what is theirs."))
