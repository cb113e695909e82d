from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


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

    @api.depends(
        'mailing_domain', 'mailing_model_real', 'mailing_type', 'state', 'dsgvo_company_id')
    def _compute_dsgvo_left_out(self):
        for mailing in self:
            left_out = refused = 0
            model = mailing._dsgvo_model()
            if model is not None and mailing.state != 'done' and model.has_access('read'):
                selected = mailing._dsgvo_selected_domain()
                left_out = model.search_count(selected) - model.search_count(
                    mailing._get_recipients_domain())
                refused = left_out and model.search_count(
                    selected & model._dsgvo_marketing_refused_domain(mailing.mailing_type))
            mailing.dsgvo_left_out = left_out
            mailing.dsgvo_left_out_refused = refused
            mailing.dsgvo_left_out_unasked = left_out - refused

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
