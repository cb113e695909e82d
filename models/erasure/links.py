"""Lets rows name the anonymous customer, or nobody, in place of a person."""
from odoo.tools import SQL

from ..map.rows import PARTNER, ROWS


class PersonLinks:
    """The part of the engine that treats links to the contacts; the engine extends it.

    Needs `env`, `rules`, `models` and `execute` of `PersonRows`.
    """

    def __init__(self, *args):
        super().__init__(*args)
        links = self.rules.filtered(self._is_link)
        self.links = links.grouped(lambda rule: (rule.model, rule.field))
        self.claimed = {}  # {link rule with a condition: ids of its rows}, see _read_conditions

    def _read_conditions(self):
        """Note which rows a link rule with a condition is for, before any row is changed."""
        for rule in self.rules.filtered(lambda rule: self._is_link(rule) and rule._get_domain()):
            table, row, column = self._get_link(rule)
            self.claimed[rule] = [row_id for row_id, in self.execute(
                "SELECT t.%s FROM %s t JOIN %s r ON r.model = %s AND r.way = -1 AND r.id = t.%s"
                " AND %s", SQL.identifier(row), table, ROWS, PARTNER, SQL.identifier(column),
                self._match(rule, row))]

    def _unlink_partner(self, rule):
        """Let rows that only name the person, of whomever they are, name the anonymous customer."""
        table, row, column = self._get_link(rule)
        persons = self._get_persons(rule)
        if row == 'id':
            self.execute("UPDATE %s t SET %s = %s FROM %s r WHERE %s", table,
                          SQL.identifier(column), self._get_successor(rule), ROWS, persons)
        else:
            self.execute("DELETE FROM %s t USING %s r WHERE %s", table, ROWS, persons)
        if self.env.cr.rowcount:
            self.models.add(rule.model)

    def _get_new_links(self, model):
        """Return `{column: new value}` of all links of rows `t`, as SQL.

        Whoever writes the rows anyway writes them once with it: to write a row again costs more,
        because PostgreSQL checks each of its references then.
        """
        return {SQL.identifier(field): SQL(
            "CASE %s ELSE t.%s END", SQL(" ").join(
                SQL("WHEN EXISTS (SELECT FROM %s r WHERE %s) THEN (SELECT %s FROM %s r WHERE %s)",
                    ROWS, persons, self._get_successor(rule), ROWS, persons)
                for rule in rules for persons in [self._get_persons(rule)]), SQL.identifier(field))
            for (name, field), rules in self.links.items()
            if name == model and self.env[model]._fields[field].type == 'many2one'}

    def _get_persons(self, rule):
        """Return which persons `r` a link rule takes out of a row `t`, as SQL."""
        _table, row, column = self._get_link(rule)
        own, of_gone = self._get_rows_of_link(rule, SQL("t.%s", SQL.identifier(row)))
        return SQL(
            "r.model = %s AND r.way = -1 AND r.id = t.%s AND (NOT r.held AND %s OR r.held AND %s)",
            PARTNER, SQL.identifier(column), of_gone,
            SQL("FALSE") if rule.kept_while_held else own)

    def _get_link(self, rule):
        """Return `(table, column of the row, column of the contact)` of the links of a rule."""
        field = self.env[rule.model]._fields[rule.field]
        if field.type == 'many2many':
            return SQL.identifier(field.relation), field.column1, field.column2
        return self.table(rule.model), 'id', field.name

    def _get_rows_of_link(self, rule, row):
        """Return which rows a link rule is for, as SQL: `(own rows, those left by who goes)`.

        A contact that goes leaves each row. Those that no condition is for are a matter of the rule
        without one, or else of the last rule of the column.

        :param SQL row: the id of the row
        """
        rules = self.links[rule.model, rule.field]
        others = [row_id for other in rules - rule for row_id in self.claimed.get(other, ())]
        rest = SQL("NOT %s = ANY(%s)", row, others) if others else SQL("TRUE")
        if rule not in self.claimed:
            return rest, rest
        own = SQL("%s = ANY(%s)", row, self.claimed[rule])
        takes_rest = rule == rules[-1] and all(other in self.claimed for other in rules)
        return own, rest if takes_rest else own

    def _get_successor(self, rule):
        """Return who takes the place of a person, as SQL: the anonymous customer, or nobody.

        It is the one of the company of a row `t`, or else of the erasure.
        """
        if rule.erase != 'replace':
            return SQL("NULL::int")
        company = self.env[rule.model]._fields.get('company_id')
        if not (company and company.store and company.comodel_name == 'res.company'):
            return SQL("r.anonymous_id")
        return SQL(
            "coalesce((SELECT c.dsgvo_anonymous_partner_id FROM res_company c"
            " WHERE c.id = t.company_id), r.anonymous_id)")
