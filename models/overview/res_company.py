from odoo import api, fields, models


class ResCompany(models.Model):
    """Whether a company wants its monthly report by e-mail."""
    _inherit = 'res.company'

    dsgvo_report_by_mail = fields.Boolean(
        "Monthly Report by E-Mail",
        help="In the first night of a month, the privacy officers of the company get the report of"
             " the month before. It names no customer.", prefetch='dsgvo')
    dsgvo_report_month = fields.Date(
        "Last Month Reported", readonly=True, copy=False,
        help="The first day of the last month whose report was sent by e-mail.", prefetch='dsgvo')

    @api.model
    def _dsgvo_get_settings(self):
        return super()._dsgvo_get_settings() | {'dsgvo_report_by_mail'}
