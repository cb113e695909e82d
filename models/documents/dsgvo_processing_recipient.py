from odoo import api, fields, models

from ..map.recipient_kinds import RECIPIENT_KINDS

EEA_BESIDES_EU = {'IS', 'LI', 'NO'}


class DsgvoProcessingRecipient(models.Model):
    """Who gets data from the shop: a firm, or a kind of firms (Art. 30 (1) (d), 28 DSGVO)."""
    _name = 'dsgvo.processing.recipient'
    _description = "Recipient of Data"
    _order = 'name, id'

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [*RECIPIENT_KINDS, ('office', "Authority or public body"), ('other', "Other")],
        required=True, default='other')
    company_id = fields.Many2one(
        'res.company', help="Empty: of all companies of this database.")
    partner_id = fields.Many2one(
        'res.partner', "Contact", ondelete='restrict', index='btree_not_null')
    is_processor = fields.Boolean(
        "Processor", help="Works with the data on instruction of the shop only (Art. 28 DSGVO).")
    contract_on = fields.Date(
        "Contract Of", help="The day of the agreement under Art. 28 (3) DSGVO.")
    country_id = fields.Many2one('res.country', help="Where the data go.")
    safeguard = fields.Char(
        help="For countries outside the European Economic Area: adequacy decision, standard"
             " contractual clauses, … (Art. 44 to 49 DSGVO).")

    @api.constrains('partner_id')
    def _check_partner(self):
        # sudo: res.partner - refused whoever sets it
        self.partner_id.sudo()._dsgvo_check_office()

    def write(self, vals):
        """An activity that is complete needs its recipients, and safeguards for their countries."""
        companies = self.company_id | self.env.company
        result = super().write(vals)
        if vals.keys() & {'company_id', 'country_id', 'safeguard'}:
            for company in companies:
                self._get_activities().with_company(company)._check_complete()
        return result

    def unlink(self):
        """An activity that is complete needs its recipients."""
        activities = self._get_activities()
        result = super().unlink()
        activities._check_complete()
        return result

    def _get_activities(self):
        # sudo: dsgvo.processing.activity - also those of other companies
        return self.env['dsgvo.processing.activity'].sudo().with_context(
            active_test=False).search([('recipient_ids', 'in', self.ids)])

    def _get_abroad(self):
        """Return the recipients outside the European Economic Area."""
        return self.filtered(
            lambda recipient: recipient.country_id
            and recipient.country_id.code not in EEA_BESIDES_EU
            and 'EU' not in recipient.country_id.country_group_codes)

    def _get_rows(self):
        """Return the recipients as plain values for documents: a dict for each."""
        kinds = dict(self._fields['kind']._description_selection(self.env))
        return [{
            'name': recipient.partner_id.name or recipient.name, 'kind': kinds[recipient.kind],
            'is_processor': recipient.is_processor, 'contract_on': recipient.contract_on,
            'country': recipient.country_id.name or '', 'safeguard': recipient.safeguard or '',
        } for recipient in self]
