"""Finds the rows of a batch of persons by the map of personal data, and changes none of them.

They are collected in a temporary table, rule by rule in the order of the map, so that a rule can
reach its rows through those of an earlier one. Nothing here knows a model by name but the contact.
"""
from collections import defaultdict
from datetime import date
from functools import cached_property

from odoo.tools import SQL

from ..jobs.isolation import without_jit
from .address_owners import VALUE_COLUMNS, AddressOwners
from .filled_tables import find_filled
from .mentions import Mentions

ROWS = SQL.identifier('dsgvo_erasure_row')
PARTNER = 'res.partner'
CHUNK = 1000  # rows that are read at a time
SIZE = 20_000_000  # bytes of their texts: an e-mail may hold pictures; one text may be larger
# What a company knows of a person without having done business.
NO_BUSINESS = ('consent', 'technical')


class PersonRows:
    """The rows of a batch of persons, and which of them the law keeps.

    Methods of other addons get this object as an argument. They may use its `execute`, `table`,
    `rows` and `persons`.

    :param env: environment with the rights of the superuser
    :param list erasures: pairs `(subject id, anonymous partner id)`
    """
    rows = ROWS
    """The temporary table of all rows found: `model`, `id`, `owned` by the person, `subject_id`,
    and whether the person is `held` and the contact `bound`."""
    persons = SQL("(SELECT id, subject_id, anonymous_id FROM %s WHERE model = %s AND way = -1)",
                  ROWS, PARTNER)
    """The contacts of the persons, to be read like a table with an alias: `id`, `subject_id`, and
    `anonymous_id`, the anonymous customer of the company that erases."""

    def __init__(self, env, erasures):
        self.env = env
        self.erasures = erasures
        self.values = None  # see read_values; `find` needs them
        self.held = {}  # {subject id: last day}, see _hold
        self.kept_rows = defaultdict(lambda: defaultdict(set))  # {subject id: {model: row ids}}
        self.filled = set()  # numbers of the ways on which there are rows
        self.models = {PARTNER}  # of which there are rows
        self.rules = env['dsgvo.data.rule']._get_treating()
        self.methods = self.rules.filtered(lambda rule: rule.erase == 'method')
        self.rules -= self.methods
        self.kept_models = {PARTNER} | {
            rule.model for rule in self.rules if rule.erase == 'hold'
            or (rule.kept_while_held and self._acts_on_row(rule))}
        # One number per way to rows of one model: rules that share it share a statement.
        self.ways = self.rules.grouped(lambda rule: (
            rule.model, rule.reached_by, rule.domain, rule.kept_while_held,
            rule.is_about_person, self._is_mention(rule)))
        self.numbers = {way: number for number, way in enumerate(self.ways)}
        self.tables = set()  # those with rows, see _create_rows
        self.owners = None

    @cached_property
    def mentions(self):
        """Finds the persons in rows of others; they must be known, see `read_values`."""
        return Mentions(self.env, self.values.finder)

    def find(self):
        """Collect the rows; return `{subject id: {model: rows}}` of those that an erasure changes.

        From then on, `held` says up to which day the law keeps the documents of a person. `deleted`
        counts in the same form the rows that go as a whole.
        """
        self.held = self._hold()
        for way, rules in self.ways.items():
            if rules := rules.filtered(lambda r: r.erase != 'hold' and not self._is_link(r)):
                self._collect(way, rules)
        return self._count()

    def _create_rows(self):
        without_jit(self.env.cr)
        self.execute("""
            CREATE TEMPORARY TABLE IF NOT EXISTS %s (
                model varchar, id int, way int, owned bool, subject_id int, held bool,
                anonymous_id int, bound bool, PRIMARY KEY (model, id, way, subject_id)
            ) ON COMMIT DELETE ROWS
        """, ROWS)
        self.execute("TRUNCATE %s", ROWS)  # rows that are only deleted would be read on
        subject_ids, anonymous_ids = zip(*self.erasures, strict=True)
        self.execute("""
            INSERT INTO %s
            SELECT %s, partner.id, -1, TRUE, erasure.subject_id, FALSE, erasure.anonymous_id, FALSE
              FROM unnest(%s::int[], %s::int[]) AS erasure(subject_id, anonymous_id)
              JOIN res_partner partner ON partner.dsgvo_subject_id = erasure.subject_id
        """, ROWS, PARTNER, list(subject_ids), list(anonymous_ids))
        self.tables = find_filled(self.env, {
            table for rule in self.rules for table in self._get_tables(rule)})
        self.owners = AddressOwners(
            self.env, ROWS, [way for way in self.ways if self.env[way[0]]._table in self.tables])

    def _get_tables(self, rule):
        """Return the tables in which there must be rows for a rule to find or treat any."""
        Model = self.env[rule.model]
        field = Model._fields[rule.field]
        if field.type == 'many2many' and self._is_link(rule):
            return [Model._table, field.relation]
        return [Model._table]

    def _has_rows(self, rule):
        return self.tables.issuperset(self._get_tables(rule))

    def find_last_days(self):
        """Return `{subject id: last day}` up to which the law keeps documents, past days too."""
        self.env.flush_all()
        self._create_rows()
        return self._find_documents()[0]

    def find_companies(self, companies):
        """Return `{subject id: companies}`: which of these have rows of the person, of any state.

        A row names a contact of the person, or an address or number that nobody else has. Rows that
        hang on it belong to the same company.
        """
        self.env.flush_all()
        self._create_rows()
        found = defaultdict(companies.browse)
        ways = {(rule.model, rule.reached_by) for rule in self.rules
                if rule.category not in NO_BUSINESS and self._leads_to_document(rule)
                and self._has_rows(rule)}
        for model, reached_by in ways:
            source, condition = self._reach(model, reached_by)
            for subject_id, company_id in self.execute("""
                SELECT DISTINCT r.subject_id, t.company_id
                  FROM %s t JOIN %s r ON %s WHERE t.company_id = ANY(%s)
            """, self.table(model), source, condition, companies.ids):
                found[subject_id] |= companies.browse(company_id)
        return found

    def _leads_to_document(self, rule):
        """Whether a rule leads in one step from a person to rows of which each has a company."""
        own_fields = self.env[rule.model]._fields
        kind, _colon, column = rule.reached_by.rpartition(':')
        if not ('company_id' in own_fields and own_fields['company_id'].store):
            return False
        if kind or ',' in column:
            return kind in VALUE_COLUMNS
        field = own_fields[column]
        return (rule.model == PARTNER and column == 'id') or (
            field.comodel_name == PARTNER and field.type in ('many2one', 'many2many'))

    def _hold(self):
        """Mark the persons kept by law, and the contacts to which old entries still refer.

        Return `{subject id: last day of the longest period that is not over}`.
        """
        today = self.env['res.company']._dsgvo_where_day_ends_last()._dsgvo_today()
        last_days, bound = self._find_documents()
        held = {subject_id: day for subject_id, day in last_days.items() if day >= today}
        self.execute("UPDATE %s SET held = TRUE WHERE subject_id = ANY(%s)", ROWS, list(held))
        self.execute("UPDATE %s SET bound = TRUE WHERE id = ANY(%s)", ROWS, list(bound))
        return held

    def _find_documents(self):
        """Return `({subject id: last day}, ids of the contacts that documents refer to)`."""
        last_days, bound = defaultdict(lambda: date.min), set()
        for rule in self.rules.filtered(lambda rule: rule.erase == 'hold' and self._has_rows(rule)):
            for contact_id, subject_id, last_day in self.execute("""
                SELECT r.id, r.subject_id, max(%s)
                  FROM %s t JOIN %s r ON r.model = %s AND r.way = -1 AND r.id = t.%s AND %s
                 GROUP BY r.id, r.subject_id
            """, rule._get_last_day(), self.table(rule.model), ROWS, PARTNER,
                    SQL.identifier(rule.reached_by), self._match(rule)):
                bound.add(contact_id)
                last_days[subject_id] = max(last_days[subject_id], last_day)
        return last_days, bound

    def _collect(self, way, rules):
        model, reached_by, *_rest = way
        if not self._has_rows(rules[0]):
            return
        if reached_by.startswith('needle:'):
            self._collect_by_text(way, rules)
        elif self._can_reach(model, reached_by):
            self._collect_by_link(way, rules)

    def _can_reach(self, model, reached_by):
        """Return whether there are rows that a way may start at."""
        field = self.env[model]._fields.get(reached_by)
        return reached_by == 'id' or not field or field.type == 'reference' or (
            field.comodel_name in self.models)

    def _collect_by_link(self, way, rules):
        model, reached_by, _domain, kept_while_held, owned, is_mention = way
        source, condition = self._reach(model, reached_by)
        if is_mention:
            condition = SQL("%s AND NOT EXISTS (SELECT FROM %s o WHERE o.model = %s AND o.id = t.id"
                            " AND o.subject_id = r.subject_id AND o.owned)", condition, ROWS, model)
        elif source is ROWS:
            condition = SQL("%s AND r.owned", condition)
        if model == PARTNER and self._deletes(rules):
            condition = SQL("%s AND NOT r.bound", condition)
        condition = SQL("%s AND %s", condition, self._match(rules[0]))
        if kept_while_held:
            self._note_kept(model, rules, SQL("%s t JOIN %s r ON %s AND r.held",
                                              self.table(model), source, condition))
            condition = SQL("%s AND NOT r.held", condition)
        # A row counts for each person of the batch as if this one were erased alone.
        self._add_rows(way, """
            INSERT INTO %s
            SELECT DISTINCT ON (t.id, r.subject_id)
                   %s, t.id, %s, %s, r.subject_id, r.held, r.anonymous_id, r.bound
              FROM %s t JOIN %s r ON %s
        """, ROWS, model, self.numbers[way], owned, self.table(model), source, condition)

    def _match(self, rule, column='id'):
        """Return SQL: whether the row whose id is in a column of `t` fulfils the condition."""
        if not (domain := rule._get_domain()):
            return SQL("TRUE")
        Model = self.env[rule.model].with_context(active_test=False)
        if domain.optimize_full(Model).is_false():
            return SQL("FALSE")
        # As it was entered: a condition on `res_field` makes Odoo search the files of fields, too.
        query, table = Model._search(domain), self.table(rule.model)
        if column == 'id' and query.from_clause == table:  # looks at no other row
            return SQL("EXISTS (SELECT FROM (SELECT t.*) AS %s WHERE %s)", table,
                       query.where_clause or SQL("TRUE"))
        # OFFSET keeps PostgreSQL from reading the whole table for the condition first.
        return SQL("EXISTS (SELECT FROM %s q WHERE q.id = t.%s OFFSET 0)", query.subselect(),
                   SQL.identifier(column))

    @property
    def has_foreign_contacts(self):
        """Whether a way led to other contacts than those of the persons."""
        return any(way[0] == PARTNER and way[1] != 'id' and number in self.filled
                   for way, number in self.numbers.items())

    def _add_rows(self, way, query, *args):
        self.execute(query, *args)
        if self.env.cr.rowcount:
            self.filled.add(self.numbers[way])
            self.models.add(way[0])

    def _note_kept(self, model, rules, rows):
        """Count rows that stay with the documents of persons held by law, for the certificate."""
        if self.held and rules.filtered(self._acts_on_row):
            for subject_id, row_ids in self.execute(
                    "SELECT r.subject_id, array_agg(DISTINCT t.id) FROM %s GROUP BY 1", rows):
                self.kept_rows[subject_id][model].update(row_ids)

    def _collect_by_text(self, way, rules):
        """Collect rows of others that name one of the persons; each is read once for all of them.

        A regular expression for each person would read all rows as many times. A name alone is
        enough for technical rows that are deleted as a whole: those of a namesake are no loss.
        """
        model, reached_by, *_rest = way
        column = SQL.identifier(reached_by.removeprefix('needle:'))
        goes_whole = all(
            rule.erase == 'delete' and rule.category == 'technical' for rule in rules)
        found, last_id = [], 0
        while rows := self.execute(
                "SELECT id, %s::text FROM %s WHERE id > %s AND %s IS NOT NULL ORDER BY id LIMIT %s",
                column, self.table(model), last_id, column, CHUNK):
            persons = {
                row_id: self.values.finder.find(text) for row_id, text in rows
            } if goes_whole else self.mentions.find(
                model, [(row_id, (), text) for row_id, text in rows])
            found += [(row_id, subject) for row_id in persons for subject in persons[row_id]]
            last_id = rows[-1][0]
        if found:
            self._add_rows(way, """
                INSERT INTO %s
                SELECT %s, t.id, %s, FALSE, r.subject_id, r.held, r.anonymous_id, r.bound
                  FROM unnest(%s, %s) AS t(id, subject_id)
                  JOIN %s r ON r.model = %s AND r.way = -1 AND r.id = t.subject_id
            """, ROWS, model, self.numbers[way], *map(list, zip(*found, strict=True)), ROWS,
                PARTNER)

    def _reach(self, model, reached_by):
        """Return `(table, join condition)` from the rows collected so far to those of the way."""
        if reached_by == 'id':
            return ROWS, SQL("r.model = %s AND r.way = -1 AND r.id = t.id", PARTNER)
        kind, _colon, column = reached_by.rpartition(':')
        if kind == 'contact':
            return ROWS, SQL(
                "r.model = %s AND r.way = -1 AND r.id = t.%s", PARTNER, SQL.identifier(column))
        if kind in VALUE_COLUMNS and self.owners.has_names(model):
            return self.owners.get_rows(model, kind, column), SQL("r.row_id = t.id")
        if kind:
            return self.owners.get_values(kind), SQL("r.value = t.%s", SQL.identifier(column))
        if ',' in reached_by:
            model_column, id_column = reached_by.split(',')
            return ROWS, SQL("r.model = t.%s AND r.id = t.%s",
                             SQL.identifier(model_column), SQL.identifier(id_column))
        return ROWS, self._reach_by_field(self.env[model]._fields[reached_by])

    def _reach_by_field(self, field):
        if field.type == 'reference':
            return SQL("t.%s = concat(r.model, ',', r.id)", SQL.identifier(field.name))
        rows = SQL("r.model = %s", field.comodel_name)
        if field.comodel_name == PARTNER and not self.has_foreign_contacts:
            rows = SQL("%s AND r.way = -1", rows)  # each once
        if field.type == 'one2many':
            return SQL("%s AND t.id = (SELECT c.%s FROM %s c WHERE c.id = r.id)", rows,
                       SQL.identifier(field.inverse_name), self.table(field.comodel_name))
        if field.type == 'many2many':
            return SQL("%s AND EXISTS (SELECT FROM %s c WHERE c.%s = t.id AND c.%s = r.id)", rows,
                       SQL.identifier(field.relation), SQL.identifier(field.column1),
                       SQL.identifier(field.column2))
        return SQL("%s AND r.id = t.%s", rows, SQL.identifier(field.name))

    def _spare_deleted(self):
        """Forget on which other ways there are rows that are deleted: no need to empty them."""
        deleting = [self.numbers[way] for way, rules in self.ways.items()
                    if way[0] != PARTNER and self._deletes(rules)]
        self.execute("""
            DELETE FROM %s r USING %s deleted
             WHERE deleted.model = r.model AND deleted.id = r.id AND deleted.way = ANY(%s)
               AND r.way != ALL(%s)
        """, ROWS, ROWS, deleting, deleting)

    def _count(self):
        changed = {subject_id: {} for subject_id, _anonymous_id in self.erasures}
        self.deleted = {subject_id: {} for subject_id in changed}
        acting = [
            self.numbers[way]
            for way, rules in self.ways.items() if rules.filtered(self._acts_on_row)]
        deleting = [self.numbers[way] for way, rules in self.ways.items() if self._deletes(rules)]
        for subject_id, model, rows, deleted in self.execute("""
            SELECT subject_id, model, count(DISTINCT id),
                   count(DISTINCT id) FILTER (WHERE way = ANY(%s))
              FROM %s WHERE way = ANY(%s)
             GROUP BY subject_id, model
        """, deleting, ROWS, acting):
            changed[subject_id][model] = rows
            if deleted:
                self.deleted[subject_id][model] = deleted
        return changed

    # === RULES === #

    def _is_link(self, rule):
        return (
            rule.erase in ('replace', 'detach')
            and self.env[rule.model]._fields[rule.field].comodel_name == PARTNER)

    def _is_mention(self, rule):
        """Whether a rule takes the person out of rows of others."""
        return rule.erase == 'redact' and not rule.is_about_person

    def _is_document(self, rule):
        """Whether the row stays with the books when the person goes."""
        return self.env[rule.model]._fields[rule.field].type == 'many2one' and (
            rule.erase == 'hold' or (rule.erase == 'replace' and self._is_link(rule)))

    def _acts_on_row(self, rule):
        return rule.erase not in ('keep', 'hold') and not self._is_link(rule)

    def _deletes(self, rules):
        return any(rule.erase == 'delete' and self._acts_on_row(rule) for rule in rules)

    # === SQL === #

    def table(self, model):
        """Return the table of a model, to stand in a query."""
        return SQL.identifier(self.env[model]._table)

    def execute(self, query, *args):
        """Return the rows of a query, whose arguments may be `SQL`; [] for one without an answer.

        Nothing is flushed. An error leaves no query in the log, which would name the person.
        """
        self.env.cr.execute(SQL(query, *args), log_exceptions=False)
        return self.env.cr.fetchall() if self.env.cr.description else []
