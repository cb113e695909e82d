from odoo import fields
from odoo.tests import tagged

from .common import GateCommon

COMMENT = "message_type='comment', subtype_xmlid='mail.mt_comment', partner_ids=record.ids"
LATER = "datetime.datetime.now() + datetime.timedelta(hours=1)"
NEWS = "Neu"


@tagged('post_install', '-at_install')
class TestLater(GateCommon):
    """What an automation sends later, or with a context of its own, nobody wrote."""

    def _work_off(self):
        """Let an hour pass, and run the jobs that send what waits."""
        self.env.flush_all()
        past = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        self.env['mail.message.schedule'].search([]).scheduled_datetime = past
        self.env.flush_all()
        self.env.cr.execute("UPDATE mail_scheduled_message SET scheduled_date = %s", [past])
        self.env.invalidate_all()
        for job in ('mail.ir_cron_send_scheduled_message', 'mail.ir_cron_post_scheduled_message'):
            self.env.ref(job).ir_actions_server_id.run()

    def _post_later(self, contact):
        """Post on the contact for later, as whoever acts; somebody inside follows."""
        contact.with_user(self.env.ref('base.user_admin')).message_post(
            body=NEWS, message_type='comment', subtype_xmlid='mail.mt_comment',
            partner_ids=contact.ids,
            scheduled_date=fields.Datetime.add(fields.Datetime.now(), hours=1))

    def test_server_action_that_hides_its_traces_needs_the_consent(self):
        self.contacts.message_subscribe(self.env.ref('base.user_admin').partner_id.ids)
        for name, code in {
            'empty context': f"record.with_context({{}}).message_post(body='x', {COMMENT})",
            'notified later':
                f"record.message_post(body='x', {COMMENT}, scheduled_date={LATER})",
            'notified later with an empty context':
                f"record.with_context({{}}).message_post(body='x', {COMMENT},"
                f" scheduled_date={LATER})",
            'posted later':
                "env['mail.scheduled.message'].create({'model': 'res.partner', 'res_id':"
                f" record.id, 'body': 'x', 'scheduled_date': {LATER}, 'partner_ids': record.ids,"
                " 'author_id': env.user.partner_id.id,"
                " 'notification_parameters': '{\"message_type\": \"comment\"}'})",
        }.items():
            action = self._server_action(state='code', code=code)

            def send(contact, action=action):
                self._run(action, contact)
                self._work_off()
            with self.subTest(name):
                self.assertEqual(self._reached(send), self.granted)

    def test_job_of_the_shop_needs_the_consent(self):
        def send(contact):
            job = self.env['ir.cron'].create({
                'name': "Grüße", 'model_id': self.model_partner.id, 'state': 'code',
                'code': f"model.browse({contact.id}).message_post(body='x', message_type='comment',"
                        f" subtype_xmlid='mail.mt_comment', partner_ids=[{contact.id}])"})
            job.ir_actions_server_id.run()
        self.assertEqual(self._reached(send), self.granted)

    def test_template_that_is_posted_for_later_keeps_its_kind(self):
        """When it leaves, only the message and its document are known."""
        self.env['dsgvo.message.rule'].create({
            'template_id': self.template.id, 'kind': 'duty', 'law': "Art. 6", 'reason': "Test"})
        self.template.scheduled_date = "{{ (datetime.datetime.now() + relativedelta(hours=1)) }}"

        def send(contact):
            contact.message_post_with_source(
                self.template, message_type='auto_comment', subtype_xmlid='mail.mt_comment')
            self._work_off()
        self.assertEqual(self._reached(send), self.contacts)

    def test_what_a_person_wrote_for_later_leaves(self):
        def send(contact):
            self._post_later(contact)
            self._work_off()
        self.assertEqual(self._reached(send), self.contacts)

    def test_person_writes_after_an_automation_has_run(self):
        self._run(self._server_action(state='code', code="record.name"), self.customer)
        self.assertEqual(self._reached(lambda contact: contact.message_post(
            body=NEWS, message_type='comment', subtype_xmlid='mail.mt_comment',
            partner_ids=contact.ids)), self.contacts)

    def test_e_mail_that_a_job_fetches_is_passed_on(self):
        job = self.env.ref('mail.ir_cron_mail_gateway_action').ir_actions_server_id
        job.write({'code': "for record in model.env['res.partner'].browse("
                           f"{self.contacts.ids}): record.message_post(body='x',"
                           " message_type='email', subtype_xmlid='mail.mt_comment',"
                           " partner_ids=record.ids)"})
        self.assertEqual(self._reached(lambda contacts: job.run(), self.contacts), self.contacts)

    def test_remote_caller_cannot_say_how_a_message_came_about(self):
        admin = self.env.ref('base.user_admin')
        values = {
            'model': 'res.partner', 'res_id': self.refused.id, 'body': "Neu",
            'scheduled_date': fields.Datetime.add(fields.Datetime.now(), hours=1),
            'partner_ids': self.refused.ids, 'author_id': admin.partner_id.id}
        Message = self.env['mail.scheduled.message'].with_user(admin)
        message = Message.with_context(default_dsgvo_origin=['duty']).create(values)
        self.assertEqual(message.sudo().dsgvo_origin[0], '')
        with self.assertRaisesRegex(Exception, "dsgvo_origin"):
            message.dsgvo_origin = ['duty']
