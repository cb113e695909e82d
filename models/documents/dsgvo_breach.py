from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import format_datetime
from odoo.tools.translate import LazyTranslate

from ..consent.res_company import is_blank

_lt = LazyTranslate(__name__)
UNTOLD = _lt("DSGVO: the authority must be told of a breach")
# The fields that document a breach (Art. 33 (5) DSGVO); it cannot be closed without them.
MANDATORY = ('description', 'consequences', 'measures', 'risk', 'risk_reason')


class DsgvoBreach(models.Model):
    """A breach of personal data, also one that nobody had to be told of (Art. 33 (5) DSGVO)."""
    _name = 'dsgvo.breach'
    _description = "Breach of Personal Data"
    _order = 'noticed_on desc, id desc'

    name = fields.Char("What Happened", required=True)
    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company)
    state = fields.Selection(
        [('open', "Open"), ('closed', "Closed")], required=True, default='open', readonly=True,
        copy=False)
    occurred_on = fields.Datetime("When")
    noticed_on = fields.Datetime(required=True, default=fields.Datetime.now)
    description = fields.Text(
        "Nature of the Breach", help="Lost, seen by others, changed or not available; how.")
    persons = fields.Char("Whose Data", help="Customers, employees, …")
    person_count = fields.Integer("Persons, About")
    records = fields.Char("Which Data")
    record_count = fields.Integer("Records, About")
    consequences = fields.Text("Likely Consequences")
    measures = fields.Text(help="Taken or proposed, also to limit the consequences.")
    risk = fields.Selection(
        [('none', "Unlikely to be a risk"), ('risk', "Risk"), ('high', "High risk")],
        help="For the rights of the persons. No risk: nobody has to be told. Risk: the authority."
             " High risk: the persons, too.")
    risk_reason = fields.Text("Reason of the Risk")
    deadline = fields.Datetime(
        compute='_compute_deadline', store=True,
        help="Until then the authority is to be told (Art. 33 (1) DSGVO).")
    hours_left = fields.Integer(compute='_compute_hours_left')
    authority_id = fields.Many2one(
        'dsgvo.authority', compute='_compute_authority_id', store=True, readonly=False,
        ondelete='restrict')
    authority_told_on = fields.Datetime(copy=False)
    delay_reason = fields.Text("Reason of the Delay", copy=False)
    persons_told_on = fields.Datetime(copy=False)
    persons_not_told = fields.Text(
        "Why Persons Are Not Told", copy=False,
        help="Art. 34 (3) DSGVO, such as encrypted data.")

    @api.depends('noticed_on', 'company_id', 'state')
    def _compute_deadline(self):
        """By the law of that day in the shop; a breach that is opened again follows it anew."""
        Deadline = self.env['dsgvo.deadline']
        for breach in self:
            noticed = breach.noticed_on
            limit = noticed and Deadline._get_in_force(
                'breach', (breach.company_id or self.env.company)._dsgvo_day_of(noticed))
            breach.deadline = noticed and noticed + timedelta(hours=limit.hours)

    @api.depends('deadline')
    def _compute_hours_left(self):
        now = fields.Datetime.now()
        for breach in self:
            left = (breach.deadline or now) - now
            breach.hours_left = left.total_seconds() // 3600

    @api.depends('company_id.partner_id.state_id')
    def _compute_authority_id(self):
        """One that was chosen stays until the company is another one, or in another state.

        One that was told stays.
        """
        for breach in self:
            is_settled = breach.state == 'closed' or breach._origin.authority_told_on
            breach.authority_id = (
                (is_settled and breach.authority_id) or breach.company_id.dsgvo_authority_id)

    @api.constrains('occurred_on', 'noticed_on', 'authority_told_on', 'persons_told_on')
    def _check_order(self):
        """Refuse times that are not over, or before their cause. Nobody enters seconds."""
        for breach in self:
            happened, noticed, *told = (
                moment and moment.replace(second=0, microsecond=0) for moment in (
                    breach.occurred_on, breach.noticed_on, breach.authority_told_on,
                    breach.persons_told_on))
            if happened and happened > noticed:
                raise ValidationError(self.env._(
                    "%(breach)s cannot be noticed before it happened. Correct one of the two"
                    " times.", breach=breach.name))
            if any(moment and moment < noticed for moment in told):
                raise ValidationError(self.env._(
                    "%(breach)s: nobody can be told of it before it was noticed. Correct one of"
                    " the times.", breach=breach.name))
            if max(filter(None, (noticed, *told))) > fields.Datetime.now():
                raise ValidationError(self.env._(
                    "%(breach)s: a time is still to come. Enter it when somebody has noticed or"
                    " was told.", breach=breach.name))

    @api.constrains('state')
    def _check_closed(self):
        """A closed breach is documented, and everybody was told who has to be told."""
        for breach in self:
            if breach.state == 'closed' and (missing := breach._find_missing()):
                raise ValidationError(self.env._(
                    "%(breach)s cannot be closed. The register still needs: %(missing)s.",
                    breach=breach.name, missing=", ".join(missing)))

    def write(self, vals):
        """A closed breach is evidence: it is opened again before anything is changed."""
        if vals.keys() - {'state'} and (closed := self.filtered(lambda one: one.state == 'closed')):
            raise UserError(self.env._(
                "%(breach)s is closed. Open it again to change it.", breach=closed[0].name))
        return super().write(vals)

    # === ACTION METHODS === #

    def action_close(self):
        self.state = 'closed'

    def action_open(self):
        self.state = 'open'

    # === BUSINESS METHODS === #

    def _find_missing(self):
        """Return the labels of the fields that the register and the duties to tell still need."""
        self.ensure_one()
        names = [name for name in MANDATORY if is_blank(self[name])]
        if self._must_tell_authority() and not self.authority_told_on:
            names.append('authority_told_on')
        if self._is_late() and is_blank(self.delay_reason):
            names.append('delay_reason')
        if self.risk == 'high' and not self.persons_told_on and is_blank(self.persons_not_told):
            names.append('persons_told_on')
        return [self._fields[name]._description_string(self.env) for name in names]

    def _must_tell_authority(self):
        """Whether the authority is to be told; a risk that nobody looked at yet may be one."""
        return self.risk != 'none'

    def _is_late(self):
        return bool(self._must_tell_authority() and self.authority_told_on
                    and self.authority_told_on > self.deadline)

    def _get_rows(self):
        """Return the breaches as plain values for documents: a dict for each."""
        risks = dict(self._fields['risk']._description_selection(self.env))
        names = ('name', 'occurred_on', 'noticed_on', 'description', 'persons', 'person_count',
                 'records', 'record_count', 'consequences', 'measures', 'risk_reason', 'deadline',
                 'authority_told_on', 'delay_reason', 'persons_told_on', 'persons_not_told')
        return [
            {name: breach[name] or '' for name in names}
            | {'risk': risks.get(breach.risk, ''), 'authority': breach.authority_id.name or '',
               'is_closed': breach.state == 'closed', 'missing': breach._find_missing()}
            for breach in self]

    # === LETTERS === #

    def _get_letter_lang(self):
        # sudo: res.company - in which language the company writes
        return self.company_id.sudo().partner_id.lang or self.env.lang

    def _get_letter_rows(self):
        """Return `[(label, text)]` of what Art. 33 (3) DSGVO demands, gaps as empty texts."""
        labels = {name: field._description_string(self.env) for name, field in self._fields.items()}
        [row] = self._get_rows()
        names = ['description', 'occurred_on', 'noticed_on', 'persons', 'person_count', 'records',
                 'record_count', 'consequences', 'measures', 'risk']
        if self.delay_reason:
            names.append('delay_reason')
        return [(labels[name], self._format(row[name])) for name in names]

    def _format(self, value):
        if not isinstance(value, datetime):
            return str(value)
        return format_datetime(self.env, value, tz=self.company_id._dsgvo_timezone())

    # === REMINDER === #

    @api.model
    def _remind(self):
        """Remind the officers of breaches that were not reported to the authority yet."""
        untold = self.search(
            Domain('state', '=', 'open') & Domain('authority_told_on', '=', False)
            & ~Domain('risk', '=', 'none'))
        self.env['res.company']._dsgvo_settle_elsewhere(UNTOLD, untold.company_id)
        for company, breaches in untold.grouped('company_id').items():
            company._dsgvo_remind_officers(
                UNTOLD, lambda company, some=breaches: company.env._(
                    "%(count)s breaches are open of which the authority was not told yet. The first"
                    " deadline ends on %(deadline)s (Art. 33 DSGVO).", count=len(some),
                    deadline=format_datetime(
                        company.env, min(some.mapped('deadline')), tz=company._dsgvo_timezone())),
                'dsgvo.dsgvo_breach_action')
