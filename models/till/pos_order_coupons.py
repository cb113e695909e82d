from odoo import models

from .request_reader import RequestReader


class PosOrder(models.Model):
    """Loyalty cards of customers who are gone, if `pos_loyalty` is installed.

    Odoo loads this addon after it (it needs more addons), so `super()` is the method of there.
    """
    _inherit = 'pos.order'

    def confirm_coupon_programs(self, coupon_data):
        """Give no card to a contact that may buy nothing any more; the card has its code."""
        reader, default_id = RequestReader(self.env), self.partner_id.id
        partner_ids = {
            key: reader.read_id(reader.read_dict(coupon).get('partner_id', default_id))
            for key, coupon in reader.read_dict(coupon_data).items()}
        partners = self.env['res.partner'].browse({*partner_ids.values()} - {False})
        owners = {partner.id: partner.id for partner in partners._dsgvo_filter_customers()}
        if gone := partners.filtered(lambda partner: partner.id not in owners):
            owners |= self.env['dsgvo.merged.contact']._get_successors(gone.ids, self.company_id)
        return super().confirm_coupon_programs({
            key: coupon | {'partner_id': owners.get(partner_ids[key], False)}
            for key, coupon in coupon_data.items()})
