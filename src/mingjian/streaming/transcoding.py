"""Re-coding what a browser has no decoder for (H.265, Motion JPEG): few at once, and it says so when no more can be."""

from collections.abc import Iterator
from contextlib import contextmanager

from mingjian.media import fragments as fmp4
from mingjian.media.coding import Transcoder
from mingjian.media.fmp4_reader import format_of
from mingjian.media.fmp4_writer import codec_string, fragment, init_segment
from mingjian.media.samples import Codec, Sample
from mingjian.streaming.footage import Init, Piece, piece_of

SLOTS = 2


class TranscodeSlots:
    """How many re-codings this host bears at once."""

    def __init__(self, *, count: int = SLOTS) -> None:
        self._free = count

    @contextmanager
    def one(self) -> Iterator["Slot"]:
        """Yield a claim to one slot, not held yet; whatever it holds is given back at the end."""
        slot = Slot(self)
        try:
            yield slot
        finally:
            slot.release()

    def take(self) -> int:
        """Take one: 1, or 0 when none is left."""
        taken = min(1, self._free)
        self._free -= taken
        return taken

    def give_back(self, count: int) -> None:
        """Return what was taken."""
        self._free += count


class Slot:
    """One viewer's claim to a slot."""

    def __init__(self, slots: TranscodeSlots) -> None:
        self._slots = slots
        self._held = 0

    def hold(self) -> bool:
        """Hold a slot from now on; False when none is left. Idempotent."""
        self._held = self._held or self._slots.take()
        return bool(self._held)

    def release(self) -> None:
        """Give back what is held. Idempotent."""
        self._slots.give_back(self._held)
        self._held = 0


class Recoding:
    """One unbroken stretch re-coded to H.264 on the same timeline. Blocking: decodes and encodes."""

    def __init__(self, source: Init) -> None:
        self._transcoder = Transcoder(format_of(source.data))
        made = self._transcoder.output_format
        self.init = Init(
            codec=Codec.H264,
            codec_string=codec_string(made),
            width=made.width,
            height=made.height,
            data=init_segment(made),
        )

    def recode(self, piece: Piece) -> list[Piece]:
        """Return what became ready; the last picture of a piece waits for the next one."""
        return _pieces(self._transcoder.transcode(piece.data))

    def flush(self) -> list[Piece]:
        """Return what was still held; nothing may follow."""
        return _pieces(self._transcoder.flush())


def _pieces(data: bytes | None) -> list[Piece]:
    """Return the fragment as pieces, a new one at every sync sample, so that each of those can be joined at."""
    if data is None:
        return []
    groups: list[list[Sample]] = []
    for sample in fmp4.samples(data):
        if sample.is_sync or not groups:
            groups.append([])
        groups[-1].append(sample)
    sequence = fmp4.sequence_of(data)
    return [piece_of(b"".join(fragment(sequence=sequence, samples=group))) for group in groups]
