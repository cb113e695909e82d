from odoo import api, models

from .origin import KEY, OWN, SHIPPED, Origin, automation

# Jobs that deliver messages of people: those that they wrote for later, and e-mails that came in.
DELIVERIES = (
    'mail.ir_cron_mail_gateway_action',
    'mail.ir_cron_post_scheduled_message',
    'mail.ir_cron_send_scheduled_message',
)


class IrActionsServer(models.Model):
    _inherit = 'ir.actions.server'

    def run(self):
        """No person wrote a message that a server action, an automation rule or a job sends."""
        with automation(self._dsgvo_whose()):
            return super(IrActionsServer, self.with_context(**{
                KEY: Origin(by_hand=False)})).run()

    @api.model
    def _dsgvo_deliveries(self):
        """Return the ids of the actions that deliver what people wrote."""
        xmlid_to_res_id = self.env['ir.model.data']._xmlid_to_res_id
        return {xmlid_to_res_id(f'{xmlid}_ir_actions_server') for xmlid in DELIVERIES}

    def _dsgvo_whose(self):
        """Return whose automation these actions are; '' if they only deliver."""
        if set(self.ids) <= self._dsgvo_deliveries():
            return ''
        is_shipped = self.env['dsgvo.message.rule']._is_shipped
        return SHIPPED if all(is_shipped(self._name, action.id) for action in self) else OWN
