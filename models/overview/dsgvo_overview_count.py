from odoo import api, fields, models


class DsgvoOverviewCount(models.Model):
    """The numbers of a company as the job has counted them at night, where counting takes long."""
    _name = 'dsgvo.overview.count'
    _description = "Numbers of the Overview"
    _rec_name = 'company_id'

    company_id = fields.Many2one('res.company', required=True, readonly=True, ondelete='cascade')
    counted_on = fields.Datetime(required=True, readonly=True)
    numbers = fields.Json(readonly=True)

    _once = models.UniqueIndex('(company_id)', "The numbers of each company are there once.")

    @api.model
    def _store(self, company):
        """Count a company now and keep the numbers."""
        Overview = self.env['dsgvo.overview']
        values = {
            'counted_on': fields.Datetime.now(),
            'numbers': Overview._count(company, *Overview._get_period(company))}
        if known := self.search([('company_id', '=', company.id)]):
            known.write(values)
        else:
            self.create(values | {'company_id': company.id})

    @api.model
    def _cron_count(self):
        """Count each company in a transaction of its own, if nobody is to wait for it by day."""
        companies = self.env['res.company'].search([('id', '!=', False)])
        commit_progress = self.env['ir.cron']._commit_progress
        if not self.env['dsgvo.overview']._is_large():
            return
        commit_progress(remaining=len(companies))
        for company in companies:
            self.env['dsgvo.job.failure']._run(
                'count', company.with_company(company), self._store)
            if not commit_progress(1):
                break


class DsgvoOverview(models.AbstractModel):
    """Where the numbers of several companies come from."""
    _inherit = 'dsgvo.overview'

    @api.model
    def _get_counts(self, companies, anew):
        """Return the counts of all these companies in one, and when they were counted.

        Where counting takes long, what the job has counted is taken, unless `anew` or there is
        nothing.
        """
        Count, stored = self.env['dsgvo.overview.count'], {}
        if self._is_large():
            for company in companies:
                if anew or not Count.search_count([('company_id', '=', company.id)]):
                    Count._store(company)
            stored = Count.search([('company_id', 'in', companies.ids)]).grouped('company_id')
        counted = {
            company: stored[company].numbers if stored else self._count(
                company, *self._get_period(company))
            for company in companies}
        counted_on = [count.counted_on for count in stored.values()] or [fields.Datetime.now()]
        counts = self._add_up(counted)
        if len(companies) > 1:
            # Who is a customer of two of them is one person: the tile counts its list.
            counts.pop('expiring', None)
        return counts, min(counted_on)
