from odoo import models


class DsgvoJobFailure(models.Model):
    _inherit = 'dsgvo.job.failure'

    def _after_new(self, company):
        """Tell the officers of the company, or all of them, once for what is new."""
        result = super()._after_new(company)
        Erasure = self.env['dsgvo.erasure']
        if company:
            Erasure._remind(company, self._describe)
        else:
            Erasure._remind_everybody(self._describe)
        return result

    def _describe(self, company):
        count = self.search_count([('company_id', 'in', (False, company.id))])
        return company.env._("DSGVO: jobs have left something out"), company.env._(
            "%(count)s records were left out by the jobs, all others were done. The list Left "
            "Out by Jobs says which and why. Most are tried again automatically: if one stays, "
            "tell your Odoo administrator.", count=count)
