"""One camera's stream: opened by asyncio, then drained in batches on the recorder's tick."""

import asyncio
import contextlib
from collections.abc import Callable

from mingjian.base import ticks
from mingjian.base.clock import Clock
from mingjian.base.ticks import Ticks90k
from mingjian.media import rtcp
from mingjian.media.camera_socket import CameraSocket, connect
from mingjian.media.interleaved import InterleavedReader
from mingjian.media.receivers import receiver_for
from mingjian.media.rtsp_address import CameraAddress, Credentials, parse_address
from mingjian.media.rtsp_dialogue import Dialogue, Stream
from mingjian.media.rtsp_error import RtspError
from mingjian.media.rtsp_message import Message, parse_message
from mingjian.media.samples import AccessUnit, Codec, VideoFormat

__all__ = ["CameraAddress", "Credentials", "RtspError", "RtspSession", "parse_address"]

SMALLEST_SCRATCH_BYTES = 256 << 10
_READS_PER_DRAIN = 2
_PARAMETER_SET_PATIENCE_90K = ticks.from_seconds(4)
_TEARDOWN_S = 1.0


class RtspSession:
    """A playing stream. Not thread-safe; one owner drains it every few hundred milliseconds.

    `bytes_received` counts everything since the opening; `last_sample_90k` is the monotonic instant of the drain that
    completed the newest access unit, at first that of the opening.
    """

    def __init__(self, *, camera: CameraSocket, dialogue: Dialogue, stream: Stream, clock: Clock) -> None:
        receiver = receiver_for(stream.description)
        builder = receiver.builder
        self.bytes_received = 0
        self.opened_90k = clock.monotonic()
        self.last_sample_90k: int = self.opened_90k
        self._unsent = b""
        self._report: rtcp.SenderReport | None = None
        self._failure: RtspError | None = None
        self._is_closed = False
        self._camera = camera
        self._dialogue = dialogue
        self._stream = stream
        self._clock = clock
        self._keep_alive_due_90k = self._next_keep_alive()
        self._may_ask_again = False
        self._asks_again = False
        self._bytes_at_last_sample = 0
        self._builder = builder
        self._receiver = receiver
        self._reader = InterleavedReader(
            receiver=receiver,
            media_channel=stream.media_channel,
            control_channel=stream.control_channel,
            on_control=self._take_control,
            on_text=self._take_text,
        )
        # Media that overtook the answer to PLAY.
        builder.arrival_90k = self.opened_90k
        self._rest = bytes(dialogue.early[self._reader.walk(memoryview(bytes(dialogue.early))) :])

    @classmethod
    async def open(
        cls,
        *,
        address: CameraAddress,
        credentials: Credentials | None,
        clock: Clock,
        addresses_allowed: Callable[[str, int], bool],
        timeout_s: float = 5.0,
        receive_buffer_bytes: int = 2 << 20,
    ) -> "RtspSession":
        """Connect, sign in, and start the camera's first video track over TCP, over UDP where it has nothing else.

        `addresses_allowed` is asked with the resolved IP and the port, before anything is sent. Raises RtspError;
        a camera that does not answer within `timeout_s` is `media.unreachable` before the connection stands and
        `media.silent` after.
        """
        camera: CameraSocket | None = None
        try:
            async with asyncio.timeout(timeout_s):
                camera = await connect(
                    address=address, receive_buffer_bytes=receive_buffer_bytes, addresses_allowed=addresses_allowed
                )
                dialogue = Dialogue(connection=camera.socket, address=address, credentials=credentials)
                try:
                    stream = await dialogue.open_stream()
                    session = cls(camera=camera, dialogue=dialogue, stream=stream, clock=clock)
                except BaseException:
                    dialogue.part()
                    raise
        except TimeoutError as error:
            code = "media.unreachable" if camera is None else "media.silent"
            raise RtspError(code, host=address.host, port=address.port, reason="timeout") from error
        camera.widen()
        return session

    @property
    def format(self) -> VideoFormat | None:
        """The format of the units that `drain` returns; None until the camera has told its parameter sets.

        Out-of-date sets of the session description are corrected by those in the stream up to the first unit returned.
        """
        return self._builder.format

    @property
    def next_format(self) -> VideoFormat | None:
        """After `media.format_changed`: the format that `accept_next_format` would go on with."""
        return self._builder.next_format

    @property
    def fileno(self) -> int:
        """The socket's descriptor, -1 after closing."""
        return self._camera.socket.fileno()

    @property
    def receive_buffer_granted(self) -> int:
        """Bytes of the fixed receive buffer; 0 where none large enough was granted and the kernel tunes it."""
        return self._camera.granted_bytes

    @property
    def packets_lost(self) -> int:
        """RTP packets missing by their sequence numbers."""
        return self._receiver.packets_lost

    @property
    def flaws(self) -> dict[str, int]:
        """What the camera did wrong that does not keep it from being recorded, counted since the opening."""
        return {
            "media.packets_lost": self._receiver.packets_lost,
            "media.odd_packets": self._receiver.packets_odd,
            "media.stray_bytes": self._reader.stray_bytes,
            "media.payload_type": int(self._receiver.has_other_type),
            "media.datagrams": int(self._dialogue.datagrams is not None),
            "media.markers": int(not self._builder.trusts_markers),
        }

    @property
    def detours(self) -> list[str]:
        """What this camera makes us do otherwise, at a cost, as long as the session stands: `udp`, `mjpeg`."""
        taken = {
            "udp": self._dialogue.datagrams is not None,
            "mjpeg": self._stream.description.codec is Codec.MJPEG,
        }
        return [name for name, is_taken in taken.items() if is_taken]

    @property
    def has_met_pictures(self) -> bool:
        """Say whether anything came that is part of a picture, usable or not."""
        return self._builder.has_met_slices

    @property
    def bytes_since_sample(self) -> int:
        """Bytes received since the newest access unit."""
        return self.bytes_received - self._bytes_at_last_sample

    @property
    def camera_claim_90k(self) -> Ticks90k | None:
        """The wall-clock instant that the camera claims for the newest access unit; a claim only."""
        newest = self._builder.newest_rtp_time_90k
        if self._report is None or newest is None:
            return None
        return Ticks90k(rtcp.claim_for(self._report, newest))

    def drain(self, scratch: memoryview) -> list[AccessUnit]:
        """Read what the camera has sent and return the access units completed by it. Never blocks.

        `scratch` is lent for the call: writable bytes, at least SMALLEST_SCRATCH_BYTES; one serves all sessions.
        At most twice its size is read, the rest stays in the kernel. What is still whole when something goes
        wrong is returned first and RtspError is raised by the next call. `media.format_changed` leaves the session
        usable: `accept_next_format` goes on without a loss.
        """
        # A format may change again before the pictures of the last one were taken.
        if self.next_format is None and self._failure is None:
            self._builder.arrival_90k = self._clock.monotonic()
            try:
                self._read(scratch)
                self._check_format()
            except RtspError as error:
                self._failure = error
                # Closing takes a while; what an endless picture has filled need not stay for it.
                self._builder.forget()
                self._rest = b""
        units = self._builder.take()
        if units:
            self.last_sample_90k = units[-1].arrival_90k
            self._bytes_at_last_sample = self.bytes_received
        elif self.next_format is not None:
            raise RtspError("media.format_changed")
        elif self._failure is not None:
            raise self._failure
        return units

    def accept_next_format(self) -> None:
        """Go on after `media.format_changed`: the next `drain` returns units of the new format."""
        self._builder.accept_next_format()

    def keep_alive(self) -> None:
        """Tell the camera at half its session timeout that someone is still here. Never blocks; call every tick."""
        now = self._clock.monotonic()
        if self._unsent:
            self._send(b"")
        elif self._asks_again or now >= self._keep_alive_due_90k:
            # Once again for each time that it is due: a camera may challenge for ever.
            self._may_ask_again, self._asks_again = not self._asks_again, False
            self._keep_alive_due_90k = self._next_keep_alive()
            method = "GET_PARAMETER" if self._stream.can_get_parameter else "OPTIONS"
            self._send(self._dialogue.compose(method, self._stream.url, {}))

    async def close(self) -> None:
        """Stop the camera and close. Waits at most a second for its answer; a second call does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        self._camera.narrow()
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_TEARDOWN_S):
                    await self._dialogue.tear_down()
        finally:
            self._dialogue.close()

    def abandon(self) -> None:
        """Close at once, with a TEARDOWN if the socket takes it."""
        if not self._is_closed:
            self._is_closed = True
            self._dialogue.part()

    def _read(self, scratch: memoryview) -> None:
        if len(scratch) < SMALLEST_SCRATCH_BYTES:
            raise ValueError("scratch is too small")
        if self._dialogue.datagrams is not None:
            filled = self._dialogue.datagrams.fill(scratch)
            self.bytes_received += filled
            self._reader.walk(scratch[:filled])
        for _ in range(_READS_PER_DRAIN):
            held = len(self._rest)
            scratch[:held] = self._rest
            try:
                count = self._camera.socket.recv_into(scratch[held:])
            except BlockingIOError:
                count = -1
            except OSError as error:
                raise RtspError("media.closed", reason="reset") from error
            self.bytes_received += max(count, 0)
            filled = held + max(count, 0)
            used = self._reader.walk(scratch[:filled])
            self._rest = bytes(scratch[used:filled])
            if count == 0:
                raise RtspError("media.closed", reason="end")
            # A short read means that the kernel has no more; asking again would only be told so.
            if filled < len(scratch):
                return

    def _check_format(self) -> None:
        builder = self._builder
        if builder.format is None and builder.has_met_slices:
            if self._clock.monotonic() - self.opened_90k > _PARAMETER_SET_PATIENCE_90K:
                raise RtspError("media.no_parameter_sets")

    def _take_control(self, packet: memoryview) -> None:
        report = rtcp.sender_report(packet)
        if report is not None and report.source == self._receiver.source:
            self._report = report

    def _take_text(self, view: memoryview) -> int:
        """Take a response or a request of the camera from between the media."""
        message, length = parse_message(view)
        if message is None:
            return 0
        if message.status == 401:
            self._meet_challenge(message)
        elif message.status == 200:
            self._dialogue.note_accepted()
        elif message.status == 454:
            raise RtspError("media.closed", reason="session_ended")
        elif message.status == 0 and message.start.startswith("REDIRECT"):
            raise RtspError("media.redirected", method="REDIRECT")
        return length

    def _meet_challenge(self, message: Message) -> None:
        """Ask again, once, where another answer may be of use. A refused sign of life does not end what plays."""
        try:
            is_of_use = self._dialogue.meet_challenge(message)
        except RtspError:
            return
        self._asks_again = is_of_use and self._may_ask_again

    def _next_keep_alive(self) -> Ticks90k:
        return Ticks90k(self._clock.monotonic() + ticks.from_seconds(self._stream.session_timeout_s / 2))

    def _send(self, request: bytes) -> None:
        """Send what the socket takes; half a request is completed at the next call."""
        self._unsent += request
        try:
            sent = self._camera.socket.send(self._unsent)
        except BlockingIOError:
            return
        except OSError as error:
            self._failure = self._failure or RtspError("media.closed", reason="send")
            self._failure.__cause__ = error
            return
        self._unsent = self._unsent[sent:]
