"""The bulk walk over a connection's bytes: `$` frames, RTSP messages between them, rubbish (RFC 2326 §10.12)."""

import re
import struct
from collections.abc import Callable, Iterator

from mingjian.media.rtp import RtpReceiver
from mingjian.media.rtsp_error import RtspError

# Frame header with length; RTP profile with sequence; time with source; what the payload opens with. Four numbers
# instead of seven: what is compared together is read together.
_PACKET = struct.Struct(">IIQI")
_MARKER = 0x80_0000
_HEADERS_BYTES = 16
_MOST_STRAY_BYTES = 64 << 10
_PACKET_START_BYTES = 6
# In one reading, at most: ten times what any camera sends in a second, and what costs less than a tick.
_MOST_PARTS = 20_000
_MOST_MESSAGES = 200
_LONGEST_RUN = 256


class InterleavedReader:
    """Walks the bytes of one connection and hands each part to whom it belongs.

    `on_control` gets RTCP packets; `on_text(view) -> int` an RTSP message at the start of the view and returns its
    length, 0 when it is not whole yet.
    """

    def __init__(
        self,
        *,
        receiver: RtpReceiver,
        media_channel: int,
        control_channel: int,
        on_control: Callable[[memoryview], None],
        on_text: Callable[[memoryview], int],
    ) -> None:
        self.stray_bytes = 0
        self._receiver = receiver
        self._media_channel = media_channel
        self._control_channel = control_channel
        self._on_control = on_control
        self._on_text = on_text
        self._stray_run = 0
        self._messages = 0
        self._stride = 0
        self._rows = _rows(_PACKET.size, skip=_HEADERS_BYTES)
        self._packet_start = _packet_start(media_channel, receiver.payload_type)
        self._packet_type = receiver.payload_type

    def walk(self, view: memoryview) -> int:
        """Consume whole parts from the start of the view and return how many bytes that was.

        The loop is the whole cost of a recorder that Python can help: the middle of a fragment, most packets of a
        camera's stream, is taken run by run, the packets that open and end a picture with few calls (see RtpReceiver).
        """
        self._messages = 0
        receiver = self._receiver
        unpack = _PACKET.unpack_from
        lead = 0x2400 | self._media_channel
        mask = receiver.packing.word_mask
        # `$` frame header 4, RTP header 12, payload header, fragment header.
        skip = 17 + receiver.packing.header_bytes
        due, stamp_due, middle, last = receiver.awaited()
        data = receiver.builder.data
        position, end, parts = 0, len(view), 0
        limit = end - _PACKET.size
        while position <= limit:
            opening, number, stamp, word = unpack(view, position)
            following = position + 4 + (opening & 0xFFFF)
            is_ours = opening >> 16 == lead and position + _PACKET.size <= following <= end
            parts += 1
            if is_ours and number == due and stamp == stamp_due and word & mask == middle:
                taken = self._append_run(view, position, opening << 32 | number, stride=following - position, skip=skip)
                due += taken
                if not due & 0xFFFF:
                    # The sequence begins anew; counted on, it would carry into the payload type.
                    receiver.reached(due)
                    due = receiver.awaited()[0]
                position += taken * (following - position)
                if parts > _MOST_PARTS:
                    break
                continue
            receiver.reached(due)
            is_next = number | _MARKER == due | _MARKER and stamp & 0xFFFFFFFF == stamp_due & 0xFFFFFFFF
            if is_ours and is_next:
                self._stray_run = 0
                if stamp == stamp_due and word & mask == last:
                    data += view[position + skip : following]
                    receiver.end_fragment(is_marked=number & _MARKER != 0)
                else:
                    payload = view[position + _HEADERS_BYTES : following]
                    receiver.next_packet(stamp >> 32, word & mask, payload, is_marked=number & _MARKER != 0)
                position = following
            else:
                step = self._part(view[position:])
                if step == 0:
                    break
                position += step
            if parts > _MOST_PARTS:
                break
            due, stamp_due, middle, last = receiver.awaited()
            data = receiver.builder.data
        receiver.reached(due)
        while parts <= _MOST_PARTS and position < end and (step := self._part(view[position:])) > 0:
            position += step
            parts += 1
        if parts > _MOST_PARTS:
            raise RtspError("media.flooding", what="parts", parts=parts)
        receiver.builder.check_size()
        return position

    def _append_run(self, view: memoryview, position: int, first: int, *, stride: int, skip: int) -> int:
        """Append the packet at this place, known to go on with the open fragment, and those like it that follow.

        Like it is what has its length, the next sequence number and the same header otherwise. Returns how many.
        """
        if stride != self._stride:
            self._stride, self._rows = stride, _rows(stride, skip=skip)
        bodies: list[bytes] = []
        header = bytes(view[position + 8 : position + skip])
        # A sequence that begins anew ends the run; so does what would hold much memory in small parts.
        count = min((len(view) - position) // stride, 0x10000 - (first & 0xFFFF), _LONGEST_RUN)
        due = first
        for numbered, constant, body in self._rows(view[position : position + count * stride]):
            if numbered != due or constant != header:
                break
            bodies.append(body)
            due += 1
        self._receiver.builder.data += b"".join(bodies)
        return due - first

    def _part(self, view: memoryview) -> int:
        """Consume one frame, message or stretch of rubbish; 0 when it is not whole yet."""
        first = view[0]
        if first == 0x24:
            if len(view) < 4:
                return 0
            end = 4 + ((view[2] << 8) | view[3])
            channel = view[1]
            # Version 2 of RTP, or this was no frame of ours but rubbish that looks like one.
            if channel == self._media_channel and end > 4 < len(view) and view[4] & 0xC0 != 0x80:
                return self._resynchronise(view)
            if end > len(view):
                return 0
            if channel == self._media_channel:
                self._stray_run = 0
                self._receiver.packet(view[4:end])
            elif channel == self._control_channel:
                self._on_control(view[4:end])
            return end
        if 0x41 <= first <= 0x5A and (length := self._text(view)) >= 0:
            return length
        return self._resynchronise(view)

    def _text(self, view: memoryview) -> int:
        """Consume an RTSP message; 0 when it is not whole yet, -1 when this is none."""
        self._messages += 1
        if self._messages > _MOST_MESSAGES:
            raise RtspError("media.flooding", what="messages", count=self._messages)
        opening = bytes(view[:12])
        # Upper-case letters up to the version or the first space: a response or a request of the camera.
        if opening.startswith(b"RTSP/1.0") or b"RTSP/1.0".startswith(opening[:8]):
            return self._on_text(view)
        word = opening.partition(b" ")[0].replace(b"_", b"")
        if word.isalpha() and word.isupper() and (len(word) < len(opening) or len(opening) < 12):
            return self._on_text(view)
        return -1

    def _resynchronise(self, view: memoryview) -> int:
        """Pass over bytes that belong to nothing, up to what looks like the next packet of our source.

        Reolink firmware leaves such bytes at the end of a GOP; a stream that is nothing else is refused.
        """
        if self._packet_type != self._receiver.payload_type:
            self._packet_type = self._receiver.payload_type
            self._packet_start = _packet_start(self._media_channel, self._packet_type)
        stretch = bytes(view[1 : _MOST_STRAY_BYTES + 1])
        found = self._packet_start.search(stretch)
        # Without a match the last bytes stay: a packet may begin in them.
        step = 1 + found.start() if found else len(stretch) + 1 - _PACKET_START_BYTES
        if step <= 0:
            return 0
        self.stray_bytes += step
        self._stray_run += step
        if self._stray_run > _MOST_STRAY_BYTES:
            raise RtspError("media.malformed", reason="not_interleaved", stray_bytes=self._stray_run)
        return step


def _rows(stride: int, *, skip: int) -> Callable[[memoryview], Iterator[tuple[int, bytes, bytes]]]:
    """Return what reads packets of one length: frame header with profile and sequence, the other headers, the rest.

    The rest is copied once more on its way; that costs less than a slice made by the interpreter.
    """
    return struct.Struct(f">Q{skip - 8}s{stride - skip}s").iter_unpack


def _packet_start(channel: int, payload_type: int) -> re.Pattern[bytes]:
    """Return what a packet of ours opens with: frame header, RTP version 2, payload type with or without marker."""
    types = re.escape(bytes((payload_type,))) + re.escape(bytes((payload_type | 0x80,)))
    return re.compile(re.escape(bytes((0x24, channel))) + b"..[\x80-\xbf][" + types + b"]", re.DOTALL)
