from odoo import api, fields, models

from .origin import with_origin


class DsgvoComposerMixin(models.AbstractModel):
    """A composer that leaves out customers without consent and passes on the origin of messages."""
    _name = 'dsgvo.composer.mixin'
    _description = "Composer That Asks for Consents"
    # The channel, mail or sms; the fields of the mailing, of the model of the documents, and all of
    # which the recipients depend.
    _dsgvo_channel = None
    _dsgvo_mailing = None
    _dsgvo_model = None
    _dsgvo_chosen_by = ()

    dsgvo_left_out = fields.Integer(
        "Left Out", compute='_compute_dsgvo_left_out',
        help="Selected recipients who get nothing because they did not consent to marketing.")

    @api.depends(lambda composer: composer._dsgvo_chosen_by)
    def _compute_dsgvo_left_out(self):
        for composer in self:
            res_ids = composer._dsgvo_selected_ids()
            composer.dsgvo_left_out = len(res_ids) - len(composer._dsgvo_leave_out(res_ids))

    def _dsgvo_leave_out(self, res_ids):
        """Return the ids of the documents without those who may not get this message."""
        if not res_ids or self._dsgvo_get_serial_kind(res_ids) != 'advertising':
            return res_ids
        Documents = self.env[self[self._dsgvo_model]].with_company(self._dsgvo_company())
        return Documents.browse(res_ids)._dsgvo_may_get_serial(self._dsgvo_channel).ids

    def _dsgvo_company(self):
        """Return the company whose consents count: that of the mailing, or else of the user."""
        return self[self._dsgvo_mailing].dsgvo_company_id or self.env.company

    def _dsgvo_telling_kind(self, res_ids):
        """Return the composer with the `Origin` of its messages in the context."""
        if kind := self._dsgvo_get_serial_kind(res_ids):
            return with_origin(self, kind=kind, company_id=self._dsgvo_company().id)
        return self._dsgvo_telling_sender()

    def _dsgvo_telling_sender(self):
        """Return the composer with a context that names its template and model."""
        return with_origin(self, sender=self._dsgvo_sender(), model=self[self._dsgvo_model])

    def _dsgvo_sender(self):
        """Return the template as the rules name it, '' without one."""
        return self.env['dsgvo.message.rule']._get_sender(
            self.template_id._name, self.template_id.id) if self.template_id else ''

    def _dsgvo_selected_ids(self):
        """Return the ids of the documents."""
        raise NotImplementedError

    def _dsgvo_get_serial_kind(self, res_ids):
        """Return the kind of this message if it is a serial one, else ''.

        Every mailing is advertising; else see `dsgvo.message.rule`.
        """
        raise NotImplementedError
