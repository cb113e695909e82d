"""Erases a batch of persons by the map of personal data, compiled to SQL.

Each rule is one statement for the whole batch; the rows were collected first, see `rows`. Nothing
here knows a model by name but the contact itself.
"""
import logging
from collections import defaultdict

from odoo import fields
from odoo.tools import SQL

from ..consent.ledger import recording
from ..jobs.isolation import LOCK_TIMEOUT, refuse_early
from ..map.arrays import as_array
from ..map.contact_columns import tells_who
from ..map.rows import CHUNK, PARTNER, ROWS, SIZE, PersonRows
from ..map.values import read_values
from .erased_person import ErasedPerson
from .failing import FailingPersons
from .links import PersonLinks
from .nothing import get_nothing
from .proof import ErasureProof, PersonStillFound

_logger = logging.getLogger(__name__)


class ContactsInUse(Exception):
    """Somebody is selling to these persons, or editing them, at this moment."""

    def __init__(self, subject_ids):
        super().__init__(f"{len(subject_ids)} persons")
        self.subject_ids = subject_ids


class PersonsFailed(Exception):
    """Some of the persons cannot be erased; `errors` is `{subject id: exception}`."""

    def __init__(self, errors):
        super().__init__(f"{len(errors)} persons")
        self.errors = errors


