import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, config
from odoo.tools.translate import LazyTranslate

from ..jobs.isolation import BUSY
from ..map.arrays import as_array
from .erasure_list import ErasureList

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)
CHUNK = 1000


class DsgvoErasure(models.Model):
    """Erasures are repeated when a backup was restored that does not know them."""
    _inherit = 'dsgvo.erasure'

    identity = fields.Char(
        readonly=True, copy=False, index='btree_not_null', groups='base.group_system',
        help="Keyed hash of the number of the contact and the moment when it was created: the same"
             " in every copy of this database, and in no other.")
    is_listed = fields.Boolean(
        readonly=True, copy=False, help="Is in the list outside the database.")
    is_replayed = fields.Boolean(
        "Repeated", readonly=True, copy=False,
        help="Was erased before; a restored backup brought the customer back.")

    _unlisted = models.Index("(id) WHERE identity IS NOT NULL AND is_listed IS NOT TRUE")

    def _prepare_evidence(self, person):
        return super()._prepare_evidence(person) | {
            'identity': self._get_identity(person.subject_id, person.created)}

    @api.model
    def _get_identity(self, contact_id, created):
        return self.env['dsgvo.suppression']._hash('contact', f'{contact_id}:{created}')

    @api.model
    def _get_list(self):
        return ErasureList(
            config['data_dir'], self.env.cr.dbname, self.env['dsgvo.suppression']._get_key())

    # === WRITING === #

    @api.model
    def _write_list(self):
        """Add committed erasures to the list outside that are not in it yet, and commit that.

        A worker that is killed before it could note that leaves a line twice, which does no harm.
        """
        unlisted = Domain('is_listed', '!=', True)
        Failure = self.env['dsgvo.job.failure']
        try:
            for records, domain in (
                    (self.env['dsgvo.suppression'], unlisted),
                    (self, unlisted & Domain('identity', '!=', False))):
                last_id, domain = 0, domain & Failure._get_paused_domain('list', records._name)
                while batch := records.search(
                        domain & Domain('id', '>', last_id), limit=CHUNK,
                        order='id').try_lock_for_update():
                    last_id = batch[-1].id
                    self._get_list().append([record._get_line() for record in batch])
                    Failure._run('list', batch, self._note_listed)
                    self.env['ir.cron']._commit_progress()
                    self.env.invalidate_all()
        except BUSY:  # another worker has just written these
            self.env.cr.rollback()
        except OSError as error:
            _logger.error("The list of erasures cannot be written: %s", error.strerror)
            self._remind_of_list()

    @api.model
    def _note_listed(self, records):
        """Note that records are in the list, by one statement.

        They are changed after the commit of the erasure then: a sale made while it ran, and sent by
        a till later, is still searched for them, see `_search_again`.
        """
        records.flush_recordset()
        self.env.execute_query(SQL(
            "UPDATE %s SET is_listed = TRUE, write_date = now() AT TIME ZONE 'UTC'"
            " WHERE id = ANY(%s::int[]) RETURNING id",
            SQL.identifier(records._table), as_array(records.ids)))
        records.invalidate_recordset(['is_listed', 'write_date'])

    def _get_line(self):
        """Return the line of an erasure in the list outside the database."""
        return {
            'erased': self.identity, 'company': self.company_id.id, 'reason': self.reason,
            'date': fields.Datetime.to_string(self.done_on or self.write_date)}

    def _remind_of_list(self):
        self.env['res.company']._dsgvo_remind_officers(
            _lt("DSGVO: the list of erasures cannot be written"), _lt(
                "The server cannot write into its data directory. If a backup is restored now, the"
                " erasures since then are not repeated. Tell your Odoo administrator."))

    def _cron_erase(self, batch_size=500):
        result = super()._cron_erase(batch_size)
        self._write_list()
        return result

    # === AFTER A RESTORE === #

    def _register_hook(self):
        """At the start of the server, see whether an older state of the database was restored."""
        super()._register_hook()
        cron = self.env.ref('dsgvo.ir_cron_replay', raise_if_not_found=False)
        if cron and self._is_behind_list():
            cron._trigger()

    def _is_behind_list(self):
        try:
            entries = self._get_list().read_tail()
        except OSError as error:  # nothing here may keep the database from starting
            _logger.error("The list of erasures cannot be read: %s", error.strerror)
            return False
        return bool(
            self._get_unknown(entries) or self.env['dsgvo.suppression']._get_unknown(entries))

    @api.model
    def _cron_replay(self):
        """Repeat the erasures that the list knows and this database does not."""
        if count := self._replay(self._get_list().read_entries()):
            self.env['res.company']._dsgvo_remind_officers(
                _lt("DSGVO: erasures are repeated"), _lt(
                    "A backup was restored. Customers who had been erased since and are now "
                    "erased again: %(count)s. The list of erasures shows the customers that are "
                    "blocked.",
                    count=count), 'dsgvo.dsgvo_erasure_action')

    @api.model
    def _replay(self, entries):
        """Note erased customers again, put the rest of the list back; return how many are noted.

        :param entries: as `ErasureList.read_entries` returns them
        """
        unknown = self._get_unknown(entries)
        found = self._find_contacts(unknown)
        left_out = 0
        for (company, reason), contacts in self._group(found, unknown).items():
            left_out += len(self.env['dsgvo.job.failure']._run(
                'replay', contacts.with_company(company),
                lambda some, reason=reason: self._enqueue_replayed(some, reason)))
        self._record_vanished(unknown, found)
        self.env['dsgvo.suppression']._replay(entries)
        if found:
            self._trigger_cron()
        return len(found) - left_out

    @api.model
    def _enqueue_replayed(self, contacts, reason):
        self._enqueue(contacts, reason, contacts.env.company)
        self.search(
            Domain('partner_id', 'in', contacts.ids) & Domain('state', 'in', ('due', 'blocked'))
        ).write({'is_replayed': True, 'is_listed': True, 'not_before': False})

    @api.model
    def _record_vanished(self, unknown, found):
        """Keep on record who came after the backup: nothing of them is in this database."""
        self.env['dsgvo.job.failure']._run_on_values('replay', [
            {'identity': identity, 'reason': entry['reason'], 'state': 'done',
             'done_on': entry['date'], 'company_id': self._get_company(entry).id,
             'is_replayed': True, 'is_listed': True}
            for identity, entry in unknown.items() if identity not in found], self.create)

    @api.model
    def _get_unknown(self, entries):
        """Return `{identity: entry}` of the erasures that this database does not know."""
        is_over = self._get_end_of_list()
        listed = {entry['erased']: entry for entry in entries
                  if 'erased' in entry and not is_over(entry)}
        known = {identity for identity, in self.env.execute_query(SQL(
            "SELECT identity FROM dsgvo_erasure WHERE identity = ANY(%s)", list(listed)))}
        return {identity: entry for identity, entry in listed.items() if identity not in known}

    @api.model
    def _find_contacts(self, unknown):
        """Return `{identity: contact id}` of the contacts that are the erased ones."""
        found, last_id = {}, 0
        while unknown and (rows := self.env.execute_query(SQL(
                "SELECT id, create_date FROM res_partner WHERE id > %s ORDER BY id LIMIT %s",
                last_id, CHUNK))):
            for contact_id, created in rows:
                identity = self._get_identity(contact_id, created)
                if identity in unknown:
                    found[identity] = contact_id
            last_id = rows[-1][0]
        return found

    def _group(self, found, unknown):
        """Return `{(company, reason): contacts}`."""
        groups = defaultdict(self.env['res.partner'].browse)
        for identity, contact_id in found.items():
            entry = unknown[identity]
            groups[self._get_company(entry), entry['reason']] |= (
                self.env['res.partner'].browse(contact_id))
        return groups

    def _get_company(self, entry):
        return self.env['res.company'].browse(entry['company']).exists() or self.env.company

    def _drop_obsolete(self):
        """A customer who was erased before goes again, whatever was agreed to before that."""
        return super(DsgvoErasure, self.filtered(
            lambda erasure: not erasure.is_replayed))._drop_obsolete()
