from odoo import models

from ...models.documents.document_parts import GAP, facts, table


class DsgvoDocument(models.Model):
    """Those with whom the shop signs something: processors and employees."""
    _inherit = 'dsgvo.document'

    def _list_parties(self):
        partner = self.partner_id
        return [*self._list_controller(), facts([
            (self.env._("Processor"), partner.name or ''),
            (self.env._("Address"), self._get_address(partner)),
            (self.env._("E-mail"), partner.email or ''),
        ])]

    def _list_party(self):
        return [facts([
            (self.env._("Name"), self.partner_id.name or ''),
            (self.env._("Address"), self._get_address(self.partner_id)),
        ])]

    def _list_processor_activities(self):
        """Return the activities in which the processor gets data, or a form without any."""
        activities = self.env['dsgvo.processing.activity']._get_of(self.company_id)
        firm = self.partner_id.commercial_partner_id
        own = activities.filtered(
            lambda activity: firm
            and firm in activity._get_recipients().partner_id.commercial_partner_id)
        if not own:
            return self._list_empty([
                self.env._("Nature and purpose"), self.env._("Kinds of data"),
                self.env._("Persons concerned")])
        return [table(
            [self.env._("Nature and purpose"), self.env._("Kinds of data"),
             self.env._("Persons concerned")],
            [[self._join(row['name'], row['purposes']),
              self._join(", ".join(data['kind'] for data in row['data']), row['other_data']),
              row['persons']] for row in own._get_rows()])]

    def _list_signatures(self):
        where = self.env._("Place, date, signature")
        return [facts([
            (self.env._("Controller"), f"{where}: {GAP}"),
            (self.env._("Processor"), f"{where}: {GAP}")])]

    def _list_signature(self):
        return self._list_empty([self.env._("Place, date"), self.env._("Signature")])

    def _list_empty_firms(self):
        head = [self.env._("Firm and address"), self.env._("Task"), self.env._("Country")]
        return [table(head, [[GAP] * len(head)] * 3)]

    def _list_empty_measures(self):
        return self._list_empty([
            self.env._("Confidentiality"), self.env._("Integrity"),
            self.env._("Availability and restoring"), self.env._("Regular review")])

    def _list_processors_without_contract(self):
        activities = self.env['dsgvo.processing.activity']._get_of(self.company_id)
        rows = activities._get_recipients().filtered('is_processor')._get_rows()
        return self._list_names([row['name'] for row in rows if not row['contract_on']])

    def _get_address(self, partner):
        return partner._display_address(without_company=True).strip() if partner else ''
