from odoo import api, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Whom the tills may know and sell to: nobody who is restricted, emptied or a placeholder."""
    _inherit = 'res.partner'

    @api.model
    def _load_pos_data_read(self, records, config):
        return super()._load_pos_data_read(records._dsgvo_filter_customers(), config)

    @api.model
    def _server_date_to_domain(self, domain):
        """Load all customers at an opening: the browser keeps none from before (customer_stores).

        They are a page of the list, not all of the shop.
        """
        return domain

    @api.model
    def read_for_till(self, config_id, ids):
        """Return what a till stores of the contacts that it may know; called by the till."""
        config = self.env['pos.config'].browse(config_id)
        return self._load_pos_data_read(self.browse(ids), config)

    @api.model
    def check_for_till(self, customers):
        """Compare the customers of a till with those of the server; called by the till.

        :raise AccessError: for whoever works at no till
        :param list customers: pairs of id and the state of the consents that the till shows
        :return: ids of who is `gone` (erased) or `archived`, and the pairs that became different
            as `states`
        """
        self.env['pos.session'].check_access('read')
        known = dict(customers)
        # sudo: res.partner - archived ones and those of another company are not gone
        there = self.sudo().with_context(active_test=False).browse(known)._dsgvo_filter_customers()
        return {
            'gone': list(known.keys() - set(there.ids)),
            'archived': there.filtered(lambda partner: not partner.active).ids,
            'states': [
                (partner.id, partner.consent_state) for partner in there
                if partner.consent_state != known[partner.id]],
        }

    def _dsgvo_after_decision(self, purpose, decision, allowed):
        result = super()._dsgvo_after_decision(purpose, decision, allowed)
        self.env['pos.session']._dsgvo_tell_of_decisions(self._dsgvo_family())
        return result

    def _dsgvo_filter_customers(self):
        """Return those of these contacts that can be sold to, in their order; one query."""
        # sudo: res.company - only to leave them out
        placeholders = self.env['res.company'].sudo()._search(
            [('dsgvo_anonymous_partner_id', '!=', False)]).subselect('dsgvo_anonymous_partner_id')
        # sudo: res.partner - the same for whoever sells; archived ones may still buy
        Partner = self.env['res.partner'].sudo().with_context(active_test=False)
        found = Partner.search(
            Domain('id', 'in', self.ids) & Domain('dsgvo_restricted', '!=', True)
            & Domain('dsgvo_erased', '!=', True) & ~Domain('id', 'in', placeholders))
        return self.filtered(lambda partner, ids=set(found.ids): partner.id in ids)
