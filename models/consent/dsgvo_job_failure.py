from odoo import models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class DsgvoJobFailure(models.Model):
    _inherit = 'dsgvo.job.failure'

    def _after_new(self, company):
        """Tell the officers of the company, or all of them, once for what is new."""
        result = super()._after_new(company)
        company._dsgvo_remind_officers(
            _lt("DSGVO: jobs have left something out"), self._describe,
            'dsgvo.dsgvo_job_failure_action')
        return result

    def _describe(self, company):
        return company.env._(
            "%(count)s records were left out by the jobs, all others were done. The list Left "
            "Out by Jobs says which and why. Most are tried again automatically: if one stays, "
            "tell your Odoo administrator.",
            count=self.search_count([('company_id', 'in', (False, company.id))]))
