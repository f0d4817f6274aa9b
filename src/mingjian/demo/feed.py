"""A simulated camera's sensor: its clip for ever, in step with the wall clock, to everyone who plays it."""

import asyncio
import base64
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from mingjian.base.ticks import TICKS_PER_S
from mingjian.demo import packets
from mingjian.demo.clips import Clip
from mingjian.demo.scenes import FPS
from mingjian.media.samples import Codec

_TICKS_PER_PICTURE = TICKS_PER_S // FPS
_REPORT_EVERY = 5 * FPS
_LARGEST_BACKLOG_BYTES = 2 << 20


@dataclass(eq=False, slots=True)
class Listener:
    """A connection that plays. It starts at a sync sample, and loses the connection when it cannot keep up."""

    transport: asyncio.WriteTransport
    channel: int
    is_started: bool = False


@dataclass(slots=True)
class Feed:
    """One camera's endless stream. RTP times never jump: the loop's end is only a picture like others."""

    clip: Clip
    ssrc: int
    listeners: set[Listener] = field(default_factory=set)
    _pictures: int = 0
    _sequence: int = 0
    _packets: int = 0
    _bytes: int = 0

    def description(self) -> str:
        """Return the SDP (RFC 8866) with the parameter sets."""
        sets = [base64.b64encode(unit).decode("ascii") for unit in self.clip.format.parameter_sets]
        if self.clip.format.codec is Codec.H264:
            profile = self.clip.format.parameter_sets[0][1:4].hex().upper()
            coding = "H264/90000"
            details = f"packetization-mode=1;profile-level-id={profile};sprop-parameter-sets={','.join(sets)}"
        else:
            coding = "H265/90000"
            details = ";".join(f"sprop-{name}={text}" for name, text in zip(("vps", "sps", "pps"), sets, strict=True))
        lines = ("v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=demo camera", "c=IN IP4 0.0.0.0", "t=0 0", "a=control:*")
        media = ("m=video 0 RTP/AVP 96", f"a=rtpmap:96 {coding}", f"a=fmtp:96 {details}", "a=control:trackID=0")
        return "\r\n".join((*lines, *media, ""))

    async def run(self) -> None:
        """Send each picture when its time has come, until cancelled."""
        anchor_s = time.time() - time.monotonic()
        number = int(time.time() * FPS)
        while True:
            number += 1
            await asyncio.sleep(number / FPS - anchor_s - time.monotonic())
            self._send(number)

    def _send(self, number: int) -> None:
        data, is_sync = self.clip.samples[number % len(self.clip.samples)]
        self.send(data, at_90k=number * _TICKS_PER_PICTURE, is_sync=is_sync)

    def send(self, data: bytes, *, at_90k: int, is_sync: bool) -> None:
        """Send one picture, taken at that instant, to everyone who plays."""
        parts = packets.payloads(self.clip.format.codec, list(self._units(data, is_sync=is_sync)))
        is_report_due = self._pictures % _REPORT_EVERY == 0
        framed: dict[int, bytes] = {}
        for listener in list(self.listeners):
            is_reported = is_report_due
            if not listener.is_started:
                if not is_sync:
                    continue
                listener.is_started = is_reported = True
            if listener.transport.get_write_buffer_size() > _LARGEST_BACKLOG_BYTES:
                listener.transport.abort()
                continue
            channel = listener.channel
            if channel not in framed:
                framed[channel] = packets.interleaved(
                    channel, parts=parts, sequence=self._sequence, rtp_time=at_90k, ssrc=self.ssrc
                )
            listener.transport.write(framed[channel])
            if is_reported:
                listener.transport.write(self._report(channel, at_90k))
        self._pictures += 1
        self._sequence += len(parts)
        self._packets += len(parts)
        self._bytes += sum(map(len, parts))

    def _report(self, channel: int, at_90k: int) -> bytes:
        return packets.sender_report(
            channel + 1,
            utc_ns=at_90k * 1_000_000_000 // TICKS_PER_S,
            rtp_time=at_90k,
            ssrc=self.ssrc,
            packets=self._packets,
            payload_bytes=self._bytes,
        )

    def _units(self, data: bytes, *, is_sync: bool) -> Iterator[bytes]:
        if is_sync:
            yield from self.clip.format.parameter_sets
        yield from packets.units_of(data)
