from collections import Counter, defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from ...models.erasure.dsgvo_erasure_blocker import CHOSEN_BY_OFFICER

_lt = LazyTranslate(__name__)
# Persons who are looked at in full, and persons who are named. In a larger selection the first ones
# stand for the rest: the officer decides on kinds and numbers, not on a list of thousands.
LOOKED_AT = 5000
NAMED = 50


class DsgvoErasurePreview(models.TransientModel):
    """The preview: who would be erased, which data would go, and which would stay.

    The same for a request, a selection by hand and a period. The numbers are found by the engine
    itself, in a dry run.
    """
    _name = 'dsgvo.erasure.preview'
    _description = "Preview of an Erasure"

    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, default=lambda self: self.env.company)
    reason = fields.Selection(
        [
            ('request', "Request of the customer"),
            ('manual', "By hand"),
            ('retention', "End of a retention period"),
        ], required=True, readonly=True, default='manual')
    period_id = fields.Many2one('dsgvo.erasure.period', readonly=True, ondelete='cascade')
    period_is_on = fields.Boolean(related='period_id.is_on')
    period_seen = fields.Char(readonly=True)
    partner_ids = fields.Many2many(
        'res.partner', string="Customers", readonly=True, context={'active_test': False})
    total_count = fields.Integer("Customers Found", readonly=True)
    erased_count = fields.Integer("Erased Now", readonly=True)
    restricted_count = fields.Integer("Kept for Documents", readonly=True)
    blocked_count = fields.Integer("Must Wait", readonly=True)
    refused_count = fields.Integer("Not Possible", readonly=True)
    is_sample = fields.Boolean(readonly=True)
    people = fields.Html("Person", readonly=True)
    deleted = fields.Html("What Is Deleted", readonly=True)
    taken_out = fields.Html("What the Customer Is Taken Out Of", readonly=True)
    kept = fields.Html("What Stays", readonly=True)
    balance_count = fields.Integer("Customers With a Balance", readonly=True)
    balance_accepted = fields.Boolean(
        "Erase Customers With a Balance as Well",
        help="Their vouchers stay valid for whoever has the code, but without a name.")

    _period_of_retention = models.Constraint(
        "CHECK ((reason = 'retention') = (period_id IS NOT NULL))",
        "Only a retention period needs a period; leave it empty for every other treatment.")

    @api.depends('reason')
    def _compute_display_name(self):
        self.display_name = self.env._("Preview of the Erasure")

    @api.model_create_multi
    def create(self, vals_list):
        previews = super().create(vals_list)
        for preview in previews:
            preview._look()
        return previews

    def write(self, vals):
        """Refuse changes of what was seen: only the balance remains the officer's choice.

        It decides whether customers with a voucher wait, so the numbers are found anew.
        """
        if not self.env.su and vals.keys() - {'balance_accepted'}:
            raise UserError(self.env._(
                "A preview cannot be changed. Select the customers again and open a new one."))
        result = super().write(vals)
        if 'balance_accepted' in vals:
            for preview in self:
                preview._look()
        return result

    # === ACTION METHODS === #

    @api.model
    def _open(self, vals):
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Preview of the Erasure"),
            'res_model': self._name,
            'res_id': self.create(vals).id,
            'view_mode': 'form',
            'target': 'new',
        }

    def action_erase(self):
        """Note the persons of the preview for erasure, but those for whom it is not possible."""
        self.check_access('write')
        self._check_still_seen()
        subjects, _refused = self._get_subjects()
        if not subjects:
            raise UserError(self.env._(
                "None of these customers can be erased. The preview gives the reason for each of "
                "them."))
        if self.period_id:
            self.period_id._erase(subjects, self.balance_accepted)
        else:
            self.env['dsgvo.erasure']._enqueue(
                subjects, self.reason, self.company_id, balance_accepted=self.balance_accepted)
            self._tell_other_companies(subjects)
        action = self.env['ir.actions.act_window']._for_xml_id('dsgvo.dsgvo_erasure_action')
        return action | {'domain': [('partner_id', 'in', subjects[:LOOKED_AT].ids)]}

    def action_switch_on(self):
        """Erase every day from now on whose period is over."""
        self.check_access('write')
        self._check_still_seen()
        self.period_id._switch_on()
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}

    def _check_still_seen(self):
        if self.period_seen != self._describe_period():
            raise UserError(self.env._(
                "The period was changed after this preview. Open the preview again, then decide."))

    # === BUSINESS METHODS === #

    def _describe_period(self):
        return bool(self.period_id) and f'{self.period_id.duration} {self.period_id.unit}'

    def _get_subjects(self):
        """Return `(persons who can be erased, {person: why not})`."""
        chosen = self.period_id._find() if self.period_id else self.partner_ids._dsgvo_subject()
        # sudo: res.partner - archived, foreign or restricted ones need a reason as well
        chosen = chosen.sudo()
        refused = self.env['dsgvo.erasure']._find_refused(chosen, self.reason, self.company_id)
        return chosen - chosen.browse(partner.id for partner in refused), refused

    def _get_blocker(self):
        # sudo: dsgvo.erasure.blocker - the reasons, without looking into what they come from
        return self.env['dsgvo.erasure.blocker'].sudo()

    def _find_waiting(self, sample):
        """Return `{person: [reasons]}` of those who would not go today."""
        waiting = defaultdict(list, self._get_blocker()._find(
            sample, sample if self.balance_accepted else (),
            sample if self.period_id.cancels_quotations else ()))
        elsewhere = self._get_blocker()._find_elsewhere(sample, self.company_id, self.reason)
        for subject, texts in elsewhere.items():
            waiting[subject] += texts
        # sudo: dsgvo.erasure - from when on, for the officer who looks
        asked_again = self.env['dsgvo.erasure'].sudo()._find_asked_again(
            sample, self.reason, self.company_id)
        for subject, until in asked_again.items():
            waiting[subject].append(self.env._(
                "Storage was agreed to and has expired: the customer is asked again until %(date)s",
                date=format_date(self.env, until)))
        return waiting

    def _find_elsewhere(self, subjects):
        """Return `{person: companies}` of those who do business with other companies as well."""
        # sudo: res.company - what is erased is erased for all of them
        others = self.env['res.company'].sudo().with_context(active_test=False).search(
            [('id', '!=', self.company_id.id)])
        return self.env['dsgvo.erasure.blocker']._find_business(subjects, others)

    def _tell_other_companies(self, subjects):
        """Let nobody's customers vanish unseen: remind the officers of the other companies."""
        concerned = self._find_elsewhere(subjects).values()
        # sudo: res.users - her companies
        others = self.env['res.company'].union(*concerned) - self.env.user.sudo().company_ids
        for other in others:
            other._dsgvo_remind_officers(
                _lt("DSGVO: another company erases customers of yours"), _lt(
                    "%(officer)s of %(company)s has selected customers for erasure who also do "
                    "business with you. Documents that the law keeps stay. If you need more, "
                    "ask there, or lock these customers.",
                    officer=self.env.user.name, company=self.company_id.name))

    def _look(self):
        """Fill the preview: one dry run of the engine for all, one query per reason to wait."""
        subjects, refused = self._get_subjects()
        sample = subjects[:LOOKED_AT]
        waiting = self._find_waiting(sample)
        balances = self._get_blocker()._find_balances(sample)
        forecasts = self.env['dsgvo.erasure']._dry_run(sample, self.company_id)
        notes = self._describe_notes(sample, balances if self.balance_accepted else {})
        until = {
            subject: forecasts[subject.id].until for subject in sample
            if forecasts[subject.id].until and subject not in waiting}
        # sudo: dsgvo.erasure.preview - its own numbers, which nobody else may write
        self.sudo().write({
            'period_seen': self._describe_period(),
            'total_count': len(subjects) + len(refused),
            'refused_count': len(refused),
            'blocked_count': len(waiting),
            'restricted_count': len(until),
            'erased_count': len(sample) - len(waiting) - len(until),
            'balance_count': len(balances),
            'is_sample': len(subjects) > len(sample),
            'people': self._make_people(sample, refused, waiting, notes, until),
            'deleted': self._make_counts(forecast.deleted for forecast in forecasts.values()),
            'taken_out': self._make_taken_out(
                forecasts, sample.browse(s.id for s in sample if s not in waiting)),
            'kept': self._make_kept(subjects, until),
        })

    def _describe_notes(self, sample, balances):
        """Return `{person: [texts]}`: what does not keep them, but is to be known."""
        notes = defaultdict(list, balances)
        if self.reason in CHOSEN_BY_OFFICER:
            for subject, companies in self._find_elsewhere(sample).items():
                notes[subject] = notes[subject] + [self.env._(
                    "The customer also does business with %(companies)s and is erased there as "
                    "well. The privacy officers there are told.",
                    companies=", ".join(companies.mapped('name')))]
        return notes

    def _make_people(self, sample, refused, waiting, notes, until):
        rows = []
        for subject in [*sample, *refused][:NAMED]:
            note = notes.get(subject, [])
            if subject in refused:
                what, why = self.env._("Not possible"), [refused[subject]]
            elif subject in waiting:
                what, why = self.env._("Waits"), waiting[subject] + note
            elif subject in until:
                what, why = self.env._("Kept for documents"), [
                    self.env._("Until %(date)s", date=format_date(self.env, until[subject])),
                    *note]
            else:
                what, why = self.env._("Will be erased"), note
            rows.append((subject.display_name, what, Markup("<br/>").join(why)))
        return self._make_table(rows)

    def _make_counts(self, rows_by_model, further=()):
        """Return a table of kinds of records and their numbers.

        :param rows_by_model: `{model: rows}` of each person
        :param further: pairs of a kind in words and a number
        """
        counts = Counter()
        for rows in rows_by_model:
            counts.update(rows)
        names = self.env['dsgvo.data.rule']._name_kinds(list(counts))
        kinds = Counter()
        for model, count in counts.items():
            kinds[names[model]] += count
        return self._make_table([*sorted((+kinds).items()), *further])

    def _make_taken_out(self, forecasts, going):
        further = []
        if self.period_id.cancels_quotations and (quotations := going._dsgvo_find_quotations()):
            further = [(self.env._("Quotations that are cancelled"), len(quotations))]
        return self._make_counts(
            (Counter(forecast.removed) - Counter(forecast.deleted)
             for forecast in forecasts.values()), further)

    def _make_kept(self, subjects, until):
        held = self.env['dsgvo.data.rule']._get_all()._awake().filtered(
            lambda rule: rule.erase == 'hold')
        law = ", ".join(sorted(set(held.mapped('basis')) - {False}))
        rows = [
            (self.env._("Documents with name and address, kept by law until %(date)s (%(law)s)",
                        date=format_date(self.env, day), law=law),
             self.env._("Customers: %(count)s", count=count))
            for day, count in sorted(Counter(until.values()).items())]
        if subjects:
            rows.append((
                self.env._("Orders, deliveries and sales, with articles and amounts"),
                self.env._("without the customer: no personal data any more (recital 26 GDPR)")))
        return self._make_table(rows)

    def _make_table(self, rows):
        """Return the rows as a table, False for none."""
        return bool(rows) and Markup("<table class='table table-sm'>%s</table>") % Markup().join(
            Markup("<tr>%s</tr>") % Markup().join(Markup("<td>%s</td>") % cell for cell in row)
            for row in rows)
