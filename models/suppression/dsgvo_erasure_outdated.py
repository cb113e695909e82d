import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .erasure_list import ForeignList

_logger = logging.getLogger(__name__)


class DsgvoErasure(models.Model):
    """Drops the traces that recognise erased customers, once no backup knows them any more."""
    _inherit = 'dsgvo.erasure'

    @api.model
    def _get_first_day_of_list(self):
        """Return the first day that a backup may be from, None if the officer entered no period."""
        retention = self.env.ref('dsgvo.retention_erasure_list', raise_if_not_found=False)
        # sudo: dsgvo.retention - how long backups live, whoever looks
        days = retention and retention.sudo().days
        return self.env.company._dsgvo_today() - timedelta(days=days) if days else None

    @api.model
    def _get_end_of_list(self):
        """Return a function: whether an entry of the list outside is of an earlier time.

        Objections never are: they count until they are withdrawn.
        """
        first_day = fields.Date.to_string(self._get_first_day_of_list()) or ''
        return lambda entry: entry.get('date', '') < first_day and (
            'erased' in entry or entry.get('reason') == 'erased')

    @api.model
    def _drop_outdated(self):
        """Drop hashes and entries of the list outside that no backup needs any more."""
        if not (first_day := self._get_first_day_of_list()):
            return
        try:
            self._get_list().drop(self._get_end_of_list())
        except (OSError, ForeignList) as error:
            _logger.error("The list of erasures cannot be shortened: %s", type(error).__name__)
        self.env.execute_query(SQL(
            "DELETE FROM dsgvo_suppression WHERE reason = 'erased' AND since < %s RETURNING id",
            first_day))
        self.env.execute_query(SQL(
            "UPDATE dsgvo_erasure SET identity = NULL"
            " WHERE state = 'done' AND identity IS NOT NULL AND done_on < %s RETURNING id",
            first_day))
        self.env.invalidate_all()


class DsgvoErasurePeriod(models.Model):
    _inherit = 'dsgvo.erasure.period'

    @api.model
    def _cron_find(self):
        result = super()._cron_find()
        self.env['dsgvo.erasure']._drop_outdated()
        return result
