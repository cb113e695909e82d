from odoo import api, models


class MailingContact(models.Model):
    _inherit = 'mailing.contact'

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        if not domain and limit == 1 and self.env.context.get('dsgvo_test_mailing'):
            domain = self._dsgvo_marketing_domain('mail')
        return super()._search(domain, offset, limit, order, **kwargs)
