"""Motion JPEG: whole pictures come out as they were made, torn ones not at all, and what has no way out is named."""

from collections.abc import Sequence

import pytest
import rtp_jpeg
import rtp_packing

from mingjian.base import ticks
from mingjian.media.interleaved import InterleavedReader
from mingjian.media.rtp_jpeg import JpegReceiver
from mingjian.media.rtsp_error import RtspError
from mingjian.media.samples import AccessUnit, Codec
from mingjian.media.sdp import parse_description

STEP = 3600
TRACK = "m=video 0 RTP/AVP 26\r\na=control:jpeg\r\n"


class JpegWire:
    """A camera's connection without the camera."""

    def __init__(self) -> None:
        self.receiver = JpegReceiver(payload_type=rtp_jpeg.PAYLOAD_TYPE)
        self.builder = self.receiver.builder
        self.sequence = 65_530
        self._reader = InterleavedReader(
            receiver=self.receiver,
            media_channel=0,
            control_channel=1,
            on_control=lambda packet: None,
            on_text=lambda view: 0,
        )

    def frames(self, payloads: Sequence[tuple[bytes, int]], *, number: int) -> list[bytes]:
        """Return the next packets, all of the n-th picture's time, in their frames."""
        made = []
        for payload, marker in payloads:
            made.append(
                rtp_packing.framed(
                    payload,
                    sequence=self.sequence & 0xFFFF,
                    time=number * STEP,
                    marker=marker,
                    payload_type=rtp_jpeg.PAYLOAD_TYPE,
                )
            )
            self.sequence += 1
        return made

    def feed(self, *frames: bytes) -> list[AccessUnit]:
        data = b"".join(frames)
        assert self._reader.walk(memoryview(data)) == len(data)
        return self.builder.take()


@pytest.fixture
def wire() -> JpegWire:
    return JpegWire()


@pytest.mark.parametrize("quality", [5, 50, 75, 99])
@pytest.mark.parametrize("sampling", [0, 1])
def test_pictures_of_a_computed_quality_look_as_they_were_made(wire: JpegWire, quality: int, sampling: int) -> None:
    made = [rtp_jpeg.drawn(n, quality=quality, sampling=sampling) for n in range(3)]

    units = wire.feed(*(f for n, jpeg in enumerate(made) for f in wire.frames(payloads_of(jpeg, quality), number=n)))

    assert [rtp_jpeg.pixels(bytes(unit.data)) for unit in units] == [jpeg.pixels() for jpeg in made]
    assert all(unit.is_sync and not unit.is_damaged for unit in units)
    assert wire.builder.format is not None
    assert (wire.builder.format.codec, wire.builder.format.width, wire.builder.format.height) == (Codec.MJPEG, 64, 48)
    assert [unit.rtp_time_90k - units[0].rtp_time_90k for unit in units] == [0, STEP, 2 * STEP]


def payloads_of(jpeg: rtp_jpeg.Jpeg, quality: int) -> list[tuple[bytes, int]]:
    return rtp_jpeg.payloads(jpeg, quality=quality)


def test_restart_markers_are_told_to_the_decoder(wire: JpegWire) -> None:
    jpeg = rtp_jpeg.drawn(3, width=320, height=240, restarts=5)

    (unit,) = wire.feed(*wire.frames(rtp_jpeg.payloads(jpeg), number=0))

    assert jpeg.restart_interval == 5 and rtp_jpeg.pixels(bytes(unit.data)) == jpeg.pixels()


def test_tables_told_once_serve_until_told_anew(wire: JpegWire) -> None:
    made = [rtp_jpeg.drawn(n, quality=quality) for n, quality in enumerate((60, 60, 30, 30))]
    told = [made[0].tables, b"", made[2].tables, b""]

    units = wire.feed(
        *(
            frame
            for n, (jpeg, tables) in enumerate(zip(made, told, strict=True))
            for frame in wire.frames(rtp_jpeg.payloads(jpeg, quality=200, tables=tables), number=n)
        )
    )

    assert [rtp_jpeg.pixels(bytes(unit.data)) for unit in units] == [jpeg.pixels() for jpeg in made]


