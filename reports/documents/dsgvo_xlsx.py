import tempfile
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from . import workbook
from .xlsx_tables import WORKBOOKS

OFFICER = 'dsgvo.group_officer'
CHUNK = 2000


class DsgvoXlsx(models.AbstractModel):
    """Tables of the officer as XLSX. They hold what the officer may read, and nothing else."""
    _name = 'dsgvo.xlsx'
    _description = "Tables as XLSX"

    @api.model
    def _make(self, name):
        """Return the bytes of a workbook.

        :param str name: a key of `WORKBOOKS`
        :raise AccessError: for who is no officer
        """
        with self._open(name) as written:
            return written.read()

    @api.model
    @contextmanager
    def _open(self, name):
        """Give a file with the workbook, which goes when the caller is done with it.

        The download is noted, without what was in it.
        """
        contents = WORKBOOKS[name]
        if not (self.env.su or self.env.user.has_group(OFFICER)):
            raise AccessError(self.env._(
                "Only privacy officers get tables of customers. Ask an officer for it."))
        with tempfile.TemporaryFile() as written:
            rows = workbook.write(
                written, map(self._get_table, contents.sources),
                self._get_titles()[name], self.env.lang or 'en_US',
                (self.env._("Yes"), self.env._("No")))
            # sudo: dsgvo.download - what Odoo itself notes, and nobody writes
            self.env['dsgvo.download'].sudo().create({'name': name, 'row_count': rows})
            written.seek(0)
            yield written

    @api.model
    def _get_titles(self):
        """Return `{name: title}` of the workbooks."""
        return {name: self.env._(contents.title) for name, contents in WORKBOOKS.items()}

    def _get_table(self, source):
        Model = self.env[source.model].with_context(active_test=False)
        described = Model.fields_get(source.fields, ['string'])
        return workbook.Table(
            self.env['ir.model']._get(source.model).name,
            [described[name]['string'] if name != 'id' else self.env._("Number")
             for name in source.fields],
            self._read_rows(Model, source))

    def _read_rows(self, Model, source):
        """Yield the rows, a chunk at a time, and forget each chunk afterwards."""
        domain = getattr(self, f'_get_{source.domain}_domain')() if source.domain else Domain.TRUE
        readers = [self._get_reader(Model, name) for name in source.fields]
        last = 0
        while records := Model.search(
                domain & Domain('id', '>', last), limit=CHUNK, order='id'):
            yield from zip(*[read(records) for read in readers], strict=True)
            last = records[-1].id
            self.env.invalidate_all()

    def _get_customer_domain(self):
        """Return the customers whom the register shows."""
        return self.env['dsgvo.consent.statistic']._get_customer_domain()

    def _get_local_time(self, time):
        if not time:
            return None
        return fields.Datetime.context_timestamp(self, time).replace(tzinfo=None)

    def _get_reader(self, Model, name):
        """Return the function that reads a field of many records as a workbook takes it."""
        field = Model._fields[name]
        if field.type == 'selection':
            labels = dict(field._description_selection(self.env))
            return lambda records: [labels.get(record[name]) for record in records]
        if field.type == 'datetime':
            return lambda records: [self._get_local_time(record[name]) for record in records]
        if field.relational:
            return lambda records: self._read_names(records, name)
        if field.type in ('boolean', 'integer', 'float'):
            return lambda records: [record[name] for record in records]
        return lambda records: [record[name] or None for record in records]

    def _read_names(self, records, name):
        # sudo: names of what a record links to, as each list of Odoo shows them
        names = {linked.id: linked.display_name for linked in records[name].sudo()}
        return [", ".join(filter(None, map(names.get, record[name].ids))) for record in records]


class DsgvoDownload(models.Model):
    """Who fetched which table, and when. Nothing of what was in it."""
    _name = 'dsgvo.download'
    _description = "Download of a Table"
    _order = 'id desc'

    name = fields.Selection('_get_names', "Table", required=True, readonly=True)
    row_count = fields.Integer("Rows", readonly=True)

    @api.model
    def _get_names(self):
        return list(self.env['dsgvo.xlsx']._get_titles().items())
