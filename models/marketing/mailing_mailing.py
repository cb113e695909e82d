from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

SELECTING = ('mailing_model_id', 'mailing_domain', 'mailing_type', 'dsgvo_company_id')
LEFT_OUT = ('dsgvo_left_out', 'dsgvo_left_out_unasked', 'dsgvo_left_out_refused')


class MailingMailing(models.Model):
    _inherit = 'mailing.mailing'

    dsgvo_company_id = fields.Many2one(
        'res.company', "Consents Of", required=True, default=lambda self: self.env.company,
        help="The company that advertises: the consents given to it count, whoever sends.")
    dsgvo_left_out = fields.Integer(
        "Left Out", compute='_compute_dsgvo_left_out',
        help="Selected recipients who get nothing because they did not consent to marketing.")
    dsgvo_left_out_refused = fields.Integer(
        "Refused", compute='_compute_dsgvo_left_out',
        help="Selected recipients who refused marketing or withdrew their consent.")
    dsgvo_left_out_unasked = fields.Integer(
        "Never Asked", compute='_compute_dsgvo_left_out',
        help="Selected recipients who were never asked for their consent to marketing. An address"
             " that belongs to no contact counts as never asked.")
    dsgvo_unasked_when_sent = fields.Integer(
        "Left Out: Never Asked", readonly=True, copy=False,
        help="Selected recipients who got nothing, because they had never been asked.")
    dsgvo_refused_when_sent = fields.Integer(
        "Left Out: Refused", readonly=True, copy=False,
        help="Selected recipients who got nothing, because they had refused marketing.")

    @api.depends(
        'mailing_domain', 'mailing_model_real', 'mailing_type', 'state', 'dsgvo_company_id')
    def _compute_dsgvo_left_out(self):
        """Count the recipients who are left out, in one statement for each mailing.

        Nothing of this is read with the form or a list: see `dsgvo_read_left_out`.
        """
        for mailing in self:
            model = mailing._dsgvo_model()
            left_out = refused = 0
            if model is not None and mailing.state != 'done' and model.has_access('read'):
                left_out, refused = mailing._dsgvo_count_left_out(model)
            mailing.dsgvo_left_out = left_out
            mailing.dsgvo_left_out_refused = refused
            mailing.dsgvo_left_out_unasked = left_out - refused

    def write(self, vals):
        """Note at the end how many were left out; nothing else of them is stored."""
        if vals.get('state') == 'done':
            for mailing in self.filtered(lambda mailing: mailing.state != 'done'):
                super(MailingMailing, mailing).write({
                    'dsgvo_unasked_when_sent': mailing.dsgvo_left_out_unasked,
                    'dsgvo_refused_when_sent': mailing.dsgvo_left_out_refused})
        return super().write(vals)

    def dsgvo_read_left_out(self, changes):
        """Return the numbers of those left out, as `read` does; the form asks once it is shown.

        :param dict changes: what of the selection (`SELECTING`) is changed and not saved; all of it
            for a mailing that is not saved yet
        """
        self.check_access('write' if changes else 'read')
        mailing = self
        if changes:
            mailing = self.new(
                {fname: changes[fname] for fname in SELECTING if fname in changes}, origin=self)
            mailing._check_dsgvo_company_id()
        return {fname: mailing[fname] for fname in LEFT_OUT}

    def _dsgvo_count_left_out(self, model):
        """Return how many of those selected are left out, and how many of these refused.

        Each of them is read once, however many conditions there are.
        """
        query = model._search(self._dsgvo_selected_domain())
        if query.is_empty():
            return 0, 0
        # sudo: any model - a consent binds whoever acts; the rows are those that the user may read
        reader = model.sudo().with_context(active_test=False)
        allowed, refused = (
            domain.optimize_full(reader)._to_sql(reader, model._table, query)
            for domain in (model._dsgvo_marketing_domain(self.mailing_type),
                           model._dsgvo_marketing_refused_domain(self.mailing_type)))
        return self.env.execute_query(query.select(
            SQL("count(*) FILTER (WHERE (%s) IS NOT TRUE)", allowed),
            SQL("count(*) FILTER (WHERE (%s) IS NOT TRUE AND %s)", allowed, refused)))[0]

    @api.constrains('dsgvo_company_id')
    def _check_dsgvo_company_id(self):
        # Constraints run as superuser: what counts is who the user is.
        user = self.env.user
        if self.dsgvo_company_id - user.company_ids and not user._is_superuser():
            raise ValidationError(self.env._(
                "You do not work for the company chosen under Consents Of, so you cannot use the"
                " consents that it got. Choose a company of your own."))

    def _get_recipients_domain(self):
        """Leave out everybody who did not consent to marketing; decided in SQL.

        Also counted by A/B tests and by the total. Odoo's exclusion lists stay in force besides.
        """
        model = self._dsgvo_model()
        return self._dsgvo_selected_domain() & model._dsgvo_marketing_domain(self.mailing_type)

    def _dsgvo_model(self):
        """Return the model mailed to, as the company sees it that advertises, None without one."""
        model = self.env.get(self.mailing_model_real)
        return None if model is None else model.with_company(self.dsgvo_company_id)

    def _dsgvo_selected_domain(self):
        """Return the `Domain` of those whom the mailing would reach in plain Odoo."""
        # pylint: disable-next=super-method-mismatch
        return super()._get_recipients_domain()

    def _action_send_mail(self, res_ids=None):
        """Say why nobody is left; Odoo would say that no recipients are selected.

        :raise UserError: if recipients are selected and not one of them consented
        """
        for mailing in self if not res_ids else self.browse():
            model = mailing._dsgvo_model()
            if mailing.dsgvo_left_out and not model.search_count(
                    mailing._get_recipients_domain(), limit=1):
                raise UserError(self.env._(
                    "The mailing %(mailing)s has no recipients: %(count)s are selected and left"
                    " out, because they did not consent to marketing (%(unasked)s never asked,"
                    " %(refused)s refused). Ask the customers first and record their consent on"
                    " the page DSGVO of the contact.",
                    mailing=mailing.display_name, count=mailing.dsgvo_left_out,
                    unasked=mailing.dsgvo_left_out_unasked,
                    refused=mailing.dsgvo_left_out_refused))
        return super()._action_send_mail(res_ids=res_ids)
