import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.jobs.refusals import unlogged
from ...models.suppression.erasure_list import ForeignList


class DsgvoErasureReplay(models.TransientModel):
    """After a backup was restored: the list outside the database, and the erasures to repeat."""
    _name = 'dsgvo.erasure.replay'
    _description = "Erasures After a Restore"

    path = fields.Char("Place on the Server", compute='_compute_list')
    entry_count = fields.Integer("Entries", compute='_compute_list')
    list_file = fields.Binary("List", compute='_compute_list')
    list_name = fields.Char(compute='_compute_list')
    upload = fields.Binary("Copy of the List", attachment=False)
    upload_name = fields.Char()
    unknown_count = fields.Integer(
        "Erasures Not in This Database", compute='_compute_found',
        help="Were done after the backup.")
    found_count = fields.Integer("Customers to Be Erased Again", compute='_compute_found')

    def _compute_display_name(self):
        self.display_name = self.env._("After a Restore")

    def _compute_list(self):
        erasure_list = self._get_erasures()._get_list()
        for replay in self:
            content = erasure_list.read_content()
            replay.path = str(erasure_list.path)
            replay.list_name = erasure_list.path.name
            replay.list_file = base64.b64encode(content)
            replay.entry_count = max(content.count(b'\n') - 1, 0)

    @api.depends('upload')
    def _compute_found(self):
        for replay in self:
            unknown = self._get_erasures()._get_unknown(replay._read_entries())
            replay.unknown_count = len(unknown)
            replay.found_count = len(self._get_erasures()._find_contacts(unknown))

    def _get_erasures(self):
        self.check_access('read')
        # sudo: dsgvo.erasure - the list and hashes, for the officer only, see the access rights
        return self.env['dsgvo.erasure'].sudo()

    def _read_entries(self):
        erasure_list = self._get_erasures()._get_list()
        try:
            return erasure_list.read_entries(
                base64.b64decode(self.upload) if self.upload else None)
        except ForeignList as error:
            raise unlogged(UserError(self.env._(
                "%(name)s is no list of the erasures of this database: its key is another one."
                " Nothing was changed. Choose the file %(expected)s.",
                name=self.upload_name or self.env._("The file"),
                expected=erasure_list.path.name))) from error

    @api.model
    def action_open(self):
        """Open the page; saved, because only files of a saved record can be downloaded."""
        action = self.env['ir.actions.act_window']._for_xml_id('dsgvo.dsgvo_erasure_replay_action')
        return action | {'res_id': self.create({}).id}

    def action_replay(self):
        """Note again who was erased after the backup; the job erases them within a minute."""
        self.ensure_one()
        self.check_access('write')
        self._get_erasures()._replay(self._read_entries())
        return self.env['ir.actions.act_window']._for_xml_id('dsgvo.dsgvo_erasure_action')
