from odoo.fields import Command

from ..marketing.common import MarketingCommon


class GateCommon(MarketingCommon):
    """Looks at everything that is made for a customer: mails, SMS and notes of who got one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model_partner = cls.env['ir.model']._get('res.partner')
        cls.template = cls.env['mail.template'].create({
            'name': "Neuheiten", 'model_id': cls.model_partner.id, 'subject': "Neuheiten",
            'body_html': "<p>Neu</p>", 'partner_to': '{{ object.id }}', 'use_default_to': False})
        cls.sms_template = cls.env['sms.template'].create({
            'name': "Neuheiten", 'model_id': cls.model_partner.id, 'body': "Neu"})

    def _reached(self, send, contacts=None):
        """Call `send` with each contact; return the contacts for whom something was made."""
        contacts = contacts or self.contacts
        # sudo: mail.mail, sms.sms, mail.notification - looking at the queues
        queues = [self.env[name].sudo() for name in ('mail.mail', 'sms.sms', 'mail.notification')]
        before = [queue.search([], order='id desc', limit=1).id for queue in queues]
        with self.mock_mail_gateway(), self.mockSMSGateway():
            for contact in contacts:
                send(contact)
            self.env.flush_all()
        mails, texts, notes = (
            queue.search([('id', '>', last or 0)])
            for queue, last in zip(queues, before, strict=True))
        # What is noted as cancelled tells the author that it was not sent.
        notes = notes.filtered(lambda note: note.notification_status != 'canceled')
        partners = mails.recipient_ids | texts.partner_id | notes.res_partner_id
        addresses = " ".join(
            [mail.email_to or '' for mail in mails] + [mail.email_cc or '' for mail in mails]
            + [note.mail_email_address or '' for note in notes])
        numbers = {*texts.mapped('number'), *notes.mapped('sms_number')}
        return contacts.filtered(lambda contact: (
            contact in partners or contact.email_normalized in addresses
            or contact.phone_sanitized in numbers))

    def _server_action(self, **values):
        return self.env['ir.actions.server'].create({
            'name': "Automatik", 'model_id': self.model_partner.id} | values)

    def _run(self, action, contact):
        action.with_context(
            active_model=contact._name, active_id=contact[0].id, active_ids=contact.ids).run()

    def _rule(self, **values):
        return self.env['dsgvo.message.rule'].create({'reason': "Test"} | values)

    def _mail_values(self, contact, **values):
        return {
            'subject': "Neu", 'body_html': "<p>Neu</p>",
            'recipient_ids': [Command.link(contact.id)]} | values
