import re

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ..consent.res_company import is_blank

_lt = LazyTranslate(__name__)
REVIEW = _lt("DSGVO: review of the register")
# Fields that Art. 30 DSGVO demands always, of controllers (1), and of processors (2).
MANDATORY = ('purposes', 'responsible_id', 'review_on', 'third_country')
MANDATORY_BY_ROLE = {
    'controller': ('legal_basis', 'persons', 'period', 'dpia', 'dpia_reason'),
    'processor': ('clients',),
}
INTERESTS = re.compile(r'\(f\)|\b(?:lit|Buchst)\.? ?(?:[a-z], ?)*f\b')  # of Art. 6 (1) DSGVO


class DsgvoProcessingActivity(models.Model):
    """One activity of the register: what the shop does with data of persons (Art. 30 DSGVO).

    Kinds of data and periods are read from the map when somebody looks, so the register agrees with
    the erasure.
    """
    _name = 'dsgvo.processing.activity'
    _description = "Processing Activity"
    _order = 'sequence, id'

    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    name = fields.Char("Activity", required=True, translate=True)
    company_id = fields.Many2one(
        'res.company', help="Empty: of all companies of this database.")
    state = fields.Selection(
        [('draft', "Draft"), ('complete', "Complete")], required=True, default='draft', copy=False)
    role = fields.Selection(
        [('controller', "For the shop itself"), ('processor', "On behalf of others")],
        required=True, default='controller',
        help="Who works with data on behalf of others keeps a register of that, too (Art. 30 (2)"
             " DSGVO).")
    clients = fields.Text(
        "On Behalf Of", help="Names and contacts of those for whom the shop works with the data.")
    joint_controllers = fields.Text(
        help="Names and contacts of who decides together with the shop (Art. 26 DSGVO).")
    responsible_id = fields.Many2one('res.users', ondelete='restrict')

    purposes = fields.Text(translate=True)
    legal_basis = fields.Char(translate=True)
    legitimate_interest = fields.Text(
        translate=True, help="Which one, if the basis is Art. 6 (1) (f) DSGVO.")
    persons = fields.Char("Whose Data", translate=True)
    is_about_customers = fields.Boolean(
        "In the Customer Information", copy=False,
        help="Customers read of it in the customer information (Art. 13, 14 DSGVO). Its public page"
             " names the activity at once, also as a draft.")
    data_ids = fields.One2many(
        'dsgvo.processing.data', 'activity_id', "Kinds of Data", copy=True)
    other_data = fields.Text(
        translate=True, help="Data that do not lie in this database, such as paper or pictures.")
    recipient_ids = fields.Many2many('dsgvo.processing.recipient', string="Recipients")
    is_internal = fields.Boolean("No Recipients", help="Nobody outside the shop gets the data.")
    third_country = fields.Selection(
        [('no', "No"), ('yes', "Yes")], "Data Go to Third Countries",
        help="To countries outside the European Economic Area.")
    third_country_ids = fields.Many2many('res.country', string="Third Countries")
    is_abroad = fields.Boolean("Data Leave Europe", compute='_compute_is_abroad')
    safeguard = fields.Text(
        help="Adequacy decision, standard contractual clauses, … (Art. 44 to 49 DSGVO), and where"
             " to get a copy.")
    retention_ids = fields.Many2many(
        'dsgvo.retention', string="Further Periods",
        help="Besides those of the kinds of data.")
    erased_when = fields.Text(
        "Erased", translate=True, help="The event that ends the storage of these data.")
    period = fields.Text("Periods", compute='_compute_period')
    measures = fields.Text(
        translate=True, help="Technical and organisational measures (Art. 32 DSGVO) in general.")
    dpia = fields.Selection(
        [('no', "Not needed"), ('yes', "Needed")], "Impact Assessment", help="Art. 35 DSGVO.")
    dpia_reason = fields.Text("Reason of the Assessment", translate=True)
    reviewed_on = fields.Date("Last Review", readonly=True, copy=False)
    review_on = fields.Date("Next Review", copy=False)
    missing = fields.Text(compute='_compute_missing')

    @api.depends_context('lang')
    @api.depends('data_ids.period', 'retention_ids.period', 'retention_ids.is_on', 'erased_when')
    def _compute_period(self):
        for activity in self:
            sentences = list(dict.fromkeys(
                line for data in activity.data_ids for line in (data.period or '').splitlines()))
            sentences += [
                self.env._("%(documents)s: %(period)s", documents=one.name, period=one.period)
                for one in activity.retention_ids.filtered('is_on')
                if not any(line.startswith(f"{one.name}:") for line in sentences)]
            # Last what is left: it says nothing beside what the law keeps.
            rest = self.env['dsgvo.data.rule']._describe_rest()
            found = [line for line in rest if line in sentences]
            sentences = [line for line in sentences if line not in rest]
            if found:
                sentences.append(rest[bool(sentences)])
            activity.period = "\n".join(filter(None, [*sentences, activity.erased_when]))

    @api.depends_context('company')
    @api.depends('third_country', 'recipient_ids.country_id')
    def _compute_is_abroad(self):
        for activity in self:
            activity.is_abroad = activity._describe_third_countries()['is_abroad']

    @api.depends_context('lang')
    @api.depends(lambda self: self._get_fields_that_count())
    def _compute_missing(self):
        for activity in self:
            activity.missing = ", ".join(activity._find_missing())

    @api.constrains(lambda self: ('state', *self._get_fields_that_count()))
    def _check_complete(self):
        """Whoever reads the register finds nothing missing, in whichever language."""
        langs = [code for code, _name in self.env['res.lang'].get_installed()]
        for activity in self.filtered(lambda activity: activity.state == 'complete'):
            names = dict.fromkeys(name for code in langs for name in activity.with_context(
                lang=code)._find_missing_fields())
            if names:
                raise ValidationError(self.env._(
                    "%(activity)s is not complete. Art. 30 DSGVO also demands: %(missing)s. Enter"
                    " that, or set the activity back to draft.",
                    activity=activity.name, missing=", ".join(activity._get_labels(names))))

    def _update_field_translations(self, *args, **kwargs):
        """The screen writes translations past `write` and its checks."""
        result = super()._update_field_translations(*args, **kwargs)
        self._check_complete()
        return result

    # === ACTION METHODS === #

    def action_complete(self):
        """Say that nothing is missing, and that somebody looks again in a year."""
        self._review(self)
        self.state = 'complete'

    def action_draft(self):
        self.state = 'draft'

    def action_reviewed(self):
        """Note that the activities are still as the register says; the next look is in a year."""
        if drafts := self.filtered(lambda activity: activity.state == 'draft'):
            raise UserError(self.env._(
                "%(activity)s is a draft. Complete it first.", activity=drafts[0].name))
        self._review(self)

    def _review(self, activities):
        today = self.env.company._dsgvo_today()
        activities.write({'reviewed_on': today, 'review_on': today + relativedelta(years=1)})

    # === WHAT IS MISSING === #

    @api.model
    def _get_fields_that_count(self):
        """Return the stored fields on which it depends whether an activity is complete."""
        names = {*MANDATORY, *MANDATORY_BY_ROLE['controller'], *MANDATORY_BY_ROLE['processor']}
        return tuple(sorted(names - {'period'} | {
            'role', 'legitimate_interest', 'data_ids', 'other_data', 'recipient_ids', 'is_internal',
            'third_country_ids', 'safeguard', 'retention_ids', 'erased_when'}))

    def _find_missing(self, left_out=frozenset()):
        """Return the labels of what Art. 30 DSGVO demands of this activity and nobody entered.

        :param set left_out: names of fields that do not matter to the one who asks
        """
        return tuple(self._get_labels(
            name for name in self._find_missing_fields() if name not in left_out))

    def _find_missing_fields(self):
        """Return the names of these fields, in the language of the context."""
        self.ensure_one()
        activity = self.with_company(self.company_id or self.env.company)
        names = [name for name in (*MANDATORY, *MANDATORY_BY_ROLE[self.role])
                 if activity._is_empty(name)]
        abroad = activity._describe_third_countries()
        if abroad['is_abroad']:
            if not abroad['third_countries']:
                names.append('third_country_ids')
            if not abroad['is_guarded']:
                names.append('safeguard')
        if self.role == 'controller':
            if activity._is_empty('data_ids') and activity._is_empty('other_data'):
                names.append('data_ids')
            if not (activity._get_recipients() or self.is_internal):
                names.append('recipient_ids')
            if INTERESTS.search(self.legal_basis or '') and self._is_empty('legitimate_interest'):
                names.append('legitimate_interest')
        return names

    def _is_empty(self, name):
        value = self[name]
        return is_blank(value) if isinstance(value, str) else not value

    def _get_labels(self, names):
        return [self._fields[name]._description_string(self.env) for name in names]

    # === FOR DOCUMENTS === #

    @api.model
    def _get_of(self, company, role='controller'):
        """Return the activities of a company, of its branches, and of all companies.

        Companies that share consents keep a register each.
        """
        return self.search(
            Domain('role', '=', role)
            & Domain('company_id', 'in', [False, *company._dsgvo_get_family().ids]))

    def _get_recipients(self):
        """Return who gets the data, as far as the current company tells of them.

        An activity of all companies can have recipients of one company, which no rule of access
        hides from documents.
        """
        own = self.env.company._dsgvo_get_family()
        return self.recipient_ids.filtered(
            lambda recipient: not recipient.company_id or recipient.company_id in own)

    def _get_rows(self):
        """Return the activities as plain values for documents: a dict for each.

        The recipients are those of `_get_recipients`. All texts are in the language of the context.
        `missing` holds the labels of missing fields.
        """
        options = {name: dict(self._fields[name]._description_selection(self.env))
                   for name in ('role', 'dpia')}
        texts = ('name', 'clients', 'joint_controllers', 'purposes', 'legal_basis', 'persons',
                 'legitimate_interest', 'other_data', 'erased_when', 'period', 'measures',
                 'dpia_reason')
        return [
            {name: activity[name] or '' for name in texts}
            | {name: labels.get(activity[name], '') for name, labels in options.items()}
            | activity._describe_third_countries()
            | {
                'is_complete': activity.state == 'complete',
                'is_internal': activity.is_internal,
                'responsible': activity.responsible_id.name or '',
                'data': [{'kind': data._get_label(), 'places': data.places, 'period': data.period}
                         for data in activity.data_ids],
                'recipients': activity._get_recipients()._get_rows(),
                'reviewed_on': activity.reviewed_on, 'review_on': activity.review_on,
                'missing': list(activity._find_missing()),
            } for activity in self]

    def _describe_third_countries(self):
        """Return where data go outside Europe: what the activity says, and its recipients.

        `is_guarded` says whether there is a safeguard for all of it.
        """
        answers = dict(self._fields['third_country']._description_selection(self.env))
        recipients = self._get_recipients()._get_abroad()
        answer = 'yes' if recipients else self.third_country
        countries = recipients.country_id
        safeguards = recipients.mapped('safeguard')
        is_more = self.third_country == 'yes' and (
            not recipients or self.third_country_ids - countries)
        # What goes to others than recipients is covered by the activity only, which covers all.
        is_guarded = not is_blank(self.safeguard) or not (
            is_more or any(map(is_blank, safeguards)))
        if self.third_country == 'yes':
            countries |= self.third_country_ids
        if answer == 'yes':
            safeguards.insert(0, self.safeguard)
        return {
            'third_country': answers.get(answer, ''), 'is_abroad': answer == 'yes',
            'third_countries': countries.mapped('name'),
            'is_guarded': is_guarded,
            'safeguard': "\n".join(dict.fromkeys(filter(None, safeguards)))}

    # === CRON === #

    @api.model
    def _cron_remind(self):
        """Remind the officers of activities whose review is due, and of breaches to be told."""
        self.env['dsgvo.breach']._remind()
        due = self.search(Domain('review_on', '<=', self.env.company._dsgvo_today()))
        shared = due.filtered(lambda activity: not activity.company_id)

        def describe(company):
            some = shared | due.filtered(lambda activity: activity.company_id == company)
            return company.env._(
                "%(count)s processing activities are to be reviewed. Look whether they are"
                " still as the register says.", count=len(some))

        if not shared:
            self.env['res.company']._dsgvo_settle_elsewhere(REVIEW, due.company_id)
        # Those of all companies are a matter of everybody.
        for company in ([self.env['res.company']] if shared else []) + [*due.company_id]:
            company._dsgvo_remind_officers(
                REVIEW, describe, 'dsgvo.dsgvo_processing_activity_action')