class ErasureEngine(FailingPersons, PersonLinks, PersonRows):
    """Erases one batch of persons.

    It never makes a sale wait. Orders may still refer to a contact that it has locked. It waits no
    longer than LOCK_TIMEOUT for the lock of somebody else. It deletes the contacts last.
    """

    def __init__(self, *args):
        super().__init__(*args)
        self.proof = None  # see _read_values

    def run(self):
        """Erase, and return an `ErasedPerson` for each person, in the order of the batch.

        A person whose documents the law keeps stays, with name and address. Once that period is
        over, entries keep a contact without the person. The caller owns the transaction: nothing is
        committed here.

        :raise PersonsFailed: if some of the persons cannot be erased; the others can go on
        :raise ContactsInUse: if somebody works with one of the persons; the others can go on
        """
        self.env.flush_all()
        self.execute("SELECT set_config('lock_timeout', %s, TRUE)", LOCK_TIMEOUT)
        self._create_rows()
        self._lock_contacts(SQL("FOR NO KEY UPDATE"))
        self._read_values()
        removed = self.find()
        self._read_conditions()
        kept = self.proof.count_kept(self)
        recipients = self.env['dsgvo.erasure.recipient']._find(self)
        self._spare_deleted()
        with recording(self.env):  # decisions stay in the ledger, without the person
            self._follow_rules()
        self._try(self._archive_held)
        self._try(self._scrub_bound)
        self._delete()
        places, searched = self.proof.search(self)
        self.errors |= {person: PersonStillFound(models) for person, models in places.items()}
        persons = self._describe_persons(removed, kept, recipients, searched)
        step = self._delete_for_good if self._refuse_early() else self._delete_way
        # From here on a sale to one of the persons would have to wait: so this comes last.
        self._lock_contacts(SQL("FOR UPDATE"))
        self._look_again()
        self._delete_contacts(step)
        if self.errors:
            raise PersonsFailed(self.errors)
        self.env.invalidate_all(flush=False)
        if self._are_cached(self.models - {PARTNER}):
            self.env.registry.clear_cache()  # of all workers
        return persons

    def run_on(self, model):
        """Treat the rows of one model, and the files on them, as `run` does, and nothing else.

        This is for persons whom somebody else deletes; their links to the rows stay.

        :raise Exception: any error that the treatment of one person raises
        """
        self.env.flush_all()
        self._create_rows()
        self._read_values()
        ways = {way: rules for way, rules in self.ways.items() if way[0] == model}
        for way, rules in ways.items():
            if acting := rules.filtered(self._acts_on_row):
                self._collect(way, acting)
        # Files hang on rows: those on the contacts are not meant.
        self.execute("DELETE FROM %s WHERE model = %s", ROWS, PARTNER)
        for way, rules in self.ways.items():
            if way[0] == 'ir.attachment':
                self._collect(way, rules)
        for way, rules in ways.items():
            self._treat_rows(way, rules)
        self._delete()
        for error in self.errors.values():
            raise error
        self.env.invalidate_all(flush=False)

    def _read_values(self):
        self.values = read_values(self)
        self.proof = ErasureProof(self.env, self.values)

    def _describe_persons(self, removed, kept, recipients, searched):
        """Return the data to hand on, while the contacts are still there."""
        now, values = fields.Datetime.now(), self.values
        persons = []
        for subject_id, _anonymous_id in self.erasures:
            needles = values.needles[subject_id]
            persons.append(ErasedPerson(
                subject_id=subject_id, created=values.created[subject_id],
                removed=removed[subject_id], deleted=self.deleted[subject_id],
                until=self.held.get(subject_id),
                kept=kept[subject_id], recipients=recipients.get(subject_id, []),
                addresses=values.addresses[subject_id],
                marks=self.owners.leave_out_shared(needles.certain | needles.doubtful),
                sought={mark.kind for mark in needles.certain | needles.own},
                searched=searched[subject_id], verified=now))
        return persons

    def _follow_rules(self):
        for way, rules in self.ways.items():
            self._treat_rows(way, rules)
            for rule in rules.filtered(self._is_link):
                self._try(self._unlink_partner, rule)
        for rule in self.methods:
            getattr(rule, rule.method)(self)

    # === WHO WORKS WITH THEM === #

    def _lock_contacts(self, strength):
        """Lock the contacts without waiting for anybody."""
        contacts = SQL("r.model = %s AND r.way = -1", PARTNER)
        if busy := self.execute("""
            WITH free AS (
                SELECT p.id FROM res_partner p JOIN %s r ON r.id = p.id WHERE %s
                   %s OF p SKIP LOCKED)
            SELECT DISTINCT r.subject_id FROM %s r WHERE %s AND r.id NOT IN (SELECT id FROM free)
        """, ROWS, contacts, strength, ROWS, contacts):
            raise ContactsInUse({subject_id for subject_id, in busy})

    def _look_again(self):
        """Raise if a document of a person came while this transaction, which cannot see it, ran."""
        contacts = dict(self.execute("SELECT id, subject_id FROM %s AS person", self.persons))
        late = set()
        with self.env.registry.cursor() as cr:
            # An installation or update under way holds whole tables: it is its turn first, too.
            cr.execute("SELECT set_config('lock_timeout', %s, TRUE)", [LOCK_TIMEOUT])
            ids = as_array(contacts)
            documents = self.rules.filtered(self._is_document)
            for model, field in documents.grouped(lambda rule: (rule.model, rule.field)):
                name, table = SQL.identifier(field), self.table(model)
                cr.execute(SQL(
                    "SELECT id, %s FROM %s WHERE %s = ANY(%s::int[])", name, table, name, ids),
                    log_exceptions=False)
                if not (found := dict(cr.fetchall())):
                    continue
                known = {row_id for row_id, in self.execute(
                    "SELECT id FROM %s WHERE id = ANY(%s::int[])", table, as_array(found))}
                late.update(contacts[found[row_id]] for row_id in found.keys() - known)
        if late:
            raise ContactsInUse(late)

    # === WHAT BECOMES OF THEM === #

    def _treat_rows(self, way, rules):
        if self.numbers[way] not in self.filled:
            return
        acting = rules.filtered(self._acts_on_row)
        self._try(self._update, way, acting.filtered(lambda rule: rule.erase != 'redact'))
        for rule in acting.filtered(lambda rule: rule.erase == 'redact'):
            self._try(self._redact, way, rule)

    def _update(self, way, rules):
        model, reached_by, *_rest = way
        own_fields = self.env[model]._fields
        rows = self._rows_that_stay(way)
        values = {}
        for rule in rules.filtered(lambda rule: rule.erase != 'delete'):
            field = own_fields[rule.field]
            if field.type == 'many2many':
                self.execute("DELETE FROM %s t USING %s r WHERE %s AND t.%s = r.id",
                              SQL.identifier(field.relation), ROWS, rows,
                              SQL.identifier(field.column1))
            else:
                values[SQL.identifier(rule.field)] = self._new_value(rule)
        if values:
            if (model, reached_by) in self.links:
                values = self._get_new_links(model) | values
            self.execute(
                "UPDATE %s t SET %s FROM %s r WHERE %s AND t.id = r.id AND (%s)",
                self.table(model),
                SQL(", ").join(SQL("%s = %s", name, value) for name, value in values.items()),
                ROWS, rows,  # most are empty already, and to write a row costs the most
                SQL(" OR ").join(
                    SQL("t.%s IS DISTINCT FROM %s", *value) for value in values.items()))

    def _rows_that_stay(self, way):
        rows = SQL("r.model = %s AND r.way = %s", way[0], self.numbers[way])
        if way[0] == PARTNER:  # all others of them are deleted
            rows = SQL("%s AND (r.held OR r.bound)", rows)
        return rows

    def _new_value(self, rule):
        if rule.erase == 'replace':  # random: a placeholder must not tell whose it was
            return SQL("gen_random_uuid()::varchar")
        return get_nothing(self.env, self.env[rule.model]._fields[rule.field])

    def _redact(self, way, rule):
        """Take the persons out of a text. Only rows that name one are written.

        A row of a person is searched for this one; a row of somebody else for those to whom it
        refers, and for who of the batch is certainly meant.
        """
        table, column, last_id = self.table(way[0]), SQL.identifier(rule.field), 0
        while last_id is not None and (rows := self._read_texts(way, column, last_id)):
            changed = list((
                self._take_out_own if rule.is_about_person else self.mentions.take_out)(
                    way[0], rows).items())
            if changed:
                written = self.execute(
                    "UPDATE %s t SET %s = n.text::%s FROM unnest(%s, %s) AS n(id, text)"
                    " WHERE t.id = n.id RETURNING t.id, t.%s::varchar", table, column,
                    SQL(self.env[way[0]]._fields[rule.field].column_type[0]),
                    *map(list, zip(*changed, strict=True)), column)
                named = {(row_id, text) for row_id, _subject_ids, text in rows}
                done = {row_id for row_id, text in written if (row_id, text) not in named}
                if left := [row_id for row_id, _text in changed if row_id not in done]:
                    self._leave_out_left(way[0], SQL(
                        "%s AND t.id = r.id AND t.id = ANY(%s)", self._rows_that_stay(way), left))
            # Less than could be read at once, in however many bytes: these were the last ones.
            is_last = len(rows) < CHUNK and sum(len(text) for *_of, text in rows) < SIZE // 4
            last_id = None if is_last else rows[-1][0]

    def _read_texts(self, way, column, last_id):
        """Return the next `(row id, subject ids, text)` of a column, as many as SIZE allows."""
        return self.execute("""
            SELECT id, subject_ids, text FROM (
                SELECT *, sum(octet_length(text)) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING
                                                        AND 1 PRECEDING) AS size_before
                  FROM (
                    SELECT t.id, array_agg(r.subject_id) AS subject_ids, t.%s::varchar AS text
                      FROM %s t JOIN %s r ON %s AND t.id = r.id
                     WHERE t.id > %s AND t.%s IS NOT NULL GROUP BY t.id ORDER BY t.id LIMIT %s
                  ) chunk) sized
             WHERE size_before IS NULL OR size_before < %s ORDER BY id
        """, column, self.table(way[0]), ROWS, self._rows_that_stay(way), last_id, column, CHUNK,
            SIZE)

    def _take_out_own(self, model, rows):
        """Return `{row id: text}` of what changes in rows of the persons, for all of them."""
        texts, own = {}, defaultdict(list)
        for row_id, subject_ids, text in rows:
            texts[row_id] = text
            for subject_id in subject_ids:
                own[subject_id].append(row_id)
        engravings = self.proof.engravings.find(model, list(texts))
        changed = {}
        for subject_id, row_ids in own.items():
            changed |= self.proof.take_out(
                model, {row_id: changed.get(row_id, texts[row_id]) for row_id in row_ids},
                subject_id, engravings)
        return changed

    def _are_cached(self, models):
        """Return whether workers keep values from rows of one of these models in memory.

        Then the model itself has a cached method. Those of mixins remember fields, not rows.
        """
        return any(
            hasattr(method, '__cache__') for model in models
            for cls in type(self.env[model]).mro() if cls.__dict__.get('_name') == model
            for method in vars(cls).values())

    def _archive_held(self):
        """Hide those whom the law keeps from search, till and mailing (Art. 18 DSGVO)."""
        self.execute("""
            UPDATE res_partner t SET active = FALSE, dsgvo_restricted = TRUE
              FROM %s r WHERE r.model = %s AND r.way = -1 AND r.held AND r.id = t.id
        """, ROWS, PARTNER)

    def _scrub_bound(self):
        """Empty the contacts on entries whose period is over; the entries stay.

        The name becomes random. Only columns stay that the books need and that do not tell who it
        was, see KEPT_WHEN_EMPTIED.
        """
        own_fields = [field for field in self.env[PARTNER]._fields.values() if tells_who(field)]
        bound = SQL("(SELECT id FROM %s WHERE model = %s AND way = -1 AND bound AND NOT held)",
                    ROWS, PARTNER)
        placeholder = SQL("r.placeholder || '.invalid'")
        assignments = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(field.name),
                placeholder if field.name in ('name', 'complete_name')
                else get_nothing(self.env, field))
            for field in own_fields if field.column_type)
        self.execute("""
            UPDATE res_partner t
               SET active = FALSE, dsgvo_erased = TRUE, commercial_partner_id = t.id, %s
              FROM (SELECT id, gen_random_uuid()::varchar AS placeholder FROM %s bound) r
             WHERE r.id = t.id
        """, assignments, bound)
        if not self.env.cr.rowcount:
            return
        # Before that, Odoo's audit trail would refuse it.
        _logger.info("%s contacts emptied, with their audit trail: the periods of all their"
                     " entries are over", self.env.cr.rowcount)
        for field in own_fields:
            if field.type == 'many2many':
                self.execute("DELETE FROM %s WHERE %s IN %s", SQL.identifier(field.relation),
                              SQL.identifier(field.column1), bound)

    def _delete(self):
        """Delete the rows in reverse order, so that lines go before the rows on which they hang."""
        self._mark_files()
        for way, rules in reversed(self.ways.items()):
            if self.numbers[way] in self.filled and way[0] != PARTNER and self._deletes(rules):
                self._try(self._delete_way, way)

    def _delete_contacts(self, step):
        for way, rules in self.ways.items():
            if way[0] == PARTNER and self._deletes(rules):
                self._try(step, way)

    def _delete_for_good(self, way):
        """Delete, and let it fail with its step if it would at the commit."""
        self._delete_way(way)
        refuse_early(self.env.cr)

    def _delete_way(self, way):
        rows = SQL("r.model = %s AND r.way = %s AND t.id = r.id", way[0], self.numbers[way])
        self.execute("DELETE FROM %s t USING %s r WHERE %s", self.table(way[0]), ROWS, rows)
        self._leave_out_left(way[0], rows)

    def _leave_out_left(self, model, rows):
        """Leave out the persons whose rows a trigger or rule of the database kept as they were."""
        if left := self.execute("SELECT DISTINCT r.subject_id FROM %s t JOIN %s r ON %s",
                                 self.table(model), ROWS, rows):
            self._leave_out({subject_id: PersonStillFound([model]) for subject_id, in left})

    def _mark_files(self):
        """Hand the files of deleted attachments to Odoo's collector, which removes them later."""
        Attachment = self.env['ir.attachment']
        for (fname,) in self.execute("""
            SELECT DISTINCT t.store_fname FROM ir_attachment t
              JOIN %s r ON r.model = 'ir.attachment' AND r.id = t.id
             WHERE t.store_fname IS NOT NULL
        """, ROWS):
            Attachment._mark_for_gc(fname)
