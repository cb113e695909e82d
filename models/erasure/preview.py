"""The dry run of an erasure: what the engine would touch, found by the same code."""
from contextlib import closing

from ..map.rows import PersonRows
from ..map.values import read_values


class ErasurePreview(PersonRows):
    """Collects the rows of a batch of persons as an erasure does, and changes none of them."""

    def run(self):
        """Return what `ErasureEngine.run` would: rows to be removed, day up to which law keeps."""
        self.env.flush_all()
        with closing(self.env.cr.savepoint(flush=False)):
            self._create_rows()
            self.values = read_values(self)
            return self.find()
