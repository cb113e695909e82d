from odoo import models


class MailingMailing(models.Model):
    _inherit = 'mailing.mailing'

    def _get_recipients_domain(self):
        """Leave out everybody who did not consent to marketing; decided in SQL.

        Also counted by the form and by A/B tests. Odoo's exclusion lists stay in force besides.
        """
        return super()._get_recipients_domain() & self._dsgvo_marketing_domain_of_recipients()

    def _dsgvo_marketing_domain_of_recipients(self):
        self.ensure_one()
        return self.env[self.mailing_model_real]._dsgvo_marketing_domain(self.mailing_type)
