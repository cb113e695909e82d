"""The dry run of an erasure: what the engine would touch, found by the engine itself."""
from contextlib import closing

from .engine import ErasureEngine


class ErasurePreview(ErasureEngine):
    """Collects the rows of a batch of persons as an erasure does, and changes none of them."""

    def run(self):
        """Return what `ErasureEngine.run` would: rows to be removed, day up to which law keeps."""
        self.env.flush_all()
        with closing(self.env.cr.savepoint(flush=False)):
            self._create_rows()
            self.proof.note_values()
            held = self._hold()
            for way, rules in self.ways.items():
                if rules := rules.filtered(lambda r: r.erase != 'hold' and not self._is_link(r)):
                    self._collect(way, rules)
            return self._count(held)
