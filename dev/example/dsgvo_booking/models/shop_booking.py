from odoo import api, fields, models
from odoo.fields import Domain


class ShopBooking(models.Model):
    """Seats at a reading that a customer booked: an order with a message type."""
    _name = 'shop.booking'
    _inherit = ['dsgvo.order.mixin', 'mail.thread']
    _description = "Booking"
    _rec_name = 'reading'

    reading = fields.Char(required=True)
    date = fields.Date(required=True)
    partner_id = fields.Many2one('res.partner', "Customer", required=True, index=True)
    venue_id = fields.Many2one(
        'res.partner', index=True, help="Where the reading is; the venue gets a list of guests.")
    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company)
    note = fields.Text()
    state = fields.Selection(
        [('draft', "Draft"), ('confirmed', "Confirmed"), ('cancelled', "Cancelled")],
        required=True, default='draft', copy=False)

    def action_remind(self):
        """Remind the customers by e-mail; nothing leaves for customers who did not agree."""
        self.env.ref('dsgvo_booking.mail_template_reminder').send_mail_batch(self.ids)

    @api.model
    def _dsgvo_open_domain(self):
        return Domain('state', '!=', 'cancelled') & Domain('date', '>=', 'today')
