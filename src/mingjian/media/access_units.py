"""From NAL units to access units: boundaries, losses, and parameter sets that change on the way."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from mingjian.base import ticks
from mingjian.media.annex_b import split_annex_b
from mingjian.media.nal import SLICES, START_CODE, Packing, Role
from mingjian.media.rtsp_error import RtspError
from mingjian.media.samples import AccessUnit, Buffer, VideoFormat

LARGEST_NAL_BYTES = 3 << 20
LARGEST_UNIT_BYTES = 4 << 20
# What is no slice, and all that comes before the first one.
_LARGEST_MESSAGES_BYTES = 512 << 10
_LARGEST_PREFIX_BYTES = 64 << 10
_LARGEST_PARAMETER_SET_BYTES = 4 << 10
_MOST_PARAMETER_SETS = 64
# Shorter than any silence that is given up, so that a clock that stands still is told as what it is.
LONGEST_UNIT_90K = ticks.from_seconds(4)
_PACKETS = frozenset({Role.AGGREGATE, Role.FRAGMENT, Role.UNSUPPORTED})


@dataclass(slots=True)
class Batch:
    """Access units of one format, in decoding order."""

    format: VideoFormat | None
    units: list[AccessUnit] = field(default_factory=list)


class AccessUnitBuilder:
    """Gathers the NAL units of one video stream into access units.

    The caller says when a packet belongs to a time (`begin`), hands over whole or fragmented NAL units, says when the
    marker bit was set (`mark`) and when packets are missing (`lose`). `data` grows in place, so that the packet loop
    may append the middle of a fragment to it without a call.
    """

    def __init__(self, *, packing: Packing, announced: Sequence[bytes]) -> None:
        self.data = bytearray()
        self.arrival_90k = 0
        self.has_met_slices = False
        self.newest_rtp_time_90k: int | None = None
        self._packing = packing
        self._sets: dict[tuple[int, int], bytes] = {}
        self._is_changed = False
        self._batches = deque([Batch(None)])
        self._has_delivered = False
        self._time_90k = 0
        self._since_90k = 0
        self._marked_time_90k: int | None = None
        self._is_marker_trusted = True
        self._nal_start = -1
        self._nal_role = Role.OTHER
        self._has_slice = False
        self._is_sync = False
        self._is_damaged = False
        # Until the first sync sample every picture refers to something that was never received.
        self._is_tainted = True
        for nal in announced:
            self._learn(nal)
        if announced:
            self._settle_format()

    @property
    def format(self) -> VideoFormat | None:
        """The format of the units that `take` returns now; None until parameter sets were met."""
        return self._batches[0].format

    @property
    def trusts_markers(self) -> bool:
        """Say whether the marker bit ends pictures here; False once it was found on slices within one."""
        return self._is_marker_trusted

    @property
    def next_format(self) -> VideoFormat | None:
        """The format that waits behind the units already taken, or None."""
        return self._batches[1].format if len(self._batches) > 1 else None

    def take(self) -> list[AccessUnit]:
        """Hand over the complete units of the current format."""
        batch = self._batches[0]
        units, batch.units = batch.units, []
        self._has_delivered = self._has_delivered or bool(units)
        return units

    def accept_next_format(self) -> None:
        """Go on with the format that waits; units of the old one not yet taken are gone."""
        if len(self._batches) > 1:
            self._batches.popleft()

    def begin(self, rtp_time_90k: int) -> None:
        """Say to which time the next NAL units belong; another time than before completes the unit in hand."""
        if rtp_time_90k == self._time_90k:
            return
        if self._nal_start >= 0:
            self.lose()
        if self._has_slice:
            self._finish()
        elif self._is_damaged or len(self.data) > _LARGEST_PREFIX_BYTES:
            self._reset()
        self._time_90k = rtp_time_90k
        self._since_90k = self.arrival_90k

    def mark(self) -> None:
        """The last packet of an access unit was met. Ignored for units without a slice (SEI with the marker set)."""
        if self._has_slice and self._nal_start < 0 and self._is_marker_trusted:
            self._marked_time_90k = self._time_90k
            self._finish()

    def lose(self) -> None:
        """Packets are missing here: the NAL unit in hand is void, and nothing is whole until the next sync sample."""
        if self._nal_start >= 0:
            del self.data[self._nal_start :]
            self._nal_start = -1
        self._is_damaged = True
        self._is_tainted = True

    def add(self, nal: Buffer) -> None:
        """Take one whole NAL unit; one that came in pieces and was not ended is void."""
        if self._nal_start >= 0:
            self.lose()
        role = self._packing.role_of(nal[0])
        if role is Role.SLICE or role is Role.SYNC_SLICE:
            if self._admits_slice():
                self._append(nal)
                self._count_slice(role)
        elif role in _PACKETS:
            raise RtspError("media.malformed", reason="nested_packet")
        elif START_CODE in (raw := bytes(nal)):
            self._add_joined(raw, role)
        elif role is Role.PARAMETER_SET:
            self._learn(raw)
        elif role is Role.OTHER:
            self._append(raw)

    def open_picture(self, rtp_time_90k: int, role: Role, prefix: bytes) -> bool:
        """Begin a picture with a slice that comes in pieces; `prefix` is room for its length and its own header.

        What `begin` and `open_fragment` do, where there is nothing to complete and to decide. False: they are needed.
        """
        if (
            self.data
            or self._is_damaged
            or self._is_changed
            or rtp_time_90k == self._time_90k
            or rtp_time_90k == self._marked_time_90k
            or self._batches[-1].format is None
        ):
            return False
        self._time_90k = rtp_time_90k
        self._since_90k = self.arrival_90k
        self._nal_start = 0
        self._nal_role = role
        self.data += prefix
        return True

    def open_fragment(self, header: bytes) -> bool:
        """Begin a NAL unit that comes in pieces; `header` is its own. False: it is not wanted, pass over its pieces."""
        if self._nal_start >= 0:
            self.lose()
        role = self._packing.role_of(header[0])
        if role is Role.DROPPED or (role in (Role.SLICE, Role.SYNC_SLICE) and not self._admits_slice()):
            return False
        if role in _PACKETS:
            raise RtspError("media.malformed", reason="nested_packet")
        self._nal_start = len(self.data)
        self._nal_role = role
        self.data += b"\0\0\0\0"
        self.data += header
        return True

    def close_fragment(self) -> None:
        """End the NAL unit that came in pieces."""
        start = self._nal_start
        if start < 0:
            return
        self._nal_start = -1
        size = len(self.data) - start - 4
        if size > LARGEST_NAL_BYTES:
            raise RtspError("media.oversized", what="nal", size_bytes=size)
        if self._nal_role is Role.SLICE or self._nal_role is Role.SYNC_SLICE:
            self.data[start : start + 4] = size.to_bytes(4, "big")
            self._count_slice(self._nal_role)
            return
        nal = bytes(memoryview(self.data)[start + 4 :])
        del self.data[start:]
        self.add(nal)

    def forget(self) -> None:
        """Let go of the unit in hand: nothing will complete it."""
        self.data = bytearray()

    def check_size(self) -> None:
        """Raise RtspError `media.oversized` when the unit in hand has outgrown every camera."""
        has_slice = self._has_slice or (self._nal_start >= 0 and self._nal_role in SLICES)
        if not has_slice and len(self.data) > _LARGEST_MESSAGES_BYTES:
            raise RtspError("media.oversized", what="messages", size_bytes=len(self.data))
        if len(self.data) > LARGEST_UNIT_BYTES:
            raise RtspError("media.oversized", what="access_unit", size_bytes=len(self.data))
        if self._nal_start >= 0 and len(self.data) - self._nal_start > LARGEST_NAL_BYTES + 4:
            raise RtspError("media.oversized", what="nal", size_bytes=len(self.data) - self._nal_start)

    def _add_joined(self, raw: bytes, role: Role) -> None:
        """Take several NAL units that a camera left in one, with their Annex B start codes.

        A message that merely looks so (private data without emulation prevention) is left out.
        """
        parts = list(split_annex_b(raw))
        roles = {self._packing.role_of(part[0]) for part in parts}
        if roles & _PACKETS or (role is Role.OTHER and Role.PARAMETER_SET not in roles):
            return
        for part in parts:
            self.add(part)

    def _append(self, nal: Buffer) -> None:
        self.data += len(nal).to_bytes(4, "big")
        self.data += nal

    def _admits_slice(self) -> bool:
        """Prepare for a slice of the unit in hand; False when nothing can be done with it yet."""
        self.has_met_slices = True
        if self.arrival_90k - self._since_90k > LONGEST_UNIT_90K:
            raise RtspError("media.malformed", reason="time_stands_still")
        if self._is_changed:
            self._settle_format()
        if self._batches[-1].format is None:
            self._is_damaged = True
            return False
        if not self._has_slice and self._time_90k == self._marked_time_90k:
            self._distrust_marker()
        return True

    def _count_slice(self, role: Role) -> None:
        """A whole slice stands in `data`."""
        self._has_slice = True
        self._is_sync = self._is_sync or role is Role.SYNC_SLICE

    def _distrust_marker(self) -> None:
        """A slice came after the marked end of its own picture: this camera marks slices, so only times count."""
        self._is_marker_trusted = False
        units = self._batches[-1].units
        if not units or units[-1].rtp_time_90k != self._time_90k:
            # The first part has left already; this once the picture stays torn.
            self._is_damaged = True
            self._is_tainted = True
            return
        first = units.pop()
        self._has_slice = True
        self._is_sync = first.is_sync
        self._is_damaged = self._is_damaged or (first.is_damaged and first.is_sync)
        # In place: the packet loop may hold on to the same bytearray.
        self.data[:0] = first.data

    def _finish(self) -> None:
        """Complete the unit in hand. A whole sync sample ends what a loss began."""
        if self._is_sync:
            self._is_tainted = self._is_damaged
        is_damaged = self._is_damaged or self._is_tainted
        unit = AccessUnit(self._time_90k, self.arrival_90k, self.data, self._is_sync, is_damaged)
        self._batches[-1].units.append(unit)
        self.newest_rtp_time_90k = self._time_90k
        self.data = bytearray()
        self._reset()

    def _reset(self) -> None:
        self.data.clear()
        self._nal_start = -1
        self._has_slice = False
        self._is_sync = False
        self._is_damaged = False

    def _learn(self, nal: bytes) -> None:
        """Remember a parameter set; whether it changes the format is decided at the next slice."""
        if len(nal) > _LARGEST_PARAMETER_SET_BYTES:
            raise RtspError("media.oversized", what="parameter_set", size_bytes=len(nal))
        key = self._packing.parameter_set_key(nal)
        if self._sets.get(key) == nal:
            return
        if len(self._sets) >= _MOST_PARAMETER_SETS:
            raise RtspError("media.oversized", what="parameter_sets", count=len(self._sets))
        self._sets[key] = nal
        self._is_changed = True

    def _settle_format(self) -> None:
        """Turn the parameter sets met so far into a format."""
        self._is_changed = False
        try:
            learned = self._packing.format_of(tuple(nal for _, nal in sorted(self._sets.items())))
        except RtspError as error:
            if error.code != "media.no_parameter_sets":
                raise
            return
        self._adopt(learned)

    def _adopt(self, learned: VideoFormat) -> None:
        """Use this format from here on, in a new batch when another was already in use."""
        batch = self._batches[-1]
        if learned == batch.format:
            return
        if not self._has_delivered and len(self._batches) == 1 and not batch.units:
            # Nothing was promised yet: a session description that is out of date is corrected in silence.
            batch.format = learned
        else:
            self._batches.append(Batch(learned))
