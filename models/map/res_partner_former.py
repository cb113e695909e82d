from odoo import Command, models

from .contact_columns import get_further_columns, get_kind

INLINE = 'contact_address_inline'  # an address as Odoo tracks it, with the street in front


class ResPartner(models.Model):
    """Values that a contact does not have any more, noted in the form of tracked changes.

    Odoo tracks changes itself, but not those of an import, and not in columns of some addons. It
    does not keep values of merged contacts and deleted addresses either.
    """
    _inherit = 'res.partner'

    def write(self, vals):
        """Note the values that are written over and that Odoo does not track."""
        if not (columns := self._dsgvo_find_untracked(vals)):
            return super().write(vals)
        # sudo: res.partner - what was written over is noted on the contact, whoever wrote it
        contacts = self.sudo()
        former = {contact: contact._dsgvo_get_values(columns) for contact in contacts}
        outcome = super().write(vals)
        for contact, values in former.items():
            contact._dsgvo_remember(values)
        return outcome

    def unlink(self):
        """Note the values of addresses on the person who has or had them."""
        # sudo: res.partner, mail.tracking.value - noted on the person, whoever deletes the address
        contacts = self.sudo().exists()
        former = {
            person: addresses._dsgvo_get_tracked() | addresses._dsgvo_get_former()
            for person, addresses in contacts.grouped('dsgvo_subject_id').items()
            if person and person not in contacts}
        outcome = super().unlink()
        for person, values in former.items():
            person._dsgvo_remember(values)
        return outcome

    def _dsgvo_find_untracked(self, names):
        """Return pairs `(name of the tracked field, column)` of the values to note here.

        Numbers and addresses of other addons' columns are noted as telephone and e-mail.

        :param names: of the fields that are written
        """
        is_off = self.env.context.get('tracking_disable') or self.env.context.get('mail_notrack')
        columns = set()
        for name in names:
            kind = get_kind(self._fields[name]) if name in self._fields else None
            column = {'name': 'name', 'street': INLINE, None: None}.get(kind, name)
            if column and (is_off or not getattr(self._fields[column], 'tracking', None)):
                columns.add((INLINE if kind == 'street' else kind, column))
        return columns

    def _dsgvo_get_values(self, columns):
        """Return pairs `(name of the tracked field, value)`.

        :param columns: pairs, as of `_dsgvo_find_untracked`
        """
        return {(kind, partner[column]) for partner in self for kind, column in columns
                if partner[column] and (kind != INLINE or partner.street)}

    def _dsgvo_get_tracked(self):
        """Return pairs `(name of the tracked field, value)` of values that an erasure looks for."""
        return self._dsgvo_get_values([
            ('name', 'name'), ('email', 'email'), ('phone', 'phone'), (INLINE, INLINE),
            *((kind, name) for kind, names in get_further_columns(self.env).items()
              for name in names)])

    def _dsgvo_get_former(self):
        """Return the same of what these contacts had before."""
        tracked = self.env['mail.tracking.value'].search([
            ('mail_message_id.model', '=', self._name), ('mail_message_id.res_id', 'in', self.ids),
            ('field_id.name', 'in', ('name', 'email', 'phone', INLINE)),
            ('old_value_char', '!=', False)])
        return {(value.field_id.name, value.old_value_char) for value in tracked}

    def _dsgvo_remember(self, former):
        """Note values that this contact does not have any more, as tracked changes, each once.

        They go with the contact, and its erasure looks for them: see `read_values`.

        :param former: of `_dsgvo_get_tracked`
        """
        self.ensure_one()
        if former := former - self._dsgvo_get_tracked():
            former = sorted(former - self._dsgvo_get_former())
        if not former:
            return
        info = self.fields_get([name for name, _value in former])
        Tracking = self.env['mail.tracking.value']
        self._message_log(tracking_value_ids=[
            Command.create(Tracking._create_tracking_values(
                value, self[name], name, info[name], self)) for name, value in former])
