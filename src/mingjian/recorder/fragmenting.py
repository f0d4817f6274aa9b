"""Groups samples into fragments of about half a second, each group of pictures opening one."""

from collections.abc import Iterable

from mingjian.base.ticks import TICKS_PER_S
from mingjian.media.samples import Sample

FRAGMENT_90K = TICKS_PER_S // 2
# By the camera's clock half a second may be any length of time.
FRAGMENT_BYTES = 2 << 20


class Fragmenter:
    """Holds at most half a second, or two megabytes, of samples of one run."""

    def __init__(self) -> None:
        self._pending: list[Sample] = []
        self._pending_bytes = 0

    def push(self, samples: Iterable[Sample]) -> list[list[Sample]]:
        """Return the fragments that these samples completed, in decoding order."""
        complete: list[list[Sample]] = []
        for sample in samples:
            pending = self._pending
            size_bytes = len(sample.data)
            if pending and (
                # Where every picture is a sync sample, as in Motion JPEG, a fragment for each would cost far too much.
                (sample.is_sync and not pending[-1].is_sync)
                or sample.dts_90k - pending[0].dts_90k >= FRAGMENT_90K
                or self._pending_bytes + size_bytes > FRAGMENT_BYTES
            ):
                complete.append(pending)
                self._pending = [sample]
                self._pending_bytes = size_bytes
            else:
                pending.append(sample)
                self._pending_bytes += size_bytes
        return complete

    def flush(self) -> list[list[Sample]]:
        """Return what is left, as at the end of a run."""
        left, self._pending = self._pending, []
        self._pending_bytes = 0
        return [left] if left else []
