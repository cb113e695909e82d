from odoo import models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
LEFT_OUT = _lt("DSGVO: jobs have left something out")


class DsgvoJobFailure(models.Model):
    _inherit = 'dsgvo.job.failure'

    def _after_new(self, company):
        """Tell the officers of the company, or all of them, once about new failures."""
        result = super()._after_new(company)
        company._dsgvo_remind_officers(
            LEFT_OUT, self._describe,
            'dsgvo.dsgvo_job_failure_action')
        return result

    def unlink(self):
        """Take the reminders away at the companies where the last one goes."""
        result = super().unlink()
        # sudo: dsgvo.job.failure - at which companies one is left
        left = {company for company, in self.sudo()._read_group([], ['company_id'])}
        if (companies := self.env['res.company']) not in left:  # none of the whole database
            companies._dsgvo_settle_elsewhere(LEFT_OUT, companies.union(*left))
        return result

    def _describe(self, company):
        return company.env._(
            "Records that the jobs left out: %(count)s. All others were done. The list Left "
            "Out by Jobs says which and why. Most are tried again automatically: if one stays, "
            "tell your Odoo administrator.",
            count=self.search_count([('company_id', 'in', (False, company.id))]))
