"""Re-coding H.265 for a browser without its decoder: few at once, and it says so when there are no more."""

from collections.abc import Iterator
from contextlib import contextmanager

from mingjian.media.coding import Transcoder
from mingjian.media.fmp4_reader import format_of
from mingjian.media.fmp4_writer import codec_string, init_segment
from mingjian.media.samples import Codec
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
            self._free += slot.held

    def take(self) -> int:
        """Take one: 1, or 0 when none is left."""
        taken = min(1, self._free)
        self._free -= taken
        return taken


class Slot:
    """One viewer's claim to a slot."""

    def __init__(self, slots: TranscodeSlots) -> None:
        self._slots = slots
        self.held = 0

    def hold(self) -> bool:
        """Hold a slot from now on; False when none is left. Idempotent."""
        self.held = self.held or self._slots.take()
        return bool(self.held)


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
    return [] if data is None else [piece_of(data)]
