from odoo import api, fields, models

from .dsgvo_message_rule import FREE, KINDS, NOT_SERIAL, PERSONAL, UNLISTED
from .origin import origin_of
from .recipients import Addressees, Recipients


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
        help="The consent that the message needs, also at the moment when it leaves.")
    dsgvo_company_id = fields.Many2one(
        'res.company', "Consents Of", readonly=True, index='btree_not_null',
        help="The company whose consents count when a job sends.")

    # === WHEN IT IS MADE === #

    @api.model
    def _dsgvo_prepare(self, vals_list):
        """Return the values of the messages that may be made, None for each of the others.

        If some recipients may get the message and others may not, only the former stay. The kind
        given by a caller counts in superuser mode only, that is for the copy of a message.
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
        return self._dsgvo_permitted(self._dsgvo_letters(prepared, documents), documents)

    @api.model
    def _dsgvo_letters(self, vals_list, documents):
        """Return the values; messages written by a person have only permitted recipients.

        One message to several customers is no letter. The customers of its document get it all the
        same, and everybody gets a message that belongs to a contract.
        """
        if self.env['dsgvo.message.rule']._get_template_kind(
                origin_of(self.env).sender) in NOT_SERIAL:
            return vals_list
        Partner = self.env['res.partner'].sudo()  # sudo: res.partner - only counted and compared
        external = {}
        for index, vals in enumerate(vals_list):
            if vals['dsgvo_kind'] == PERSONAL:
                ids, addresses = self._dsgvo_addressed(vals)
                partners = Partner.browse(ids).filtered('partner_share')
                if len(partners) + len(addresses) > 1:
                    external[index] = partners, addresses
        addressees = self._dsgvo_find_addressees({documents[index] for index in external})
        letters = list(vals_list)
        for index, outside in external.items():
            vals, own = vals_list[index], addressees.get(documents[index], Addressees())
            recipients = Recipients(
                self.env, UNLISTED, self.env['res.company'].browse(vals['dsgvo_company_id']))
            ids, addresses = own.without(*outside)
            if recipients.are_several(Partner.browse(ids), addresses):
                [reduced] = self._dsgvo_reduced([vals], recipients, [own])
                letters[index] = reduced or vals | {'dsgvo_kind': UNLISTED}
        return letters

    # === WHEN IT LEAVES === #

    def _dsgvo_cancel_refused(self):
        """Cancel the waiting messages whose recipients do not consent (any more); return them.

        A message about a document whose app is gone is cancelled, too: nobody knows any more what
        it says.
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
        """Return the values with the permitted recipients only.

        None stands for a message that has recipients and loses all of them.

        :param documents: the document of each message, (model, id)
        """
        groups = {}
        of_kind = {}
        for vals, document in zip(vals_list, documents, strict=True):
            of_kind.setdefault(vals['dsgvo_kind'], set()).add(document)
        silent = self._dsgvo_silent_documents(of_kind.get('contract', ()))
        has_customers = self.env['dsgvo.message.rule']._has_customers
        addressees = self._dsgvo_find_addressees({
            document for document in of_kind.get(UNLISTED, ()) if not has_customers(document[0])})
        for index, (vals, document) in enumerate(zip(vals_list, documents, strict=True)):
            if vals['dsgvo_kind'] not in FREE:
                key = vals['dsgvo_kind'], vals['dsgvo_company_id'], document in silent
                groups.setdefault(key, []).append(index)
        permitted = list(vals_list)
        for (kind, company_id, is_silent), indexes in groups.items():
            company = self.env['res.company'].browse(company_id or ())
            recipients = Recipients(self.env, kind, company, is_silent)
            free = addressees if kind == UNLISTED else {}
            for index, vals in zip(indexes, self._dsgvo_reduced(
                    [vals_list[index] for index in indexes], recipients,
                    [free.get(documents[index], Addressees()) for index in indexes]), strict=True):
                permitted[index] = vals
        return permitted

    @api.model
    def _dsgvo_reduced(self, vals_list, recipients, free):
        """Return the values of messages of one kind with the permitted recipients, or None.

        A message that goes only to addressees who are not asked is a duty from now on.

        :param free: for each message, the `Addressees` who are not asked
        """
        addressed = [self._dsgvo_addressed(vals) for vals in vals_list]
        asked = [
            # sudo: res.partner - only compared with those of the document
            own.without(self.env['res.partner'].sudo().browse(ids), addresses) if any(own)
            else (ids, addresses)
            for (ids, addresses), own in zip(addressed, free, strict=True)]
        partner_ids = set().union(*(ids for ids, _addresses in asked))
        refused_ids = set(recipients.refused_partners(
            self.env['res.partner'].browse(partner_ids)).ids)
        refused = recipients.refused_addresses(
            self._dsgvo_channel, set().union(*(addresses for _ids, addresses in asked)))
        reduced = []
        for vals, every, (ids, addresses) in zip(vals_list, addressed, asked, strict=True):
            lost = ids & refused_ids, addresses & refused
            if any(every) and not (ids or addresses):
                reduced.append(vals | {'dsgvo_kind': 'duty'})
            elif not any(lost):
                reduced.append(vals)
            elif lost == every:
                reduced.append(None)
            else:
                reduced.append(self._dsgvo_without(vals, *lost))
        return reduced

    @api.model
    def _dsgvo_silent_documents(self, documents):
        """Return the documents, (model, id), about which Odoo must send nothing by itself."""
        return {
            (records._name, record.id) for records in self._dsgvo_browse(documents)
            for record in records._dsgvo_silent()}

    @api.model
    def _dsgvo_find_addressees(self, documents):
        """Return the `Addressees` of each of the documents, (model, id), that there is."""
        return {
            (records._name, res_id): addressees for records in self._dsgvo_browse(documents)
            for res_id, addressees in records._dsgvo_addressees().items()}

    @api.model
    def _dsgvo_browse(self, documents):
        """Return a recordset for each model of the documents, (model, id), that there are."""
        res_ids = {}
        for model, res_id in documents:
            if res_id and model in self.env:
                res_ids.setdefault(model, []).append(res_id)
        # sudo: any model - only whether a customer may be told, and compared with the recipients
        env = self.sudo().env
        return [env[model].browse(ids).exists() for model, ids in res_ids.items()]

    @api.model
    def _dsgvo_addressed(self, vals):
        """Return the recipients: (set of ids of contacts, set of normalised addresses)."""
        raise NotImplementedError

    @api.model
    def _dsgvo_without(self, vals, refused_ids, refused):
        """Return the values of a message without the refused recipients; some are left."""
        raise NotImplementedError

    def _dsgvo_values(self):
        """Return this message as the values that `_dsgvo_permitted` looks at."""
        return {'dsgvo_kind': self.dsgvo_kind, 'dsgvo_company_id': self.dsgvo_company_id.id}

    def _dsgvo_document(self):
        """Return what this message is about, (model, id)."""
        raise NotImplementedError

    def _dsgvo_reduce(self, vals):
        """Take the refused recipients from this waiting message."""
        raise NotImplementedError

    def _dsgvo_cancel(self):
        """Cancel these waiting messages and tell Odoo's lists why."""
        raise NotImplementedError
