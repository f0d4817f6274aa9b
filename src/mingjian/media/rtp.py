"""One RTP packet: header, sequence, time-stamp, payload into NAL units (RFC 3550 §5.1, RFC 6184, RFC 7798)."""

import struct

from mingjian.media.access_units import AccessUnitBuilder
from mingjian.media.nal import SLICES, Packing, Role
from mingjian.media.rtsp_error import RtspError

_HEADER = struct.Struct(">BBHII")
_MOST_ODD_PACKETS = 1000
_ENOUGH_OF_ANOTHER_TYPE = 32
_FIRST_DYNAMIC_TYPE = 96
_MOST_OPENINGS = 64


class RtpReceiver:
    """The receiving end of one RTP source, over a transport that keeps order.

    `awaited`, `reached`, `end_fragment`, `next_packet` and `builder.data` are open to the loop in
    `mingjian.media.interleaved`, which appends the middle and the end of a fragment itself.
    """

    def __init__(self, *, packing: Packing, payload_type: int, builder: AccessUnitBuilder) -> None:
        self.packing = packing
        self.payload_type = payload_type
        self.builder = builder
        self.expected_sequence = -1
        self.time_32 = 0
        self.source = -1
        self.continuation = -1
        self.packets_lost = 0
        self.packets_odd = 0
        self.has_other_type = False
        self._odd_run = 0
        self._other_type = -1
        self._other_run = 0
        self._time_90k = 0
        # How fragments of slices began so far: masked opening to role, length field with header, continuation.
        self._openings: dict[int, tuple[Role, bytes, int]] = {}
        self._plain = (0x8000 | payload_type) << 16
        # The end bit of a fragment header, where it stands in the first four bytes of a payload.
        self._ending = 0x40 << 8 * (3 - packing.header_bytes)

    def awaited(self) -> tuple[int, int, int, int]:
        """Return what the next packet opens with when it goes on with the open fragment, as numbers of its header.

        Profile with sequence, time with source, the masked opening of the payload in the middle and at the end of the
        fragment. No packet equals what is -1: nothing came yet, or no fragment is open.
        """
        if self.source < 0:
            return -1, -1, -1, -1
        middle = self.continuation
        last = middle | self._ending if middle >= 0 else -1
        return self._plain | self.expected_sequence, self.time_32 << 32 | self.source, middle, last

    def reached(self, due: int) -> None:
        """Learn how far the loop came: `due` as `awaited` gave it, plus one for each packet since."""
        if due >= 0:
            self.expected_sequence = due & 0xFFFF

    def end_fragment(self, *, is_marked: bool) -> None:
        """Take note of the next packet, whose payload ends the open fragment and was appended."""
        self.expected_sequence = (self.expected_sequence + 1) & 0xFFFF
        self._odd_run = 0
        self.continuation = -1
        self.builder.close_fragment()
        if is_marked:
            self.builder.mark()

    def next_packet(self, time_32: int, word: int, payload: memoryview, *, is_marked: bool) -> None:
        """Take the packet that follows the last one, without extension and padding; `word` is its masked opening."""
        self.expected_sequence = (self.expected_sequence + 1) & 0xFFFF
        known = self._openings.get(word)
        if known is not None and not is_marked and time_32 != self.time_32:
            step = (time_32 - self.time_32) & 0xFFFFFFFF
            time_90k = self._time_90k + step - ((step & 0x80000000) << 1)
            role, prefix, continuation = known
            if self.builder.open_picture(time_90k, role, prefix):
                self.builder.data += payload[self.packing.header_bytes + 1 :]
                self.time_32, self._time_90k = time_32, time_90k
                self.continuation = continuation
                self._odd_run = 0
                return
        self._take(time_32, payload, is_continuous=True, is_marked=is_marked)

    def packet(self, view: memoryview) -> None:
        """Take one packet of RTP version 2; what is not whole is counted, what is not ours is left."""
        if len(view) < _HEADER.size:
            return self._odd("short")
        first, second, sequence, time_32, source = _HEADER.unpack_from(view)
        if second & 0x7F != self.payload_type:
            return self._pass_over(second & 0x7F)
        payload = _payload(view, first)
        if payload is None:
            return self._odd("header")
        is_continuous = self._follow(sequence, source)
        if is_continuous is None:
            return None
        self._take(time_32, payload, is_continuous=is_continuous, is_marked=second & 0x80 != 0)
        return None

    def _take(self, time_32: int, payload: memoryview, *, is_continuous: bool, is_marked: bool) -> None:
        self._odd_run = 0
        self._reach(time_32, is_continuous=is_continuous)
        if len(payload) > self.packing.header_bytes:
            self._unpack(payload)
        if is_marked:
            self.builder.mark()

    def _pass_over(self, payload_type: int) -> None:
        """Leave a packet of a type that was not described: some cameras mix in packets of their own making.

        Others describe one type and send another. Where nothing of ours ever came, the one that does come is taken.
        """
        if self.source >= 0 or payload_type < _FIRST_DYNAMIC_TYPE:
            return
        self._other_run = self._other_run + 1 if payload_type == self._other_type else 1
        self._other_type = payload_type
        if self._other_run >= _ENOUGH_OF_ANOTHER_TYPE:
            self.payload_type = payload_type
            self._plain = (0x8000 | payload_type) << 16
            self.has_other_type = True

    def _follow(self, sequence: int, source: int) -> bool | None:
        """Say whether this packet follows the last one; None for a repeated or late one."""
        if self.source < 0:
            self.source = source
        elif source != self.source:
            raise RtspError("media.closed", reason="source_changed")
        gap = (sequence - self.expected_sequence) & 0xFFFF if self.expected_sequence >= 0 else 0
        if gap >= 0x8000:
            self._odd("late")
            return None
        self.expected_sequence = (sequence + 1) & 0xFFFF
        self.packets_lost += gap
        return gap == 0

    def _reach(self, time_32: int, *, is_continuous: bool) -> None:
        """Bring the builder to the packet's time, unwrapped; around a hole both sides count as damaged."""
        if not is_continuous:
            self.continuation = -1
            self.builder.lose()
        if time_32 != self.time_32 or self._time_90k == 0:
            step = (time_32 - self.time_32) & 0xFFFFFFFF
            # The first time-stamp gets a lead, so that B pictures before it do not fall below zero.
            self._time_90k = (
                self._time_90k + step - ((step & 0x80000000) << 1) if self._time_90k else time_32 + (1 << 32)
            )
            self.time_32 = time_32
            self.continuation = -1
        self.builder.begin(self._time_90k)
        if not is_continuous:
            self.builder.lose()

    def _unpack(self, payload: memoryview) -> None:
        role = self.packing.role_of(payload[0])
        if role is Role.FRAGMENT:
            self._fragment(payload)
            return
        self.continuation = -1
        if role is Role.AGGREGATE:
            self._aggregate(payload)
        elif role is Role.UNSUPPORTED:
            raise RtspError("media.unsupported_codec", reason="packing")
        else:
            self.builder.add(payload)
            self.builder.check_size()

    def _aggregate(self, payload: memoryview) -> None:
        """STAP-A (RFC 6184 §5.7.1) and AP (RFC 7798 §4.4.2): NAL units, each behind its length in two bytes."""
        position = self.packing.header_bytes
        while position + 2 < len(payload):
            size = (payload[position] << 8) | payload[position + 1]
            position += 2
            if position + size > len(payload):
                self._odd("aggregate")
                self.builder.lose()
                return
            if size > self.packing.header_bytes:
                self.builder.add(payload[position : position + size])
            position += size
        self.builder.check_size()

    def _fragment(self, payload: memoryview) -> None:
        """FU-A (RFC 6184 §5.8) and FU (RFC 7798 §4.4.3). The reserved bit of H.264 is ignored: some cameras set it."""
        packing = self.packing
        head = packing.header_bytes
        if len(payload) <= head:
            self._odd("fragment")
            return
        control = payload[head]
        if control & 0x80:
            kind = control & packing.type_mask
            first = (payload[0] & ~(packing.type_mask << packing.type_shift) & 0xFF) | (kind << packing.type_shift)
            header = bytes((first, *payload[1:head]))
            if not self.builder.open_fragment(header):
                self.continuation = -1
                return
            self.continuation = self._continuation(payload, control & packing.type_mask)
            role = packing.role_of(first)
            if control & 0x40 == 0 and role in SLICES and len(self._openings) < _MOST_OPENINGS:
                opening = self._continuation(payload, control)
                self._openings[opening] = role, b"\0\0\0\0" + header, self.continuation
        elif self.continuation < 0:
            return
        self.builder.data += payload[head + 1 :]
        if control & 0x40:
            self.continuation = -1
            self.builder.close_fragment()

    def _continuation(self, payload: memoryview, control: int) -> int:
        """Return the masked word with which the middle packets of this fragment open."""
        opening = bytes((*payload[: self.packing.header_bytes], control)).ljust(4, b"\0")
        return int.from_bytes(opening, "big") & self.packing.word_mask

    def _odd(self, reason: str) -> None:
        """Count a packet that means nothing; a camera that sends nothing else is not worth a connection."""
        self.packets_odd += 1
        self._odd_run += 1
        if self._odd_run > _MOST_ODD_PACKETS:
            raise RtspError("media.malformed", reason=f"rtp_{reason}", packets_odd=self.packets_odd)


def _payload(view: memoryview, first: int) -> memoryview | None:
    """Return what lies between header, extension and padding; None when they overlap."""
    start, end = 12 + 4 * (first & 0x0F), len(view)
    if first & 0x10:
        if start + 4 > end:
            return None
        start += 4 + 4 * ((view[start + 2] << 8) | view[start + 3])
    if first & 0x20:
        end -= view[-1]
    return view[start:end] if start <= end else None
