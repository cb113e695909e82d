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
        """Remind the privacy officers of these companies, each in the officer's language.

        An officer has one open activity for each summary. It hangs on the `dsgvo.reminder` of the
        officer's own company if that is one of these. A further call renews its note. An empty
        recordset stands for the whole database, as in `dsgvo.job.failure`.

        :param summary: a lazy text, of `odoo.tools.translate.LazyTranslate`
        :param note: a lazy text, or a function that returns a text for a company. The company has
            the officer's language in its context
        :param str action: XML id of the action that the reminder opens and the note links to
        :param str activity_type: XML id
        :param contacts: the contacts that carry the activities instead of a reminder
        :return: the officers who could not be reminded
        """
        # sudo: res.company, mail.activity - what Odoo itself notes, whoever causes it
        companies = self.sudo() or self.sudo().search([('id', '!=', False)])
        everybody = companies._dsgvo_get_officers()

        def remind(officers):
            for officer in officers:
                company = (officer.company_id & companies or officer.company_ids & companies
                           or companies)[:1].with_context(lang=officer.lang)
                text = note(company) if callable(note) else company.env._(note)
                # sudo: res.partner - see above
                targets = contacts.sudo() if contacts is not None else (
                    company._dsgvo_get_reminder(
                        company._dsgvo_get_topic(summary), action, everybody))
                _remind(targets, officer, company.env._(summary),
                        company._dsgvo_add_link(text, action), activity_type)

        return self.env['dsgvo.job.failure']._run(
            'remind', everybody, remind)

    def _dsgvo_get_topic(self, summary):
        """Return a summary in English, with the values of its placeholders."""
        return self.with_context(lang='en_US').env._(summary)

    def _dsgvo_add_link(self, text, action):
        """Return a note with this text, and with a link to an action if there is one."""
        paragraph = Markup("<p>%s</p>")
        note = paragraph % text
        if action:
            target = self.env.ref(action)
            note += paragraph % (
                Markup('<a href="/odoo/action-%s">%s</a>') % (target.id, target.name))
        return note


def _remind(records, user, summary, note, activity_type):
    """Let a user have one open activity with this summary on each of these records.

    The queue sends the e-mail about it. Sent at the commit, it would stop the job that reminds when
    another one deletes a record of this e-mail.
    """
    known = records.activity_ids.filtered(
        lambda activity: (activity.user_id, activity.summary) == (user, summary))
    known.filtered(lambda activity: activity.note != note).note = note
    records.filtered(lambda record: record.id not in known.mapped('res_id')).with_context(
        mail_notify_force_send=False).activity_schedule(
            activity_type, user_id=user.id, summary=summary, note=note)
