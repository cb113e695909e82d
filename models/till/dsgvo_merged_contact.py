from odoo import api, fields, models


class DsgvoMergedContact(models.Model):
    """Which contact took the place of one that was merged: offline tills still sell to that one.

    Goes with the contact that remains, so that nothing leads to somebody who was erased.
    """
    _name = 'dsgvo.merged.contact'
    _description = "Merged Contact"
    _rec_name = 'partner_id'

    merged_id = fields.Integer(
        "Former Number of the Contact", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        'res.partner', "Merged Into", required=True, readonly=True, index=True, ondelete='cascade')

    @api.model
    def _get_successors(self, partner_ids, company):
        """Return `{id: id of the contact in its place}` of the contacts to whom a company may sell.

        Another merge of that contact has moved the link on, as Odoo moves every link.
        """
        # sudo: dsgvo.merged.contact - who is meant is the same for whoever sells
        notes = self.sudo().search_read(
            [('merged_id', 'in', list(partner_ids))], ['merged_id', 'partner_id'], load=None)
        successors = {note['merged_id']: note['partner_id'] for note in notes}
        # sudo: res.partner - the contact may be one of another company
        contacts = self.env['res.partner'].sudo().browse(successors.values())
        known = contacts._dsgvo_filter_customers().filtered_domain(
            company._dsgvo_get_shared_domain()).ids
        return {
            merged_id: partner_id for merged_id, partner_id in successors.items()
            if partner_id in known}
