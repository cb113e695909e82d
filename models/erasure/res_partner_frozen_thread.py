from odoo import SUPERUSER_ID, api, models

# What a person writes. Odoo and its documents note theirs, and an answer by e-mail is not lost.
BY_HAND = ('comment', 'sms')


class ResPartner(models.Model):
    """Nobody writes to, files or plans anything at a contact that nobody changes.

    It would be known again, and stand in no certificate.
    """
    _inherit = 'res.partner'

    def message_post(self, *, message_type='notification', **kwargs):
        if self.env.uid != SUPERUSER_ID and message_type in BY_HAND:
            self._dsgvo_check_frozen()
        return super().message_post(message_type=message_type, **kwargs)

    @api.model
    def _get_thread_with_access(self, thread_id, *, mode='read', **kwargs):
        """Refuse messages and files of the screen, which Odoo stores as superuser."""
        thread = super()._get_thread_with_access(thread_id, mode=mode, **kwargs)
        if mode != 'read':
            thread._dsgvo_check_frozen()
        return thread

    def _thread_to_store(self, store, fields, *, request_list=None):
        """Let the screen offer none of this."""
        result = super()._thread_to_store(store, fields, request_list=request_list)
        if request_list is not None and (frozen := self._dsgvo_frozen()):
            store.add(frozen, {'hasWriteAccess': False, 'canPostOnReadonly': False}, as_thread=True)
        return result

    @api.model
    def _dsgvo_check_documents(self, documents, model_field='res_model'):
        """Refuse what a user puts at these contacts; Odoo's own comes as superuser.

        :param documents: records with `res_id` and a field that names the model
        """
        if not self.env.su:
            self.browse(documents.filtered(
                lambda document: document[model_field] == self._name).mapped('res_id')
            ).exists()._dsgvo_check_frozen()


class IrAttachment(models.Model):
    _inherit = 'ir.attachment'

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        self.env['res.partner']._dsgvo_check_documents(attachments)
        return attachments

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(('res_model', 'res_id')):
            self.env['res.partner']._dsgvo_check_documents(self)
        return result


class MailActivity(models.Model):
    _inherit = 'mail.activity'

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        self.env['res.partner']._dsgvo_check_documents(activities)
        return activities

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(('res_model_id', 'res_id')):
            self.env['res.partner']._dsgvo_check_documents(self)
        return result


class MailMessage(models.Model):
    _inherit = 'mail.message'

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse messages by hand also where they do not come from a thread."""
        messages = super().create(vals_list)
        self.env['res.partner']._dsgvo_check_documents(
            messages.filtered(lambda message: message.message_type in BY_HAND), 'model')
        return messages
