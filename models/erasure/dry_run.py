"""The dry run of an erasure: the rows that the engine would touch, found by the same code."""
from contextlib import closing
from datetime import date
from typing import NamedTuple

from ..map.rows import PersonRows
from ..map.values import read_values


class Forecast(NamedTuple):
    """What an erasure would do with a person."""
    removed: dict
    """`{model: number of rows}`, see `ErasedPerson`."""
    deleted: dict
    """`{model: number of rows}` of those that would be deleted."""
    until: date | None
    """The day up to which the law keeps documents of the person, None if it keeps none."""


class DryRun(PersonRows):
    """Collects the rows of a batch of persons as an erasure does, and changes none of them."""

    def run(self):
        """Return `{subject id: Forecast}`."""
        self.env.flush_all()
        with closing(self.env.cr.savepoint(flush=False)):
            self._create_rows()
            self.values = read_values(self)
            removed = self.find()
        return {
            subject_id: Forecast(rows, self.deleted[subject_id], self.held.get(subject_id))
            for subject_id, rows in removed.items()}
