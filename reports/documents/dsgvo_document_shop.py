from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ...models.documents.document_parts import GAP, facts, heading, paragraph, table
from ...models.erasure.res_company import GRACE_FIELDS

# How DIN 66398 groups what starts a period, and what of ours belongs there.
STARTS_OF_RETENTION = {'year_end': 'business', 'day': 'collection', 'withdrawal': 'relation'}
STARTS_OF_PERIODS = {
    'inactive': 'relation', 'quotation': 'collection', 'cart': 'collection', 'sold': 'business'}


class DsgvoDocument(models.Model):
    """What the shop shows of its own work: register, erasure, measures and till."""
    _inherit = 'dsgvo.document'

    # === REGISTER === #

    def _list_activities(self):
        return self._describe_activities(self._get_activities()._get_rows())

    def _list_client_activities(self):
        activities = self.env['dsgvo.processing.activity']._get_of(self.company_id, 'processor')
        if not activities:
            return None
        parts = []
        for row in activities._get_rows():
            parts += [heading(row['name'], level=3), facts([
                (self.env._("On behalf of"), row['clients']),
                (self.env._("Purposes"), row['purposes']),
                (self.env._("Third countries"), self._name_countries(row)),
                (self.env._("Measures"), row['measures']),
                (self.env._("Responsible"), row['responsible']),
            ])]
        return parts

    def _list_example_controller(self):
        return [facts([
            (self.env._("Company"), self.env._("Paper Boat Bookshop, owner Maria Example")),
            (self.env._("Address"), self.env._("1 Reading Lane, 12345 Exampletown")),
            (self.env._("Telephone"), "030 000000"),
            (self.env._("E-mail"), "maria@example.com"),
        ])]

    def _list_example_activities(self):
        """Return the activities that this addon ships, also archived ones, as if completed."""
        own = self.env['dsgvo.processing.activity'].with_context(active_test=False)._get_of(
            self.company_id)
        activities = own & self._get_shipped('dsgvo.processing.activity')
        recipients = self._get_shipped('dsgvo.processing.recipient')
        return self._describe_activities([
            row | {
                'responsible': self.env._("Maria Example"), 'third_country': self.env._("No"),
                'is_abroad': False, 'is_internal': True, 'review_on': False,
                'joint_controllers': '',
                'recipients': [
                    {'name': one.name} for one in activity._get_recipients() & recipients]}
            for activity, row in zip(activities, activities._get_rows(), strict=True)])

    def _get_shipped(self, model):
        data = self.env['ir.model.data'].search([('module', '=', 'dsgvo'), ('model', '=', model)])
        return self.env[model].browse(data.mapped('res_id')).exists()

    def _describe_activities(self, rows):
        parts = []
        for row in rows:
            parts += [heading(row['name'], level=3), facts(self._describe_activity(row))]
        return parts

    def _describe_activity(self, row):
        facts_of_activity = [
            (self.env._("Purposes"), row['purposes']),
            (self.env._("Legal basis"), self._join(row['legal_basis'], row['legitimate_interest'])),
            (self.env._("Persons concerned"), row['persons']),
            (self.env._("Kinds of data"), self._join(*(
                self.env._("%(kind)s: %(places)s", kind=data['kind'], places=data['places'])
                for data in row['data']), row['other_data'])),
            (self.env._("Recipients"), self._name_recipients(row)),
            (self.env._("Third countries"), self._name_countries(row)),
            (self.env._("Erased"), row['period']),
            (self.env._("Measures"), row['measures']),
            (self.env._("Impact assessment"), self._join(row['dpia'], row['dpia_reason'])),
            (self.env._("Responsible"), row['responsible']),
        ]
        if row['joint_controllers']:
            facts_of_activity.append((self.env._("Jointly with"), row['joint_controllers']))
        if row['review_on']:
            facts_of_activity.append(
                (self.env._("Next review"), format_date(self.env, row['review_on'])))
        return facts_of_activity

    def _name_countries(self, row):
        if row['is_abroad']:
            return self._join(", ".join(row['third_countries']) or GAP, self._name_safeguards(row))
        return row['third_country']

    # === ERASURE === #

    def _list_kinds_of_data(self):
        kinds = self.env['dsgvo.data.rule']._get_kinds_of_data().values()
        return [table(
            [self.env._("Kind of data"), self.env._("Where"), self.env._("Period")],
            [[kind.label, ", ".join(kind.models), "\n".join(kind.periods)] for kind in kinds])]

    def _list_matrix(self):
        """Return the classes of DIN 66398: a row for each period, a column for each start."""
        starts = {
            'collection': self.env._("From collection"),
            'business': self.env._("From the end of a business"),
            'relation': self.env._("From the end of the relation")}
        cells = defaultdict(lambda: defaultdict(list))
        for retention in self.env['dsgvo.retention'].search([('is_on', '=', True)]):
            start = STARTS_OF_RETENTION[retention.start]
            cells[retention.period][start].append(retention.name)
        for row in self._get_rules()._get_rows_without_class():
            cells[row['period']]['business'].append(row['name'])
        for period in self._get_erasure_periods():
            start = STARTS_OF_PERIODS[period.kind]
            cells[period._describe_duration()][start].append(period.display_name)
        cells[self.env._("at once")]['relation'].append(self.env._("All other data"))
        return [table(
            [self.env._("Period"), *starts.values()],
            [[period, *("\n".join(row[start]) for start in starts)]
             for period, row in cells.items()])]

    def _list_erasure_periods(self):
        switch = {True: self.env._("Yes"), False: self.env._("No")}
        graces = self.company_id.fields_get(sorted(GRACE_FIELDS), ['string'])
        return [
            table(
                [self.env._("Who"), self.env._("After"), self.env._("Switched on")],
                [[period.display_name, period._describe_duration(), switch[period.is_on]]
                 for period in self._get_erasure_periods()]),
            paragraph(self.env._("Grace times, in which a mistake can be taken back:")),
            facts([(field['string'], str(self.company_id[name]))
                   for name, field in graces.items()]),
        ]

    def _get_erasure_periods(self):
        return self.env['dsgvo.erasure.period'].search(
            Domain('company_id', '=', self.company_id.id))

    def _list_treatments(self):
        return [self._describe_treatments(self._get_rules())]

    def _list_till_treatments(self):
        return [self._describe_treatments(
            self._get_rules().filtered(lambda rule: rule.model.startswith('pos.')))]

    def _get_rules(self):
        rules = self.env['dsgvo.data.rule']._get_all()._awake()
        return rules.filtered(lambda rule: rule.erase != 'keep' and rule.model in self.env)

    def _describe_treatments(self, rules):
        options = {name: dict(rules._fields[name]._description_selection(self.env))
                   for name in ('category', 'erase')}
        return table(
            [self.env._("Kind of data"), self.env._("What happens"), self.env._("Where")],
            sorted(
                [options['category'][category], options['erase'][erase],
                 ", ".join(sorted(set(rules._name_kinds(some.mapped('model')).values())))]
                for (category, erase), some in rules.grouped(
                    lambda rule: (rule.category, rule.erase)).items()))

    def _list_backups(self):
        retention = self._get_retention_of_backups()
        return [facts([(one.name, one.period) for one in retention])] if retention else []

    # === MEASURES AND TILL === #

    def _list_measures_here(self):
        officers = self.company_id._dsgvo_get_officers()
        periods = self._get_erasure_periods().filtered('is_on')
        return [facts([
            self._is_erased_after_sale(),
            (self.env._("Periods for customers that are switched on"),
             ", ".join(periods.mapped('display_name')) or self.env._("None")),
            (self.env._("Privacy officers in Odoo"), str(len(officers))),
        ]), *self._list_backups()]

    def _get_storage_values(self):
        """Return what `{names}` in texts stand for that depends on the erasure after the sale."""
        if self.company_id.dsgvo_erase_after_sale:
            return {
                'agreement': self.env._(
                    "Only if you agree, we keep your data after the sale, tell you when your order"
                    " is here, and send you invitations."),
                'storage': self.env._(
                    "Until your order is done, or until you withdraw your consent."),
                'replacement': self.env._(
                    "A customer without consent to storage is replaced by the anonymous customer"
                    " after the special order was sold, and later on request, after a withdrawal"
                    " or a period."),
            }
        return {
            'agreement': self.env._(
                "Only if you agree, we tell you when your order is here, and send you"
                " invitations."),
            'storage': self.env._(
                "Until you ask us to erase them, or until you withdraw your consent."),
            'replacement': self.env._(
                "A customer is replaced by the anonymous customer on request, after a withdrawal"
                " or a period."),
        }

    def _is_erased_after_sale(self):
        is_on = self.company_id.dsgvo_erase_after_sale
        return (self.env._("Customers without consent are erased after the sale"),
                self.env._("Yes") if is_on else self.env._("No"))

    def _list_till(self):
        tills = self.env['pos.config'].search([('company_id', '=', self.company_id.id)])
        return [facts([
            (self.env._("Company"), self.company_id.name),
            (self.env._("Tills"), ", ".join(tills.mapped('name')) or self.env._("None")),
            self._is_erased_after_sale(),
        ])]
