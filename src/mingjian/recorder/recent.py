"""The fragments of a run that another volume would need if this one failed now."""

from mingjian.base.ticks import TICKS_PER_S
from mingjian.recorder.volume_writer import AppendFragment
from mingjian.recordings.model import FLAG_SYNC_FIRST

BOUND_BYTES = 8 << 20
# Written is not durable: the keeper syncs the volume every two seconds, and a sync takes its time.
DURABLE_WITHIN_90K = 4 * TICKS_PER_S


class Recent:
    """Fragments from the last sync sample at or before what is surely on the disk, by the age of its writing.

    Bounded; nothing rather than a part.
    """

    def __init__(self) -> None:
        self._fragments: list[AppendFragment] = []
        self._size_bytes = 0

    @property
    def fragments(self) -> list[AppendFragment]:
        """The fragments, the first beginning with a sync sample; none when they were too large to keep."""
        return list(self._fragments)

    def add(self, fragment: AppendFragment, *, written_until_90k: int) -> None:
        """Remember a fragment, and forget the groups of pictures that were written and synced before."""
        if fragment.flags & FLAG_SYNC_FIRST:
            self._forget_before(written_until_90k - DURABLE_WITHIN_90K)
        elif not self._fragments:
            return
        self._fragments.append(fragment)
        self._size_bytes += fragment.size_bytes
        if self._size_bytes > BOUND_BYTES:
            self._fragments.clear()
            self._size_bytes = 0

    def _forget_before(self, durable_until_90k: int) -> None:
        starts = [
            number
            for number, kept in enumerate(self._fragments)
            if kept.flags & FLAG_SYNC_FIRST and kept.first_pts_90k <= durable_until_90k
        ]
        if starts:
            self._size_bytes -= sum(kept.size_bytes for kept in self._fragments[: starts[-1]])
            del self._fragments[: starts[-1]]
