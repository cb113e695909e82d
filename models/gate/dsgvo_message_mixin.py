from odoo import api, fields, models

from .dsgvo_message_rule import FREE, KINDS, PERSONAL, UNLISTED
from .recipients import Recipients


class DsgvoMessageMixin(models.AbstractModel):
    """An outgoing message, which is asked for its consent when it is made and when it leaves.

    The values of a message that is made and those of one that leaves are looked at by the same
    code, a batch at a time.
    """
    _name = 'dsgvo.message.mixin'
    _description = "Message That Needs a Consent"
    # The channel, mail or sms.
    _dsgvo_channel = None

    dsgvo_kind = fields.Selection(
        [*KINDS, (UNLISTED, "Not listed: like advertising"), (PERSONAL, "Written by a person")],
        "Kind of Message", readonly=True,
        help="Which consent it needs, also at the moment when it leaves.")
    dsgvo_company_id = fields.Many2one(
        'res.company', "Consents Of", readonly=True, index='btree_not_null',
        help="The company whose consents count when a job sends.")

    # === WHEN IT IS MADE === #

    @api.model
    def _dsgvo_prepare(self, vals_list):
        """Return the values of the messages that may be made, None for each of the others.

        Recipients of whom some may get the message and others not are reduced to the former. What
        a caller says of the kind counts in superuser mode only, that is for the copy of a message.
        """
        Rule = self.env['dsgvo.message.rule']
        # sudo: mail.message - only the type and the document of the message are read
        Message = self.env['mail.message'].sudo()
        messages = [
            Message.browse(vals.get('mail_message_id') or ())
            for vals in vals_list]
        documents = [
            (vals.get('model') or message.model or '', vals.get('res_id') or message.res_id)
            for vals, message in zip(vals_list, messages, strict=True)]
        found = {
            name: Rule._classify(name, {res_id for model, res_id in documents if model == name})
            for name in {model for model, _res_id in documents}}
        prepared = []
        for vals, message, (model, res_id) in zip(vals_list, messages, documents, strict=True):
            kind, company = found[model][res_id]
            if Rule._is_written(message.message_type):
                kind = PERSONAL
            known = {'dsgvo_kind': kind, 'dsgvo_company_id': company.id}
            copied = self.env.su and vals.get('dsgvo_kind')
            prepared.append(known | vals if copied else vals | known)
        return self._dsgvo_permitted(prepared, documents)

    # === WHEN IT LEAVES === #

    def _dsgvo_cancel_refused(self):
        """Cancel the waiting messages whose recipients do not consent (any more); return them.

        So is a message about a document whose app is gone: nobody knows any more what it says.
        """
        # sudo: mail.mail, sms.sms - waiting messages belong to the system, a job may send them
        waiting = self.sudo().filtered(
            lambda message: message.state == 'outgoing'
            and (message.dsgvo_kind or PERSONAL) not in FREE)
        vals_list = [message._dsgvo_values() for message in waiting]
        permitted = self._dsgvo_permitted(
            vals_list, [message._dsgvo_document() for message in waiting])
        cancelled = waiting.browse()
        for message, before, after in zip(waiting, vals_list, permitted, strict=True):
            model, _res_id = message._dsgvo_document()
            if after is None or (model and model not in self.env):
                cancelled |= message
            elif after != before:
                message._dsgvo_reduce(after)
        if cancelled:
            cancelled._dsgvo_cancel()
        return cancelled

    # === BOTH === #

    @api.model
    def _dsgvo_permitted(self, vals_list, documents):
        """Return the values with those recipients only who may get the message.

        None stands for a message that has recipients and loses all of them.

        :param documents: what each message is about, (model, id)
        """
        groups = {}
        silent = self._dsgvo_silent_documents({
            document for vals, document in zip(vals_list, documents, strict=True)
            if vals['dsgvo_kind'] == 'contract'})
        for index, (vals, document) in enumerate(zip(vals_list, documents, strict=True)):
            if vals['dsgvo_kind'] not in FREE:
                key = vals['dsgvo_kind'], vals['dsgvo_company_id'], document in silent
                groups.setdefault(key, []).append(index)
        permitted = list(vals_list)
        for (kind, company_id, is_silent), indexes in groups.items():
            company = self.env['res.company'].browse(company_id or ())
            recipients = Recipients(self.env, kind, company, is_silent)
            for index, vals in zip(indexes, self._dsgvo_reduced(
                    [vals_list[index] for index in indexes], recipients), strict=True):
                permitted[index] = vals
        return permitted

    @api.model
    def _dsgvo_reduced(self, vals_list, recipients):
        """Return the values of messages of one kind with the permitted recipients, or None."""
        addressed = [self._dsgvo_addressed(vals) for vals in vals_list]
        partner_ids = set().union(*(ids for ids, _addresses in addressed))
        refused_ids = set(recipients.refused_partners(
            self.env['res.partner'].browse(partner_ids)).ids)
        refused = recipients.refused_addresses(
            self._dsgvo_channel, set().union(*(addresses for _ids, addresses in addressed)))
        reduced = []
        for vals, (ids, addresses) in zip(vals_list, addressed, strict=True):
            if not (ids & refused_ids or addresses & refused):
                reduced.append(vals)
            elif ids <= refused_ids and addresses <= refused:
                reduced.append(None)
            else:
                reduced.append(self._dsgvo_without(vals, refused_ids, refused))
        return reduced

    @api.model
    def _dsgvo_silent_documents(self, documents):
        """Return those of the documents, (model, id), of which nothing may be told by itself."""
        res_ids = {}
        for model, res_id in documents:
            if res_id and model in self.env:
                res_ids.setdefault(model, []).append(res_id)
        # sudo: any model - only whether its customer may be told
        env = self.sudo().env
        return {
            (model, record.id) for model, ids in res_ids.items()
            for record in env[model].browse(ids).exists()._dsgvo_silent()}

    @api.model
    def _dsgvo_addressed(self, vals):
        """Return to whom a message goes: (set of ids of contacts, set of normalised addresses)."""
        raise NotImplementedError

    @api.model
    def _dsgvo_without(self, vals, refused_ids, refused):
        """Return the values of a message without the refused recipients; some are left."""
        raise NotImplementedError

    def _dsgvo_values(self):
        """Return this message as the values that `_dsgvo_permitted` looks at."""
        raise NotImplementedError

    def _dsgvo_document(self):
        """Return what this message is about, (model, id)."""
        raise NotImplementedError

    def _dsgvo_reduce(self, vals):
        """Take the refused recipients from this waiting message."""
        raise NotImplementedError

    def _dsgvo_cancel(self):
        """Cancel these waiting messages and tell Odoo's lists why."""
        raise NotImplementedError
