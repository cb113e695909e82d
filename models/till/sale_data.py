"""The data of a sale that a till sends: rows in rows, and links to records that may be gone."""
from collections import defaultdict
from typing import NamedTuple

from odoo.fields import Command
from odoo.tools import SQL

PARTNER = 'res.partner'
# The money and the goods of a sale: without one of these rows it would be another sale.
SOLD = ('lines', 'payment_ids')


class Row(NamedTuple):
    """The values of one record in the data of a sale.

    :param model: an empty recordset of the record's model
    :param parent: the `Row` on which it hangs, None for the order
    :param name: the field of the parent that holds it
    :param command: the command that creates or changes it, one of the list `siblings`
    """
    model: object
    values: dict
    parent: 'Row' = None
    name: str = None
    siblings: list = None
    command: list = None

    @property
    def is_extra(self):
        """Whether there is a sale without it: it is not the order, nor a line or a payment."""
        return bool(self.parent and (self.parent.parent or self.name not in SOLD))

    def get_rows(self):
        """Yield this row and those in it."""
        yield self
        for name, value in self.values.items():
            field = self.model._fields.get(name)
            if field and field.type in ('one2many', 'many2many') and value:
                self.values[name] = commands = list(value)
                for command in commands:
                    if _get_code(command) in (Command.CREATE, Command.UPDATE):
                        yield from Row(self.model.env[field.comodel_name], command[2], self,
                                       name, commands, command).get_rows()

    def get_links(self):
        """Yield `(field, ids)` of links that can go from the row, or with it from the sale."""
        for name, value in self.values.items():
            field = self.model._fields.get(name)
            if not field or not field.store or not value:
                continue
            if field.type == 'many2one' and (self.is_extra or not field.required):
                yield field, _filter_ids([value])
            elif field.type in ('one2many', 'many2many') and (self.parent or name not in SOLD):
                yield field, _filter_ids(
                    linked for command in value for linked in _get_linked(command))

    def unlink_from(self, field, ids):
        """Take links to these records out, or the row if it cannot be without one of them."""
        if field.type != 'many2one':
            self.values[field.name][:] = [
                Command.set([linked for linked in command[2] if linked not in ids])
                if _get_code(command) == Command.SET else command
                for command in self.values[field.name]
                if _get_code(command) == Command.SET or not ids.intersection(_get_linked(command))]
        elif field.required:
            self.drop()
        else:
            self.values[field.name] = False

    def relink(self, field, successors):
        """Let links lead to the records that took the place of others.

        :param dict successors: ids of those records by the ids that are gone
        """
        value = self.values[field.name]
        if field.type == 'many2one':
            self.values[field.name] = successors.get(value, value)
        else:
            value[:] = [
                Command.set([successors.get(linked, linked) for linked in command[2]])
                if _get_code(command) == Command.SET
                else Command.link(successors[linked[0]])
                if (linked := _get_linked(command)) and linked[0] in successors
                else command for command in value]

    def drop(self):
        self.siblings[:] = [other for other in self.siblings if other is not self.command]


def _get_code(command):
    """Return the kind of a command; a mere id is a link."""
    return Command.LINK if isinstance(command, int) else command[0]


def _get_linked(command):
    """Return the ids that a command links to."""
    if isinstance(command, int):
        return [command]
    return {Command.LINK: command[1:2], Command.SET: command[-1]}.get(command[0], ())


def _filter_ids(values):
    """Return ids without those that a till gives to records not stored yet."""
    return {value for value in values if isinstance(value, int) and value > 0}


class SaleData:
    """The data of one sale, read once; `_process_order` of Odoo then finds them changed.

    :param Order: empty `pos.order`
    :param dict order: the data that the till sent
    """

    def __init__(self, Order, order):
        self.env = Order.env
        self.rows = list(Row(Order, order).get_rows())
        self.links = [(row, *link) for row in self.rows for link in row.get_links()]

    def find_gone(self, names=None, partner_ids=()):
        """Return `{model: ids}` of linked records that are not there; one query.

        Contacts to whom nobody may sell any more are gone as well.

        :param names: of the fields to look at, None for all
        :param partner_ids: contacts to look at besides
        """
        linked = defaultdict(set)
        for _row, field, ids in self.links:
            if ids and (names is None or field.name in names):
                linked[field.comodel_name] |= ids
        if partner_ids:
            linked[PARTNER].update(partner_ids)
        gone = defaultdict(set)
        for comodel, record_id in self.env.execute_query(SQL(" UNION ALL ").join(
                SQL("SELECT %s, id FROM unnest(%s) AS linked(id) WHERE id NOT IN %s",
                    comodel, list(ids), self._known_sql(comodel, ids))
                for comodel, ids in linked.items())) if linked else ():
            gone[comodel].add(record_id)
        return gone

    def _known_sql(self, comodel, ids):
        """Return the sub-select of those of the ids that are there, and can be sold to."""
        Model = self.env[comodel]
        if comodel == PARTNER:
            return SQL("(%s)", Model.browse(ids)._dsgvo_customers_query())
        return SQL(
            "(SELECT id FROM %s WHERE id = ANY(%s))", SQL.identifier(Model._table), list(ids))

    def follow_merges(self, gone, company):
        """Let the contact that others were merged into stand where they are named.

        :param dict gone: of `find_gone`; loses the contacts that were found again
        :param company: that sells
        """
        if not gone[PARTNER]:
            return
        successors = self.env['dsgvo.merged.contact']._get_successors(gone[PARTNER], company)
        if successors:
            gone[PARTNER] = gone[PARTNER].difference(successors)
            for row, field, ids in self.links:
                if field.comodel_name == PARTNER and not ids.isdisjoint(successors):
                    row.relink(field, successors)

    def drop(self, gone):
        """Take links to deleted records out, but not the customer of the order.

        :return: `{(model, field name)}`, contacts left out
        """
        dropped = set()
        for row, field, ids in self.links:
            lost = ids & gone[field.comodel_name]
            if lost and (row.parent or field.name != 'partner_id'):
                row.unlink_from(field, lost)
                if field.comodel_name != PARTNER:
                    dropped.add((row.model._name, field.name))
        return dropped

    def forget(self, gone, is_lost):
        """Keep no text about a person who is gone in rows that hang on the order and its lines.

        A row belongs to the contact in it, or else to the customer of the row that it hangs on.

        :param bool is_lost: whether the customer of the order is gone
        """
        lost = {}
        for row in self.rows:
            partner_id = row.parent and row.values.get('partner_id')
            lost[id(row)] = (
                partner_id in gone[PARTNER] if partner_id
                else lost[id(row.parent)] if row.parent else is_lost)
        if rows := [row for row in self.rows if row.is_extra and lost[id(row)]]:
            # sudo: dsgvo.erasure - what is emptied follows from the map, not from who sells
            stay = self.env['dsgvo.erasure'].sudo()._empty_values(
                [(row.model._name, row.values) for row in rows])
            for row, stays in zip(rows, stay, strict=True):
                if not stays:
                    row.drop()
