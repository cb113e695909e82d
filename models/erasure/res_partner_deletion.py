from odoo import api, models
from odoo.exceptions import UserError

from ..consent.res_partner import MERGING
from ..jobs.refusals import unlogged
from .engine import ErasureEngine


class ResPartner(models.Model):
    """The deletion of a contact by hand, by a job or by another addon."""
    _inherit = 'res.partner'

    # Also at the uninstallation of an addon: any caller may say in the context that it is one.
    @api.ondelete(at_uninstall=True)
    def _unlink_except_erasure_under_way(self):
        """Refuse to delete a person who is to be erased: a deletion leaves traces in other records.

        The same holds for each address of such a person, also while the erasure is blocked.
        Messages, orders and files name the address, and the erasure looks only for values of the
        contacts that it knows. An archived address is one of these.
        """
        # sudo: res.partner, dsgvo.erasure - refused whoever deletes, also who may not see it
        contacts = self.sudo().exists()
        if contacts._dsgvo_anonymous():
            raise UserError(self.env._(
                "The anonymous customer cannot be deleted: it stands on the orders of everybody who"
                " was erased. Take it out of the selection."))
        if contacts.filtered(lambda contact: contact.dsgvo_restricted or contact.dsgvo_erased):
            raise UserError(self.env._(
                "One of these customers was erased and is kept only for documents that the law "
                "demands. Such a contact is deleted automatically when their period is over. "
                "Take it out of the selection."))
        # A merge has given what belonged to these contacts to the one that stays.
        is_moved = self.env.context.get('dsgvo_erasures_moved') is MERGING
        persons = contacts if is_moved else contacts.dsgvo_subject_id
        if noted := contacts.env['dsgvo.erasure'].search(
                [('partner_id', 'in', persons.ids),
                 ('state', 'in', ('due', 'blocked'))], limit=1):
            if noted.partner_id not in contacts:
                raise unlogged(UserError(self.env._(
                    "This address cannot be deleted: it belongs to %(name)s. %(notice)s The erasure"
                    " has to know it, to find where it stands. Archive it instead: nobody can"
                    " choose it any more, and it goes together with the customer.",
                    name=noted.partner_id.display_name, notice=noted._describe_state())))
            raise unlogged(UserError(self.env._(
                "%(name)s cannot be deleted. %(notice)s A deletion would leave the customer in"
                " messages and files. Wait for the erasure, or let the privacy officer look at it"
                " again in the list of erasures.",
                name=noted.partner_id.display_name, notice=noted._describe_state())))

    def unlink(self):
        """Leave the same traces of these persons in the ledger as an erasure does."""
        self.check_access('unlink')
        # sudo: res.partner - the ledger is nobody's to write
        persons = self.sudo().exists().filtered('dsgvo_is_subject')
        decided = persons.env['dsgvo.consent.event']._read_group(
            [('partner_id', 'in', persons.ids)], ['partner_id'])
        if decided:
            ErasureEngine(
                persons.env, [(person.id, None) for person, in decided]
            ).run_on('dsgvo.consent.event')
        return super().unlink()
