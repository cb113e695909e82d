from odoo import api, models
from odoo.tools import SQL

from .request_reader import RequestReader


class ResPartner(models.Model):
    """The customers whom tills may know: nobody who is restricted, emptied or a placeholder."""
    _inherit = 'res.partner'

    def write(self, vals):
        """Let the tills in use forget archived customers at once."""
        result = super().write(vals)
        if 'active' in vals and not vals['active']:
            self.env['pos.session']._dsgvo_forget_customers()
        return result

    def unlink(self):
        """Let the tills in use forget deleted customers at once."""
        result = super().unlink()
        if self:
            self.env['pos.session']._dsgvo_forget_customers()
        return result

    @api.model
    def _server_date_to_domain(self, domain):
        """Load all customers at an opening: the browser keeps none from before (customer_stores).

        They are a page of the list, not all of the shop.
        """
        return domain

    @api.model
    def read_for_till(self, config_id, ids):
        """Return the values that a till stores of contacts that it may know; called by the till."""
        config = self.env['pos.config']._dsgvo_get_till(config_id)
        return self._load_pos_data_read(
            self.browse(RequestReader(self.env).read_ids(ids)), config)

    @api.model
    def check_for_till(self, customers):
        """Compare the customers of a till with those of the server; called by the till.

        :param list customers: the badges that the till shows, in the form of `_dsgvo_read_badges`.
            A till that was opened before the update to 19.0.1.2.0 sends pairs of id and state of
            the consents
        :return: ids of customers `gone` (erased) or `archived`, and the badges that the till must
            show instead as `changed`. An older till gets pairs in `states` instead of `changed`
        :raise AccessError: if the user works at no till
        """
        self.env['pos.session'].check_access('read')
        # Odoo refuses companies that are not the user's only where they are asked for without sudo.
        self.env.companies.check_access('read')
        is_older, known = self._dsgvo_read_known(customers)
        # sudo: res.partner - archived ones and those of another company are not gone
        there = self.sudo().with_context(active_test=False).browse(known)._dsgvo_filter_customers()
        result = {
            'gone': list(known.keys() - set(there.ids)),
            'archived': there.filtered(lambda partner: not partner.active).ids,
        }
        # Nothing else is said of those whom the user may not know.
        badges = self.browse(there.ids)._filtered_access('read')._dsgvo_read_badges().values()
        if is_older:
            states = [(badge['id'], badge['consent_state']) for badge in badges]
            return result | {'states': [
                (partner_id, state) for partner_id, state in states if state != known[partner_id]]}
        # A till that was opened before an update knows less of a customer.
        changed = (
            {key: badge[key] for key in known[badge['id']] if key in badge} for badge in badges)
        return result | {'changed': [
            badge for badge in changed
            if any(value != known[badge['id']][key] for key, value in badge.items())]}

    @api.model
    def _dsgvo_read_known(self, customers):
        """Return whether a till is older than its server, and what it knows of whom, by id."""
        reader = RequestReader(self.env)
        customers = reader.read_list(customers)
        is_older = not all(isinstance(customer, dict) for customer in customers)
        if is_older:
            pairs = [reader.read_list(customer) for customer in customers]
            rows = [pair if len(pair) == 2 else reader.refuse() for pair in pairs]
        else:
            rows = [(customer.get('id'), customer) for customer in customers]
        known = {reader.read_id(customer_id): values for customer_id, values in rows}
        known.pop(False, None)
        return is_older, known

    def _dsgvo_after_decision(self, purpose, decision, allowed):
        result = super()._dsgvo_after_decision(purpose, decision, allowed)
        family = self._dsgvo_family()
        self.env['pos.session']._dsgvo_tell_of_decisions(family)
        if decision != 'expired':
            self.env['dsgvo.answer.link']._end(family)
        return result

    def _dsgvo_can_answer(self):
        """Return whether this customer can be asked: neither contact nor person is archived."""
        self.ensure_one()
        subject = self._dsgvo_subject()
        return bool(
            self.active and subject.active and subject._dsgvo_deciding()
            and self._dsgvo_filter_customers())

    def _dsgvo_filter_customers(self):
        """Return the contacts among these to whom a till may sell, in their order; one query."""
        found = {customer_id for customer_id, in self.env.execute_query(
            self._dsgvo_customers_query())} if self.ids else ()
        return self.browse(partner_id for partner_id in self._ids if partner_id in found)

    def _dsgvo_customers_query(self):
        """Return the query of the contacts among these to whom a till may sell, as `SQL`.

        It is the same for whoever sells, and archived ones may still buy.
        """
        return SQL("SELECT id FROM res_partner customer WHERE id = ANY(%s) AND %s",
                   self.ids, self._dsgvo_known_sql('customer'))
