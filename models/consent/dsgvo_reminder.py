from odoo import api, fields, models


class DsgvoReminder(models.Model):
    """A matter of which the privacy officers of a company are reminded until it is settled.

    Each officer has an activity on it in the officer's language. To open it leads to the records.
    """
    _name = 'dsgvo.reminder'
    _description = "Reminder of Data Protection"
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _order = 'id desc'
    _rec_name = 'summary'

    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, ondelete='cascade')
    topic = fields.Char(
        required=True, readonly=True, help="The summary of the activities in English.")
    action_id = fields.Many2one('ir.actions.actions', readonly=True, ondelete='set null')
    summary = fields.Char(compute='_compute_activity')
    note = fields.Html(compute='_compute_activity')

    _one_per_topic = models.UniqueIndex('(company_id, topic)')

    @api.depends_context('uid')
    @api.depends('activity_ids.summary', 'activity_ids.note')
    def _compute_activity(self):
        for reminder in self:
            own = reminder.activity_ids.filtered(lambda activity: activity.user_id == self.env.user)
            activity = (own or reminder.activity_ids)[:1]
            reminder.summary = activity.summary or reminder.topic
            reminder.note = activity.note

    def action_open(self):
        """Open the records that the reminder is about."""
        self.ensure_one()
        # sudo: ir.actions.actions - what an action opens is checked when it is opened
        action = self.sudo().action_id
        # sudo: ir.actions.* - see above
        return action and self.env[action.type].sudo().browse(action.id)._get_action_dict()


class ResCompany(models.Model):
    """The reminders of a company."""
    _inherit = 'res.company'

    dsgvo_reminder_ids = fields.One2many('dsgvo.reminder', 'company_id', "Reminders", readonly=True)

    def _dsgvo_get_reminder(self, topic, action, officers):
        """Return the reminder of a topic at this company, a new one if there is none.

        :param str topic: the summary in English
        :param str action: XML id of what it is about, or None
        :param officers: the users who are to be reminded; the activities of all others go
        """
        known = self.dsgvo_reminder_ids.filtered(lambda reminder: reminder.topic == topic)
        known.activity_ids.filtered(lambda activity: activity.user_id not in officers).unlink()
        return known or self.env['dsgvo.reminder'].with_context(tracking_disable=True).create({
            'company_id': self.id, 'topic': topic,
            'action_id': action and self.env.ref(action).id})

    def _dsgvo_settle(self, topic):
        """Take the activities of a topic away at these companies: nothing is left to decide.

        :param topic: a lazy text, as in `_dsgvo_remind_officers`
        """
        # sudo: dsgvo.reminder - what Odoo noted, whoever settles it
        self.env['dsgvo.reminder'].sudo().search([
            ('company_id', 'in', self.ids), ('topic', '=', self._dsgvo_get_topic(topic))]).unlink()

    @api.model
    def _dsgvo_settle_elsewhere(self, topic, companies):
        """Take the activities of a topic away at all companies but these."""
        # sudo: res.company - those where nothing is left
        others = self.sudo().with_context(active_test=False).search(
            [('id', 'not in', companies.ids)])
        others._dsgvo_settle(topic)


class ResUsers(models.Model):
    _inherit = 'res.users'

    @api.model
    def _get_activity_groups(self):
        """List each reminder by its own words, so that one click leads to what it is about."""
        groups = super()._get_activity_groups()
        together = [group for group in groups if group['model'] == 'dsgvo.reminder']
        if not together:
            return groups
        found = self.env['mail.activity'].search(
            [('user_id', '=', self.env.uid), ('res_model', '=', 'dsgvo.reminder')])
        counted = {'overdue_count': 0, 'today_count': 0, 'planned_count': 0, 'total_count': 1}
        return [group for group in groups if group not in together] + [
            together[0] | counted | {
                'name': activity.summary, 'dsgvo_reminder_id': activity.res_id,
                f'{activity.state}_count': 1}
            for activity in found]
