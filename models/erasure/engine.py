"""Compiles the map of personal data to SQL and runs it for a batch of persons.

The rows of the persons are collected in a temporary table first, rule by rule in the order of the
map, so that a rule can reach its rows through those of an earlier one. Then each rule is one
statement for the whole batch. Nothing here knows a model by name but the contact itself.
"""
import logging
from collections import defaultdict
from datetime import date

from odoo import fields
from odoo.tools import SQL

from .proof import NEEDLES, TEXT_TYPES, ErasureProof

_logger = logging.getLogger(__name__)
ROWS = SQL.identifier('dsgvo_erasure_row')
PARTNER = 'res.partner'
CHUNK = 1000  # rows that are read at a time
# Less than PostgreSQL's deadlock_timeout (1 s): the job gives up before the till is ever chosen.
LOCK_TIMEOUT = '200ms'
# Which column of a contact holds the normalized value of `email:…` and `phone:…`.
VALUE_COLUMNS = {'email': 'email_normalized', 'phone': 'phone_sanitized'}


class ContactsInUse(Exception):
    """Somebody is selling to these persons, or editing them, at this moment."""

    def __init__(self, subject_ids):
        super().__init__(f"{len(subject_ids)} persons")
        self.subject_ids = subject_ids


class ErasureEngine:
    """Erases one batch of persons.

    Never makes a sale wait: contacts are locked in a way that orders may still refer to them, a
    lock of somebody else is given up on after LOCK_TIMEOUT, and the contacts are deleted last.

    :param env: environment with the rights of the superuser
    :param list erasures: pairs `(subject id, anonymous partner id)`
    """

    def __init__(self, env, erasures):
        self.env = env
        self.erasures = erasures
        self.proof = ErasureProof(self, ROWS)
        self.rules = env['dsgvo.data.rule']._get_all()._awake().filtered(
            lambda rule: not rule._is_exemption())
        self.methods = self.rules.filtered(lambda rule: rule.erase == 'method')
        self.rules -= self.methods
        # One number per way to rows of one model: rules that share it share a statement.
        self.ways = self.rules.grouped(
            lambda rule: (rule.model, rule.reached_by, rule.domain, rule.kept_while_held))
        self.numbers = {way: number for number, way in enumerate(self.ways)}

    def run(self):
        """Erase and return `{subject id: {'removed': {model: rows}, 'until': date or None}}`.

        `until` is the day up to which the law keeps the person's documents; such a person stays
        with name and address. Where that day is over, entries keep a contact without the person.
        Commits nothing: the caller owns the transaction.

        :raise PersonStillFound: if one of the persons could still be found in own rows
        :raise ContactsInUse: if somebody works with one of the persons; the others can go on
        """
        self.env.flush_all()
        self._execute("SELECT set_config('lock_timeout', %s, TRUE)", LOCK_TIMEOUT)
        self._create_rows()
        self._lock_contacts(SQL("FOR NO KEY UPDATE"))
        self.proof.note_values()
        held = self._hold()
        for way, rules in self.ways.items():
            if rules := rules.filtered(lambda r: r.erase != 'hold' and not self._is_link(r)):
                self._collect(way, rules)
        outcome = self._count(held)
        for way, rules in self.ways.items():
            self._update(way, rules.filtered(self._acts_on_row))
            for rule in rules.filtered(self._is_link):
                self._unlink_partner(rule)
        for rule in self.methods:
            getattr(rule, rule.method)(self)
        self._archive_held()
        self._scrub_bound()
        self._delete()
        self.proof.search(outcome)
        # From here on a sale to one of the persons would have to wait: so this comes last.
        self._lock_contacts(SQL("FOR UPDATE"))
        self._look_again()
        self._delete_contacts()
        self.env.invalidate_all(flush=False)
        self.env.registry.clear_cache()
        return outcome

    # === WHO AND WHICH ROWS === #

    def _create_rows(self):
        self._execute("""
            CREATE TEMPORARY TABLE IF NOT EXISTS %s (
                model varchar, id int, way int, owned bool, subject_id int, held bool,
                anonymous_id int, bound bool, PRIMARY KEY (model, id, way)
            ) ON COMMIT DELETE ROWS
        """, ROWS)
        self._execute("DELETE FROM %s", ROWS)
        subject_ids, anonymous_ids = zip(*self.erasures, strict=True)
        self._execute("""
            INSERT INTO %s
            SELECT %s, partner.id, -1, TRUE, erasure.subject_id, FALSE, erasure.anonymous_id, FALSE
              FROM unnest(%s, %s) AS erasure(subject_id, anonymous_id)
              JOIN res_partner partner ON partner.dsgvo_subject_id = erasure.subject_id
        """, ROWS, PARTNER, list(subject_ids), list(anonymous_ids))

    def _lock_contacts(self, strength):
        """Lock the contacts without waiting for anybody."""
        contacts = SQL("r.model = %s AND r.way = -1", PARTNER)
        if busy := self._execute("""
            WITH free AS (
                SELECT p.id FROM res_partner p JOIN %s r ON r.id = p.id WHERE %s
                   %s OF p SKIP LOCKED)
            SELECT DISTINCT r.subject_id FROM %s r LEFT JOIN free USING (id)
             WHERE %s AND free.id IS NULL
        """, ROWS, contacts, strength, ROWS, contacts):
            raise ContactsInUse({subject_id for subject_id, in busy})

    def _look_again(self):
        """Raise if a document of a person came while this transaction, which cannot see it, ran."""
        contacts = dict(self._execute(
            "SELECT id, subject_id FROM %s WHERE model = %s AND way = -1", ROWS, PARTNER))
        late = set()
        with self.env.registry.cursor() as cr:
            # An installation or update under way holds whole tables: it is its turn first, too.
            cr.execute("SELECT set_config('lock_timeout', %s, TRUE)", [LOCK_TIMEOUT])
            for rule in self.rules.filtered(self._is_document):
                name, table = SQL.identifier(rule.field), self._table(rule.model)
                cr.execute(SQL(
                    "SELECT id, %s FROM %s WHERE %s = ANY(%s)", name, table, name, list(contacts)),
                    log_exceptions=False)
                found = dict(cr.fetchall())
                known = {row_id for row_id, in self._execute(
                    "SELECT id FROM %s WHERE id = ANY(%s)", table, list(found))}
                late.update(contacts[found[row_id]] for row_id in found.keys() - known)
        if late:
            raise ContactsInUse(late)

    def _hold(self):
        """Mark whom the law keeps, and the contacts that old entries still refer to.

        Return `{subject id: last day of the longest period that is not over}`.
        """
        today = fields.Date.context_today(self.env['dsgvo.erasure'])
        held, bound = defaultdict(lambda: date.min), set()
        for rule in self.rules.filtered(lambda rule: rule.erase == 'hold'):
            start = SQL.identifier('t', rule.retention_start or 'create_date')
            for contact_id, subject_id, year in self._execute("""
                SELECT r.id, r.subject_id, max(extract(year FROM coalesce(%s, t.create_date)))::int
                  FROM %s t JOIN %s r ON r.model = %s AND r.way = -1 AND r.id = t.%s
                 GROUP BY r.id, r.subject_id
            """, start, self._table(rule.model), ROWS, PARTNER, SQL.identifier(rule.reached_by)):
                bound.add(contact_id)
                until = date(year + rule.retention_years, 12, 31)
                if until >= today:
                    held[subject_id] = max(held[subject_id], until)
        self._execute("UPDATE %s SET held = TRUE WHERE subject_id = ANY(%s)", ROWS, list(held))
        self._execute("UPDATE %s SET bound = TRUE WHERE id = ANY(%s)", ROWS, list(bound))
        return held

    def _collect(self, way, rules):
        model, reached_by, _domain, kept_while_held = way
        owned = all(rules.mapped('owns'))
        if reached_by.startswith('needle:'):
            self._collect_by_text(way, owned)
            return
        mentions = not owned and set(rules.mapped('erase')) == {'redact'}
        source, condition = self._reach(model, reached_by)
        if mentions:
            condition = SQL("%s AND NOT EXISTS (SELECT FROM %s o WHERE o.model = %s AND o.id = t.id"
                            " AND o.owned)", condition, ROWS, model)
        elif source is ROWS:
            condition = SQL("%s AND r.owned", condition)
        if kept_while_held:
            condition = SQL("%s AND NOT r.held", condition)
        if model == PARTNER and self._deletes(rules):
            condition = SQL("%s AND NOT r.bound", condition)
        if domain := rules[0]._get_domain():
            query = self.env[model].with_context(active_test=False)._search(domain)
            # OFFSET keeps PostgreSQL from reading the whole table for the condition first.
            condition = SQL("%s AND EXISTS (SELECT FROM %s q WHERE q.id = t.id OFFSET 0)",
                            condition, query.subselect())
        self._execute("""
            INSERT INTO %s
            SELECT DISTINCT ON (t.id)
                   %s, t.id, %s, %s, r.subject_id, r.held, r.anonymous_id, r.bound
              FROM %s t JOIN %s r ON %s
             ORDER BY t.id, r.held DESC
        """, ROWS, model, self.numbers[way], owned, self._table(model), source, condition)

    def _collect_by_text(self, way, owned):
        """Collect rows of others that name one of the persons; each is read once for all of them.

        A regular expression for each person would read all rows as many times.
        """
        model, reached_by, _domain, _kept_while_held = way
        column = SQL.identifier(reached_by.removeprefix('needle:'))
        find, found, last_id = self.proof.finder.find, [], 0
        while rows := self._execute(
                "SELECT id, %s::text FROM %s WHERE id > %s AND %s IS NOT NULL ORDER BY id LIMIT %s",
                column, self._table(model), last_id, column, CHUNK):
            found += [(row_id, subject) for row_id, text in rows for subject in find(text)]
            last_id = rows[-1][0]
        if found:
            self._execute("""
                INSERT INTO %s
                SELECT DISTINCT ON (t.id)
                       %s, t.id, %s, %s, r.subject_id, r.held, r.anonymous_id, r.bound
                  FROM unnest(%s, %s) AS t(id, subject_id)
                  JOIN %s r ON r.model = %s AND r.way = -1 AND r.id = t.subject_id
                 ORDER BY t.id
            """, ROWS, model, self.numbers[way], owned, *map(list, zip(*found, strict=True)), ROWS,
                PARTNER)

    def _reach(self, model, reached_by):
        """Return `(table, join condition)` from the rows collected so far to those of the way."""
        if reached_by == 'id':
            return ROWS, SQL("r.model = %s AND r.way = -1 AND r.id = t.id", PARTNER)
        kind, _colon, column = reached_by.rpartition(':')
        if kind == 'contact':
            return ROWS, SQL(
                "r.model = %s AND r.way = -1 AND r.id = t.%s", PARTNER, SQL.identifier(column))
        if kind:
            return self._values(VALUE_COLUMNS[kind]), SQL("r.value = t.%s", SQL.identifier(column))
        if ',' in reached_by:
            model_column, id_column = reached_by.split(',')
            return ROWS, SQL("r.model = t.%s AND r.id = t.%s",
                             SQL.identifier(model_column), SQL.identifier(id_column))
        return ROWS, self._reach_by_field(self.env[model]._fields[reached_by])

    def _reach_by_field(self, field):
        rows = SQL("r.model = %s", field.comodel_name)
        if field.type == 'one2many':
            return SQL("%s AND t.id = (SELECT c.%s FROM %s c WHERE c.id = r.id)", rows,
                       SQL.identifier(field.inverse_name), self._table(field.comodel_name))
        if field.type == 'many2many':
            return SQL("%s AND EXISTS (SELECT FROM %s c WHERE c.%s = t.id AND c.%s = r.id)", rows,
                       SQL.identifier(field.relation), SQL.identifier(field.column1),
                       SQL.identifier(field.column2))
        return SQL("%s AND r.id = t.%s", rows, SQL.identifier(field.name))

    def _values(self, column):
        """Return the values of the persons that nobody else has, as a table."""
        column = SQL.identifier(column)
        return SQL("""(
            SELECT DISTINCT ON (p.%s) p.%s AS value, r.*
              FROM res_partner p JOIN %s r ON r.model = %s AND r.way = -1 AND r.id = p.id
             WHERE p.%s IS NOT NULL AND NOT EXISTS (
                SELECT FROM res_partner other
                 WHERE other.%s = p.%s AND other.dsgvo_subject_id != r.subject_id))""",
            column, column, ROWS, PARTNER, column, column, column)

    def _count(self, held):
        outcome = {
            subject_id: {'removed': {}, 'until': held.get(subject_id)}
            for subject_id, _anonymous_id in self.erasures}
        acting = [
            self.numbers[way]
            for way, rules in self.ways.items() if rules.filtered(self._acts_on_row)]
        for subject_id, model, rows in self._execute("""
            SELECT subject_id, model, count(DISTINCT id) FROM %s WHERE way = ANY(%s)
             GROUP BY subject_id, model
        """, ROWS, acting):
            outcome[subject_id]['removed'][model] = rows
        return outcome

    # === WHAT BECOMES OF THEM === #

    def _is_link(self, rule):
        return (
            rule.erase in ('replace', 'detach')
            and self.env[rule.model]._fields[rule.field].comodel_name == PARTNER)

    def _is_document(self, rule):
        """Whether the row stays with the books when the person goes."""
        return self.env[rule.model]._fields[rule.field].type == 'many2one' and (
            rule.erase == 'hold' or (rule.erase == 'replace' and self._is_link(rule)))

    def _acts_on_row(self, rule):
        return rule.erase not in ('keep', 'hold') and not self._is_link(rule)

    def _deletes(self, rules):
        return any(rule.erase == 'delete' and self._acts_on_row(rule) for rule in rules)

    def _update(self, way, rules):
        model = way[0]
        own_fields = self.env[model]._fields
        rows = SQL("r.model = %s AND r.way = %s", model, self.numbers[way])
        assignments = {}
        for rule in rules.filtered(lambda rule: rule.erase != 'delete'):
            field = own_fields[rule.field]
            if field.type == 'many2many':
                self._execute("DELETE FROM %s t USING %s r WHERE %s AND t.%s = r.id",
                              SQL.identifier(field.relation), ROWS, rows,
                              SQL.identifier(field.column1))
            else:
                assignments[rule.field] = SQL(
                    "%s = %s", SQL.identifier(rule.field), self._new_value(rule))
        if assignments:
            self._execute("""
                UPDATE %s t SET %s
                  FROM %s r LEFT JOIN %s n USING (subject_id)
                 WHERE %s AND t.id = r.id
            """, self._table(model), SQL(", ").join(assignments.values()), ROWS, NEEDLES, rows)

    def _new_value(self, rule):
        if rule.erase == 'replace':  # random: a placeholder must not tell whose it was
            return SQL("gen_random_uuid()::varchar")
        field = self.env[rule.model]._fields[rule.field]
        if rule.erase == 'redact':
            return self._redact(field, rule.owns)
        is_empty_text = field.required and field.type in ('char', 'text', 'html')
        return SQL("''") if is_empty_text else SQL("NULL")

    def _redact(self, field, owned):
        """A row that only mentions the person may mention another one of the batch as well."""
        pattern = SQL("n.pattern") if owned else SQL(
            "(SELECT string_agg(pattern, '|') FROM %s)", NEEDLES)
        return SQL("regexp_replace(t.%s::varchar, coalesce(%s, '$^'), '…', 'gi')::%s",
                   SQL.identifier(field.name), pattern, SQL(field.column_type[0]))

    def _unlink_partner(self, rule):
        """Let rows that only name the person, of whomever they are, name the anonymous customer."""
        field = self.env[rule.model]._fields[rule.field]
        persons = SQL(
            "r.model = %s AND r.way = -1 AND r.id = t.%s AND NOT (r.held AND %s)", PARTNER,
            SQL.identifier(field.column2 if field.type == 'many2many' else field.name),
            rule.kept_while_held)
        if field.type == 'many2many':
            self._execute("DELETE FROM %s t USING %s r WHERE %s",
                          SQL.identifier(field.relation), ROWS, persons)
        else:
            value = SQL("r.anonymous_id") if rule.erase == 'replace' else SQL("NULL")
            self._execute("UPDATE %s t SET %s = %s FROM %s r WHERE %s", self._table(rule.model),
                          SQL.identifier(field.name), value, ROWS, persons)

    def _archive_held(self):
        """Hide those whom the law keeps from search, till and mailing (Art. 18 DSGVO)."""
        self._execute("""
            UPDATE res_partner t SET active = FALSE, dsgvo_restricted = TRUE
              FROM %s r WHERE r.model = %s AND r.way = -1 AND r.held AND r.id = t.id
        """, ROWS, PARTNER)

    def _scrub_bound(self):
        """Empty the contacts that entries refer to whose period is over; the entries stay.

        The name becomes random. What books need and does not tell who it was stays: the accounts,
        the language, the country.
        """
        placeholder = SQL("r.placeholder || '.invalid'")
        assignments = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(field.name),
                placeholder if field.name in ('name', 'complete_name') else SQL("NULL"))
            for field in self.env[PARTNER]._fields.values() if self._tells_who(field))
        self._execute("""
            UPDATE res_partner t SET active = FALSE, dsgvo_erased = TRUE, %s
              FROM (SELECT id, gen_random_uuid()::varchar AS placeholder FROM %s
                     WHERE model = %s AND way = -1 AND bound AND NOT held) r
             WHERE r.id = t.id
        """, assignments, ROWS, PARTNER)
        if self.env.cr.rowcount:  # what Odoo's audit trail would not let anybody do before
            _logger.info("%s contacts emptied, with their audit trail: the periods of all their"
                         " entries are over", self.env.cr.rowcount)

    def _tells_who(self, field):
        return field.store and field.column_type and (
            field.type in (*TEXT_TYPES, 'date') or field.name.startswith('consent_')
            or (field.type == 'float' and not field.company_dependent))  # where the address lies

    def _delete(self):
        """Delete what was collected last first, so that lines go before what they hang on."""
        self._mark_files()
        for way, rules in reversed(self.ways.items()):
            if way[0] != PARTNER and self._deletes(rules):
                self._delete_way(way)

    def _delete_contacts(self):
        for way, rules in self.ways.items():
            if way[0] == PARTNER and self._deletes(rules):
                self._delete_way(way)

    def _delete_way(self, way):
        self._execute(
            "DELETE FROM %s t USING %s r WHERE r.model = %s AND r.way = %s AND t.id = r.id",
            self._table(way[0]), ROWS, way[0], self.numbers[way])

    def _mark_files(self):
        """Hand the files of deleted attachments to Odoo's collector, which removes them later."""
        Attachment = self.env['ir.attachment']
        for (fname,) in self._execute("""
            SELECT DISTINCT t.store_fname FROM ir_attachment t
              JOIN %s r ON r.model = 'ir.attachment' AND r.id = t.id
             WHERE t.store_fname IS NOT NULL
        """, ROWS):
            Attachment._mark_for_gc(fname)

    # === SQL === #

    def _table(self, model):
        return SQL.identifier(self.env[model]._table)

    def _execute(self, query, *args):
        self.env.cr.execute(SQL(query, *args), log_exceptions=False)
        return self.env.cr.fetchall() if self.env.cr.description else []
