"""Groups samples into fragments of about half a second, each sync sample opening one."""

from collections.abc import Iterable

from mingjian.base.ticks import TICKS_PER_S
from mingjian.media.samples import Sample

FRAGMENT_90K = TICKS_PER_S // 2


class Fragmenter:
    """Holds at most half a second of samples of one run."""

    def __init__(self) -> None:
        self._pending: list[Sample] = []

    def push(self, samples: Iterable[Sample]) -> list[list[Sample]]:
        """Return the fragments that these samples completed, in decoding order."""
        complete: list[list[Sample]] = []
        for sample in samples:
            pending = self._pending
            if pending and (sample.is_sync or sample.dts_90k - pending[0].dts_90k >= FRAGMENT_90K):
                complete.append(pending)
                self._pending = [sample]
            else:
                pending.append(sample)
        return complete

    def flush(self) -> list[list[Sample]]:
        """Return what is left, as at the end of a run."""
        left, self._pending = self._pending, []
        return [left] if left else []
