from odoo import models
from odoo.tools.misc import format_date

from ...models.consent.dsgvo_consent_event import PURPOSES
from ...models.documents.document_parts import (
    GAP,
    bullets,
    code,
    facts,
    heading,
    paragraph,
    table,
)


class DsgvoDocument(models.Model):
    """What the database says to customers: who answers, what for, how long, and their decisions.

    A method `_list_<data>` returns the parts that follow the text of a block, or None if there is
    nothing to say, so that the block is left out.
    """
    _inherit = 'dsgvo.document'

    def _list_controller(self):
        controller = self.company_id._dsgvo_get_controller()
        rows = [
            (self.env._("Company"), controller['name']),
            (self.env._("Address"), controller['address']),
            (self.env._("Telephone"), controller['phone']),
            (self.env._("E-mail"), controller['mail']),
        ]
        if controller['representative']:
            rows.append((self.env._("Representative in the Union"), controller['representative']))
        sharing = self.company_id._dsgvo_describe_sharing()
        if self.kind == 'register' and sharing:
            rows.append((self.env._("Jointly with"), self.env._(
                "%(companies)s: consents", companies=sharing)))
        return [facts(rows)]

    def _list_officer(self):
        controller = self.company_id._dsgvo_get_controller()
        return [paragraph(controller['officer'] or self.env._(
            "%(company)s itself; no officer had to be named.", company=controller['name']))]

    def _list_notice_officer(self):
        officer = self.company_id._dsgvo_get_controller()['officer']
        return [paragraph(self.env._(
            "Data protection officer: %(officer)s", officer=officer))] if officer else []

    def _list_authority(self):
        controller = self.company_id._dsgvo_get_controller()
        rows = [(self.env._("Authority"), controller['authority'])]
        if controller['authority_seat']:
            rows.append((self.env._("Address"), controller['authority_seat']))
        if controller['authority_website']:
            rows.append((self.env._("Website"), controller['authority_website']))
        return [facts(rows)]

    def _list_joint_controllers(self):
        rows = [(one.name, one.joint_controllers) for one in self._get_activities()
                if one.joint_controllers]
        if sharing := self.company_id._dsgvo_describe_sharing():
            rows.insert(0, (self.env._("Consents"), sharing))
        return [facts(rows)] if rows else None

    def _list_own_decisions(self):
        if not self.partner_id:
            return None
        person = self.partner_id._dsgvo_subject()
        labels = dict(person._fields['consent_storage']._description_selection(self.env))
        purposes = dict(self.env['dsgvo.consent.event']._fields['purpose']._description_selection(
            self.env))
        unknown = self.env._("not asked yet")
        rows = [(self.env._("Name"), person.name)] + [
            (purposes[purpose], labels.get(person[f'consent_{purpose}'], unknown))
            for purpose, _label in PURPOSES]
        if person.consent_date:
            rows.append((self.env._("Noted on"), format_date(self.env, person.consent_date)))
        return [facts(rows)]

    def _list_customer_activities(self):
        parts = []
        for row in self._get_activities()._get_rows():
            parts += [heading(row['name'], level=3), facts([
                (self.env._("What for"), row['purposes']),
                (self.env._("Legal basis"), self._join(
                    row['legal_basis'], row['legitimate_interest'])),
                (self.env._("Which data"), self._join(
                    ", ".join(data['kind'] for data in row['data']), row['other_data'])),
                (self.env._("Who gets them"), self._name_recipients(row)),
                (self.env._("How long"), row['period']),
            ])]
        return parts

    def _list_customer_recipients(self):
        activities = self._get_activities()
        recipients = activities._get_recipients()._get_rows()
        if not recipients:
            is_known = all(activities.mapped('is_internal'))
            return [paragraph(self.env._("Nobody outside the shop") if is_known else GAP)]
        return [table(
            [self.env._("Who"), self.env._("What for")],
            [[row['name'], row['kind']] for row in recipients])]

    def _list_third_countries(self):
        activities = self._get_activities()
        abroad = [row for row in activities._get_rows() if row['is_abroad']]
        if not abroad:
            is_known = all(activities.mapped('third_country'))
            return [paragraph(self.env._("No data go there.") if is_known else GAP)]
        return [table(
            [self.env._("Activity"), self.env._("Countries"), self.env._("Safeguard")],
            [[row['name'], ", ".join(row['third_countries']) or GAP, self._name_safeguards(row)]
             for row in abroad])]

    def _list_retentions(self):
        retentions = self.env['dsgvo.retention'].search([('is_on', '=', True)])
        rows = retentions._get_rows() + self._get_rules()._get_rows_without_class()
        return [table(
            [self.env._("Data"), self.env._("Legal basis"), self.env._("Period")],
            [[row['name'], row['basis'], row['period']] for row in rows])]

    def _list_page_code(self):
        address = self._get_page_address()
        return [code(address, address)]

    def _name_recipients(self, row):
        if row['is_internal'] and not row['recipients']:
            return self.env._("Nobody outside the shop")
        return ", ".join(recipient['name'] for recipient in row['recipients'])

    def _name_safeguards(self, row):
        return self._join(row['safeguard'], '' if row['is_guarded'] else GAP)

    def _join(self, *texts):
        return "\n".join(filter(None, texts))

    def _list_empty(self, labels):
        """Return a table to be filled in by hand."""
        return [facts([(label, '') for label in labels])]

    def _list_names(self, names):
        return [bullets(names) if names else paragraph(self.env._("None"))]
