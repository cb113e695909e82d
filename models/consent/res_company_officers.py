from markupsafe import Markup

from odoo import models

ACTIVITY = 'mail.mail_activity_data_todo'


class ResCompany(models.Model):
    """Who the privacy officers are, and how they are reminded."""
    _inherit = 'res.company'

    def _dsgvo_get_officers(self):
        """Return the privacy officers who may work for one of these companies.

        The administrator stands in where there is none.
        """
        # sudo: res.groups - only whom to tell
        officers = self.env.ref('dsgvo.group_officer').sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and user.company_ids & self
            and user != self.env.ref('base.user_root'))
        admin = self.env.ref('base.user_admin')
        return (officers - admin) or admin

    def _dsgvo_remind_officers(
            self, summary, note, action=None, *, activity_type=ACTIVITY, contacts=None):
        """Remind the privacy officers of these companies, each in the own language.

        An officer has one open activity for each summary, at the own company if it is one of these,
        and its note follows. No company stands for the whole database, as in `dsgvo.job.failure`.

        :param summary: a lazy text, of `odoo.tools.translate.LazyTranslate`
        :param note: the same, or a function that words it for a company with the language in its
            context
        :param str action: XML id of what the note links to
        :param str activity_type: XML id
        :param contacts: who carry the activities instead of the company
        :return: the officers who could not be reminded
        """
        # sudo: res.company, mail.activity - what Odoo itself notes, whoever causes it
        companies = self.sudo() or self.sudo().search([('id', '!=', False)])

        def remind(officers):
            for officer in officers:
                company = (officer.company_id & companies or officer.company_ids & companies
                           or companies)[:1].with_context(lang=officer.lang)
                text = note(company) if callable(note) else company.env._(note)
                # sudo: res.partner - see above
                (company.partner_id if contacts is None else contacts.sudo())._dsgvo_remind(
                    officer, company.env._(summary), company._dsgvo_add_link(text, action),
                    activity_type)

        return self.env['dsgvo.job.failure']._run(
            'remind', companies._dsgvo_get_officers(), remind)

    def _dsgvo_add_link(self, text, action):
        """Return a note with this text, and with a link to an action if there is one."""
        paragraph = Markup("<p>%s</p>")
        note = paragraph % text
        if action:
            target = self.env.ref(action)
            note += paragraph % (
                Markup('<a href="/odoo/action-%s">%s</a>') % (target.id, target.name))
        return note


class ResPartner(models.Model):
    """How somebody is reminded of customers."""
    _inherit = 'res.partner'

    def _dsgvo_remind(self, user, summary, note, activity_type):
        """Let a user have one open activity with this summary at each of these contacts."""
        known = self.activity_ids.filtered(
            lambda activity: (activity.user_id, activity.summary) == (user, summary))
        known.filtered(lambda activity: activity.note != note).note = note
        self.filtered(lambda contact: contact.id not in known.mapped('res_id')).activity_schedule(
            activity_type, user_id=user.id, summary=summary, note=note)
