from odoo import api, fields, models


class BaseModuleUninstall(models.TransientModel):
    """Says what becomes of evidence and customers before the addon is uninstalled."""
    _inherit = 'base.module.uninstall'

    dsgvo_warning = fields.Text(compute='_compute_dsgvo_warning')

    @api.depends('module_ids')
    def _compute_dsgvo_warning(self):
        for wizard in self:
            goes = 'dsgvo' in wizard._get_modules().mapped('name')
            wizard.dsgvo_warning = goes and self._get_dsgvo_warning()

    def _get_dsgvo_warning(self):
        # sudo: dsgvo.consent.event, dsgvo.erasure - numbers, for the administrator
        counts = dict(self.env['dsgvo.erasure'].sudo()._read_group([], ['state'], ['__count']))
        return "\n".join([
            self.env._(
                "The addon DSGVO goes with all its rules: from then on nobody is asked for a"
                " consent, no message is held back, nobody is erased."),
            self.env._(
                "%(count)s decisions are written to a CSV file, with their wordings, and their"
                " signatures and scans to files, among the attachments (developer mode, Settings,"
                " Technical, Attachments). Keep them: they are the proof of the consents.",
                # sudo: dsgvo.consent.event - only a number, of all companies
                count=self.env['dsgvo.consent.event'].sudo().search_count([])),
            self.env._(
                "%(count)s restricted customers, kept for invoices only, become archived contacts:"
                " everybody finds and restores them. %(waiting)s customers who are due or blocked"
                " are not erased. A second CSV file names them all; erase them by hand.",
                count=counts.get('restricted', 0),
                waiting=counts.get('due', 0) + counts.get('blocked', 0)),
            self.env._(
                "The list of erasures outside the database and the key of the hashes go, too. A"
                " customer who was erased or objected is not recognised any more, and a restored"
                " backup brings erased customers back."),
        ])
