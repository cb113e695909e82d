import logging

from odoo import api, models

from ..jobs.isolation import attempt, describe

_logger = logging.getLogger(__name__)
# More than this many ids (an import) are not worth a message.
MANY = 500


class PosSession(models.Model):
    _inherit = 'pos.session'

    def _validate_session(self, *args, **kwargs):
        """Look again at the customers who had to stay until their session was closed."""
        result = super()._validate_session(*args, **kwargs)
        # The job runs every few minutes anyway: a session is closed, whatever is wrong with this.
        if error := attempt(self.env, self.env['dsgvo.erasure']._trigger_cron):
            _logger.error("No look at who waited for a session: %s", describe(error))
        return result

    @api.model
    def _load_pos_data_models(self, config):
        return [*super()._load_pos_data_models(config), 'dsgvo.wording']

    @api.model
    def _dsgvo_forget_customers(self):
        """Tell the tills in use to ask which of their customers are gone, without any name.

        Each till is told once for each flush of the cursor (at a commit or savepoint), however many
        customers go. If a savepoint is undone, so is its message.
        """
        precommit, key = self.env.cr.precommit, 'dsgvo.forget'
        if key not in precommit.data:
            precommit.data[key] = True
            precommit.add(lambda: self._dsgvo_notify('DSGVO_FORGET', {}))

    @api.model
    def _dsgvo_tell_of_decisions(self, partners):
        """Tell the tills in use which badges changed, without any name or decision."""
        if len(partners) > MANY:
            self._dsgvo_forget_customers()  # compares all badges as well
        else:
            self._dsgvo_notify('DSGVO_DECISION', {'ids': partners.ids})

    @api.model
    def _dsgvo_notify(self, name, message):
        # sudo: pos.session, pos.config - messages without a person to the tills
        for config in self.sudo().search([('state', '!=', 'closed')]).config_id:
            # A till asks again every hour, so an error here undoes nothing.
            if error := attempt(self.env, config._notify, name, message):
                _logger.error("Till %s is not told: %s", config.id, describe(error))
