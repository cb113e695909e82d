from odoo import api, models

# More than this many ids (an import) are not worth a message.
MANY = 500


class PosSession(models.Model):
    _inherit = 'pos.session'

    def _validate_session(self, *args, **kwargs):
        """Look again at the customers who had to stay until their session was closed."""
        result = super()._validate_session(*args, **kwargs)
        self.env['dsgvo.erasure']._trigger_cron()
        return result

    @api.model
    def _dsgvo_forget_customers(self):
        """Tell the tills in use to ask which of their customers are gone; says nobody's name."""
        self._dsgvo_notify('DSGVO_FORGET', {})

    @api.model
    def _dsgvo_tell_of_decisions(self, partners):
        """Tell the tills in use whose badges changed; says nobody's name, nor what was decided."""
        if len(partners) > MANY:
            self._dsgvo_forget_customers()  # compares all badges as well
        else:
            self._dsgvo_notify('DSGVO_DECISION', {'ids': partners.ids})

    @api.model
    def _dsgvo_notify(self, name, message):
        # sudo: pos.session, pos.config - messages without a person to the tills
        for config in self.sudo().search([('state', '!=', 'closed')]).config_id:
            config._notify(name, message)