def test_pictures_wait_for_tables_that_were_never_told(wire: JpegWire) -> None:
    made = [rtp_jpeg.drawn(n) for n in range(2)]

    before = wire.feed(*wire.frames(rtp_jpeg.payloads(made[0], quality=200, tables=b""), number=0))
    units = wire.feed(*wire.frames(rtp_jpeg.payloads(made[1], quality=200), number=1))

    assert before == [] and wire.receiver.packets_odd == 1
    assert [unit.is_damaged for unit in units] == [True]


def test_one_table_serves_for_both(wire: JpegWire) -> None:
    jpeg = rtp_jpeg.drawn(0, quality=99)

    (unit,) = wire.feed(*wire.frames(rtp_jpeg.payloads(jpeg, tables=jpeg.tables[:64]), number=0))

    assert jpeg.tables[:64] * 2 == rtp_jpeg.apart(bytes(unit.data)).tables


@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_torn_picture_is_left_out_and_the_next_counts_as_damaged(wire: JpegWire, place: str) -> None:
    made = [rtp_jpeg.drawn(n, width=640, height=480, quality=95) for n in range(4)]
    pictures = [wire.frames(rtp_jpeg.payloads(jpeg), number=n) for n, jpeg in enumerate(made)]
    assert len(pictures[1]) > 3
    del pictures[1][{"first": 0, "middle": 2, "last": -1}[place]]

    units = wire.feed(*(frame for picture in pictures for frame in picture))

    assert [(unit.rtp_time_90k - units[0].rtp_time_90k) // STEP for unit in units] == [0, 2, 3]
    assert [unit.is_damaged for unit in units] == [False, True, False]
    assert wire.receiver.packets_lost == 1


def test_pieces_that_do_not_follow_on_tear_the_picture(wire: JpegWire) -> None:
    """A camera whose own counting leaves a hole: no packet is missing, and yet the picture is not whole."""
    pieces = rtp_jpeg.payloads(rtp_jpeg.drawn(0, width=640, height=480, quality=95))
    whole = rtp_jpeg.payloads(rtp_jpeg.drawn(1))

    units = wire.feed(*wire.frames([pieces[0], *pieces[2:]], number=0), *wire.frames(whole, number=1))

    assert [unit.is_damaged for unit in units] == [True] and wire.receiver.packets_lost == 0


def test_pictures_end_without_markers_too(wire: JpegWire) -> None:
    made = [rtp_jpeg.drawn(n) for n in range(3)]
    bare = [[(payload, 0) for payload, _ in rtp_jpeg.payloads(jpeg)] for jpeg in made]

    units = wire.feed(*(frame for n, pieces in enumerate(bare) for frame in wire.frames(pieces, number=n)))

    assert [rtp_jpeg.pixels(bytes(unit.data)) for unit in units] == [jpeg.pixels() for jpeg in made[:2]]


def test_picture_whose_end_never_came_is_left_out_where_ends_are_marked(wire: JpegWire) -> None:
    """Pieces sent from the end: the first one, which comes last, must not pass for the picture."""
    made = [rtp_jpeg.drawn(n, width=640, height=480, quality=95) for n in range(3)]
    pictures = [rtp_jpeg.payloads(jpeg) for jpeg in made]

    units = wire.feed(
        *wire.frames(pictures[0][::-1], number=0),
        *wire.frames(pictures[1][:-1], number=1),
        *wire.frames(pictures[2], number=2),
    )

    assert [(rtp_jpeg.pixels(bytes(unit.data)), unit.is_damaged) for unit in units] == [(made[2].pixels(), True)]


def test_end_of_image_that_came_along_is_not_written_twice(wire: JpegWire) -> None:
    (payload, _), *_ = rtp_jpeg.payloads(jpeg := rtp_jpeg.drawn(0))

    (unit,) = wire.feed(*wire.frames([(payload + b"\xff\xd9", 1)], number=0))

    assert bytes(unit.data).count(b"\xff\xd9") == 1 and rtp_jpeg.pixels(bytes(unit.data)) == jpeg.pixels()


def test_change_of_size_is_a_change_of_format_and_loses_no_picture(wire: JpegWire) -> None:
    made = [rtp_jpeg.drawn(n, width=64 if n < 2 else 128) for n in range(4)]

    first = wire.feed(*(f for n, jpeg in enumerate(made) for f in wire.frames(rtp_jpeg.payloads(jpeg), number=n)))
    wire.builder.accept_next_format()
    then = wire.builder.take()

    assert (len(first), len(then)) == (2, 2)
    assert wire.builder.format is not None and wire.builder.format.width == 128


def changed(at: int, value: int) -> list[tuple[bytes, int]]:
    (payload, marker), *_ = rtp_jpeg.payloads(rtp_jpeg.drawn(0))
    return [(payload[:at] + bytes((value,)) + payload[at + 1 :], marker)]


@pytest.mark.parametrize(
    ("at", "value", "code", "reason"),
    [
        (0, 1, "media.unsupported_codec", "jpeg_fields"),
        (4, 2, "media.unsupported_codec", "jpeg_type"),
        (4, 200, "media.unsupported_codec", "jpeg_type"),
        (5, 0, "media.malformed", "jpeg_quality"),
        (5, 110, "media.malformed", "jpeg_quality"),
        (6, 0, "media.unsupported_codec", "jpeg_size"),
        (9, 1, "media.unsupported_codec", "jpeg_precision"),
        (11, 65, "media.malformed", "jpeg_tables"),
    ],
)
def test_what_cannot_be_put_together_is_named(wire: JpegWire, at: int, value: int, code: str, reason: str) -> None:
    with pytest.raises(RtspError) as caught:
        wire.feed(*wire.frames(changed(at, value), number=0))

    assert (caught.value.code, caught.value.facts["reason"]) == (code, reason)


def test_packets_too_short_for_their_headers_are_counted(wire: JpegWire) -> None:
    whole = rtp_jpeg.payloads(rtp_jpeg.drawn(0))[0][0]

    for size in (2, 7, 9, 11, 100):
        assert wire.feed(*wire.frames([(whole[:size], 1)], number=size)) == []

    assert wire.receiver.packets_odd == 5


def test_picture_without_end_is_refused(wire: JpegWire) -> None:
    (payload, _), *_ = rtp_jpeg.payloads(rtp_jpeg.drawn(0))
    scan = len(payload) - 8 - 4 - 128
    wire.feed(*wire.frames([(payload, 0)], number=0))

    with pytest.raises(RtspError) as caught:
        for offset in range(scan, 8 << 20, 60_000):
            piece = offset.to_bytes(4, "big") + payload[4:8] + bytes(60_000)
            wire.feed(*wire.frames([(piece, 0)], number=0))

    assert caught.value.code == "media.oversized"


def test_clock_that_stands_still_is_told(wire: JpegWire) -> None:
    payloads = rtp_jpeg.payloads(rtp_jpeg.drawn(0))
    wire.feed(*wire.frames(payloads, number=0))
    wire.builder.arrival_90k = ticks.from_seconds(4.1)

    with pytest.raises(RtspError) as caught:
        wire.feed(*wire.frames(payloads, number=0))

    assert caught.value.facts["reason"] == "time_stands_still"


@pytest.mark.parametrize(
    "media", [TRACK, TRACK.replace("26", "97") + "a=rtpmap:97 jpeg/90000\r\n", TRACK + "a=rtpmap:26 JPEG/90000\r\n"]
)
def test_motion_jpeg_is_found_in_a_description(media: str) -> None:
    found = parse_description(f"v=0\r\n{media}".encode())

    assert (found.codec, found.control, found.parameter_sets) == (Codec.MJPEG, "jpeg", ())


def test_anything_else_is_taken_before_motion_jpeg() -> None:
    other = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:h264\r\n"

    assert parse_description(f"v=0\r\n{TRACK}{other}".encode()).codec is Codec.H264
