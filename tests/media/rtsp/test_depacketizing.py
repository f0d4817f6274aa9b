"""RTP packets into access units: packing, boundaries, losses, parameter sets."""

import random
from collections.abc import Callable, Sequence

import pcm_h264
import pytest
import rtp_packing
from hypothesis import given, settings
from hypothesis import strategies as st

from mingjian.media.nal import PACKINGS
from mingjian.media.rtsp_error import RtspError
from mingjian.media.samples import AccessUnit, Codec

from .conftest import REPEAT, SETS, SYNC, Wire, lengths

STEP = 3600
LARGER = (pcm_h264.sps(6, 6), pcm_h264.pps())
H265_SETS = tuple(
    bytes.fromhex(text)
    for text in (
        "40010c01ffff0408000003009fa800000300001eba024000",
        "4201010408000003009fa800000300001ea020810596ea4932bc05a02000000300200000030321",
        "4401c172b02240",
    )
)


def stream(wire: Wire, count: int, *, gop: int = 5) -> list[list[bytes]]:
    """Return the packets of so many pictures, by picture."""
    return [wire.picture(SYNC if n % gop == 0 else REPEAT, time=n * STEP) for n in range(count)]


def flat(pictures: Sequence[Sequence[bytes]]) -> bytes:
    return b"".join(packet for picture in pictures for packet in picture)


def damage(units: Sequence[AccessUnit]) -> list[bool]:
    return [unit.is_damaged for unit in units]


def test_pictures_come_out_as_they_went_in(wire: Wire) -> None:
    units = wire.feed(flat(stream(wire, 10)))

    assert [bytes(unit.data) for unit in units] == [lengths(SYNC if n % 5 == 0 else REPEAT) for n in range(10)]
    assert [unit.is_sync for unit in units] == [n % 5 == 0 for n in range(10)]
    assert [unit.rtp_time_90k - units[0].rtp_time_90k for unit in units] == [n * STEP for n in range(10)]
    assert not any(damage(units)) and wire.receiver.packets_lost == 0


@pytest.mark.parametrize("size", [1, 3, 19, 20, 21, 700, 5000])
def test_pictures_do_not_depend_on_how_the_bytes_arrive(wire: Wire, size: int) -> None:
    data = flat(stream(wire, 4, gop=2))

    units = [unit for start in range(0, len(data), size) for unit in wire.feed(data[start : start + size])]

    assert [bytes(unit.data) for unit in units] == [lengths(SYNC), lengths(REPEAT)] * 2
    assert not any(damage(units))


def test_pictures_end_with_the_time_when_no_marker_is_set(wire: Wire) -> None:
    pictures = [wire.picture(nal, time=n * STEP, has_marker=False) for n, nal in enumerate([SYNC, REPEAT, REPEAT])]

    assert len(wire.feed(flat(pictures))) == 2


def test_marker_on_a_message_does_not_split_its_picture(wire: Wire) -> None:
    data = wire.packet(pcm_h264.SEI, time=0, marker=1) + flat([wire.picture(SYNC, time=0)])

    (unit,) = wire.feed(data)

    assert bytes(unit.data) == lengths(pcm_h264.SEI, SYNC)


def test_marker_on_every_slice_is_believed_no_more_once_found_out(wire: Wire) -> None:
    data = b""
    for n in range(4):
        data += wire.packet(REPEAT if n else SYNC[:900], time=n * STEP, marker=1)
        data += wire.packet(REPEAT, time=n * STEP, marker=1)

    units = wire.feed(data)

    assert [bytes(unit.data) for unit in units] == [lengths(SYNC[:900], REPEAT), *[lengths(REPEAT, REPEAT)] * 2]
    assert not any(damage(units))


def test_marker_found_out_too_late_costs_one_picture(wire: Wire) -> None:
    first = wire.feed(wire.packet(SYNC[:900], time=0, marker=1))
    wire.feed(wire.packet(REPEAT, time=0, marker=1))
    second = wire.feed(wire.packet(SYNC[:900], time=STEP, marker=1) + wire.packet(REPEAT, time=2 * STEP, marker=1))

    assert damage(first) == [False]
    assert damage(second) == [True, False]


def test_time_stamps_go_on_beyond_32_bits_and_backwards(wire: Wire) -> None:
    times = [-2 * STEP, STEP, -STEP, 0, 4 * STEP]
    data = flat([wire.picture(SYNC[:900], time=time & 0xFFFFFFFF) for time in times])

    units = wire.feed(data)

    assert [unit.rtp_time_90k - units[0].rtp_time_90k for unit in units] == [time + 2 * STEP for time in times]


@pytest.mark.parametrize(
    ("missing", "expected", "lost"),
    [
        # The head of the first sync sample: nothing says that a packet was before, its remains hold no whole slice.
        ((0, 0), "DDDDD.....", 0),
        ((5, 2), ".....DDDDD", 1),
        ((1, 0), ".DDDD.....", 1),
    ],
)
def test_loss_damages_everything_up_to_the_next_sync_sample(
    wire: Wire, missing: tuple[int, int], expected: str, lost: int
) -> None:
    pictures = stream(wire, 10)
    base = 1 << 32
    del pictures[missing[0]][missing[1]]

    units = wire.feed(flat(pictures))

    by_number = {(unit.rtp_time_90k - base) // STEP: unit for unit in units}
    assert missing[0] not in by_number
    assert all(unit.is_damaged == (expected[number] == "D") for number, unit in by_number.items())
    assert wire.receiver.packets_lost == lost


def test_loss_between_pictures_damages_both_sides(wire: Wire) -> None:
    """Two slices a picture: the second of one and the first of the next are gone."""
    pictures = [wire.picture(SYNC if n == 0 else REPEAT, REPEAT, time=n * STEP) for n in range(4)]

    units = wire.feed(flat([pictures[0], pictures[1][:1], pictures[2][1:], pictures[3]]))

    assert damage(units) == [False, True, True, True]


def test_late_and_repeated_packets_are_left_out(wire: Wire) -> None:
    pictures = stream(wire, 3)

    units = wire.feed(flat([pictures[0], pictures[0], pictures[1], pictures[2]]))

    assert len(units) == 3 and not any(damage(units)) and wire.receiver.packets_lost == 0


def test_pictures_before_the_first_sync_sample_are_damaged(wire: Wire) -> None:
    data = flat([wire.picture(REPEAT, time=0), wire.picture(SYNC, time=STEP), wire.picture(REPEAT, time=2 * STEP)])

    assert damage(wire.feed(data)) == [True, False, False]


def test_aggregates_are_opened(wire: Wire) -> None:
    parts = [*SETS, pcm_h264.SEI, SYNC[:900]]
    payload = b"\x78" + b"".join(len(part).to_bytes(2, "big") + part for part in parts)

    (unit,) = wire.feed(wire.packet(payload, time=0, marker=1))

    assert bytes(unit.data) == lengths(pcm_h264.SEI, SYNC[:900]) and unit.is_sync


def test_aggregate_that_overruns_its_packet_is_damage(wire: Wire) -> None:
    payload = b"\x78" + len(REPEAT).to_bytes(2, "big") + REPEAT + b"\xff\xff" + b"x" * 20

    (unit,) = wire.feed(wire.packet(payload, time=0, marker=1))

    assert unit.is_damaged and wire.receiver.packets_odd == 1


def test_padding_extension_and_contributors_are_taken_off(wire: Wire) -> None:
    plain = wire.packet(SYNC[:900], time=0, marker=1)
    header, payload = plain[4:16], plain[16:]
    odd = bytes((0xB2, *header[1:])) + bytes(8) + b"\xbe\xde\x00\x01" + bytes(4) + payload + b"\0\0\3"

    (unit,) = wire.feed(b"$\0" + len(odd).to_bytes(2, "big") + odd)

    assert bytes(unit.data) == lengths(SYNC[:900])


def test_start_codes_left_in_a_packet_are_taken_apart(wire: Wire) -> None:
    code = b"\0\0\0\1"
    nals = [b"\x09\xf0", *SETS, pcm_h264.SEI, SYNC]
    as_fragments = flat([wire.picture(code.join(nals[1:]), time=0)])
    as_single = wire.packet(code + code.join([*nals[:4], SYNC[:900]]), time=STEP, marker=1)

    units = wire.feed(as_fragments + as_single)

    assert [bytes(unit.data) for unit in units] == [lengths(pcm_h264.SEI, SYNC), lengths(pcm_h264.SEI, SYNC[:900])]


def test_message_without_emulation_prevention_is_left_out(wire: Wire) -> None:
    data = wire.packet(b"\x06\xf0\0\0\1\x7c\x85\0\0\1\x42", time=0) + flat([wire.picture(SYNC, time=0)])

    (unit,) = wire.feed(data)

    assert bytes(unit.data) == lengths(SYNC)


def test_parameter_sets_are_learned_from_the_stream(make_wire: Callable[..., Wire]) -> None:
    wire = make_wire(Codec.H264, ())
    before = wire.feed(flat([wire.picture(SYNC, time=0)]))

    (unit,) = wire.feed(flat([wire.picture(*SETS, SYNC, time=STEP)]))

    assert before == [] and not unit.is_damaged
    assert wire.builder.format is not None and wire.builder.format.width == 64
    assert wire.builder.format.parameter_sets == SETS


def test_outdated_announcement_is_corrected_before_the_first_picture(wire: Wire) -> None:
    units = wire.feed(flat([wire.picture(*LARGER, SYNC, time=0)]))

    assert len(units) == 1 and wire.builder.next_format is None
    assert wire.builder.format is not None and wire.builder.format.width == 96


def test_changed_parameter_sets_begin_a_new_batch(wire: Wire) -> None:
    larger = pcm_h264.sync_picture(6, 6, 0)
    data = flat([*stream(wire, 3), wire.picture(*LARGER, larger, time=3 * STEP), wire.picture(REPEAT, time=4 * STEP)])

    before = wire.feed(data)
    announced = wire.builder.next_format
    wire.builder.accept_next_format()
    after = wire.builder.take()

    assert len(before) == 3
    assert announced is not None and announced.width == 96 and wire.builder.format == announced
    assert [bytes(unit.data) for unit in after] == [lengths(larger), lengths(REPEAT)]


def test_repeated_parameter_sets_change_nothing(wire: Wire) -> None:
    wire.feed(flat(stream(wire, 2)))
    wire.feed(flat([wire.picture(*SETS, SYNC, time=9 * STEP)]))

    assert wire.builder.next_format is None


def test_h265_pictures_come_out_as_they_went_in(make_wire: Callable[..., Wire]) -> None:
    wire = make_wire(Codec.H265, ())
    source = random.Random(3)  # noqa: S311 - filler
    sync = b"\x26\x01" + bytes(source.choices(range(1, 256), k=5000))
    other = b"\x02\x01" + bytes(source.choices(range(1, 256), k=300))
    aggregate = b"\x60\x01" + b"".join(len(nal).to_bytes(2, "big") + nal for nal in H265_SETS)

    units = wire.feed(
        wire.packet(aggregate, time=0)
        + flat([wire.picture(b"\x46\x01\x50", sync, time=0), wire.picture(other, time=STEP)])
    )

    assert [bytes(unit.data) for unit in units] == [lengths(sync), lengths(other)]
    assert [unit.is_sync for unit in units] == [True, False]
    assert wire.builder.format is not None and (wire.builder.format.codec, wire.builder.format.width) == (
        Codec.H265,
        64,
    )


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"\x79" + bytes(50), "media.unsupported_codec"),  # STAP-B
        (b"\x7c\x9c" + bytes(50), "media.malformed"),  # a fragmented fragment
        (b"\x78\x00\x05\x7c\x85\x00\x00\x00", "media.malformed"),  # a fragment in an aggregate
        (b"\x67" + bytes(range(1, 256)) * 20, "media.oversized"),  # a parameter set of 5 kB
        (b"\x67\x42\x00\x1e\xff", "media.malformed"),
    ],
)
def test_packet_that_means_nothing_here_ends_the_stream(wire: Wire, payload: bytes, code: str) -> None:
    with pytest.raises(RtspError) as caught:
        wire.feed(wire.packet(payload, time=0) + flat([wire.picture(SYNC, time=0)]))

    assert caught.value.code == code


def test_unit_that_never_ends_is_refused(wire: Wire) -> None:
    with pytest.raises(RtspError) as caught:
        for _ in range(200):
            wire.feed(b"".join(wire.packet(REPEAT + b"\x55" * 1300, time=0) for _ in range(50)))

    assert (caught.value.code, caught.value.facts["what"]) == ("media.oversized", "access_unit")
    assert len(wire.builder.data) < 9 << 20


def test_other_source_in_the_same_stream_ends_it(wire: Wire) -> None:
    foreign = bytearray(wire.packet(REPEAT, time=0, marker=1))
    foreign[15] ^= 1

    with pytest.raises(RtspError) as caught:
        wire.feed(flat(stream(wire, 1)) + foreign)

    assert caught.value.facts["reason"] == "source_changed"


def test_other_channels_and_payload_types_are_passed_over(wire: Wire) -> None:
    own = rtp_packing.framed(b"private", sequence=9, time=5, marker=1, payload_type=50)
    other = b"$\x07\x00\x03abc"
    control = b"$\x01\x00\x04\x80\xc9\x00\x00"

    units = wire.feed(own + other + control + flat(stream(wire, 1)) + other)

    assert len(units) == 1 and wire.control == [control[4:]] and wire.receiver.packets_odd == 0


def test_messages_between_packets_reach_their_reader(wire: Wire) -> None:
    response = b"RTSP/1.0 200 OK\r\nCSeq: 9\r\n\r\n"
    pictures = stream(wire, 2)

    units = wire.feed(pictures[0][0] + response + flat([pictures[0][1:]]) + response[:5])
    units += wire.feed(response[5:] + flat([pictures[1]]))

    assert len(units) == 2 and wire.text == [response, response]


@pytest.mark.parametrize("stray", [b"\x00", b"stray", b"$\x00", b"RTS", bytes(40_000), b"\xff" * 7 + b"$"])
def test_stray_bytes_are_passed_over(wire: Wire, stray: bytes) -> None:
    pictures = stream(wire, 3)

    units = wire.feed(flat(pictures[:1]) + stray + flat(pictures[1:]))

    assert len(units) >= 1 and bytes(units[0].data) == lengths(SYNC)
    assert bytes(units[-1].data) == lengths(REPEAT)


def test_stream_of_rubbish_is_refused(wire: Wire) -> None:
    with pytest.raises(RtspError) as caught:
        for _ in range(10):
            wire.feed(random.Random(1).randbytes(20_000))  # noqa: S311 - rubbish

    assert caught.value.code == "media.malformed"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mutated_streams_raise_only_our_error(data: st.DataObject) -> None:
    codec = data.draw(st.sampled_from(list(PACKINGS)))
    wire = Wire(codec, SETS if codec is Codec.H264 else H265_SETS)
    raw = bytearray(flat(stream(wire, 6, gop=3)))
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
    size = data.draw(st.integers(100, 20_000))
    try:
        for start in range(0, len(raw), size):
            for unit in wire.feed(bytes(raw[start : start + size])):
                assert walk(unit.data) > 0
    except RtspError:
        pass


def test_packet_of_another_type_is_none_of_ours_where_the_sequence_begins_anew() -> None:
    """What is counted on past 65535 would be the next payload type."""
    together, single = Wire(Codec.H264, SETS), Wire(Codec.H264, SETS)
    controls = [0x81, 1, 1, 1, 1, 1, 1, 0x41]
    fragments = [bytes((0x7C, control, *range(5))) for control in controls]
    packets = [together.packet(fragment, time=0, marker=int(place == 7)) for place, fragment in enumerate(fragments)]
    packets += [together.packet(b"\x61\x00\x01", time=number * STEP, marker=1) for number in (1, 2)]
    begins_anew = next(place for place, packet in enumerate(packets) if packet[6:8] == b"\0\0")
    packets[begins_anew] = packets[begins_anew][:5] + bytes((97,)) + packets[begins_anew][6:]

    told = _told(together, [b"".join(packets)])

    assert 0 < begins_anew < 7
    assert told == _told(single, packets)
    assert told[0][0].is_damaged


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_packets_taken_together_are_what_they_are_one_by_one(data: st.DataObject) -> None:
    """Runs of like packets, broken off by losses, repeats, other lengths and other headers, around a sequence's end."""
    codec = data.draw(st.sampled_from(list(PACKINGS)))
    packets = _packets_of_many_sizes(codec, data)
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(1, len(packets) - 1))
        kind = data.draw(st.sampled_from(["lose", "repeat", "change"]))
        if kind == "lose":
            del packets[at]
        elif kind == "repeat":
            packets.insert(at, packets[at - 1])
        else:
            changed = bytearray(packets[at])
            changed[data.draw(st.integers(5, min(20, len(changed) - 1)))] ^= 1 << data.draw(st.integers(0, 7))
            packets[at] = bytes(changed)

    together, single = (Wire(codec, SETS if codec is Codec.H264 else H265_SETS) for _ in range(2))

    assert _told(together, [b"".join(packets)]) == _told(single, packets)


def _packets_of_many_sizes(codec: Codec, data: st.DataObject) -> list[bytes]:
    """Return fragments of three pictures, of lengths that differ from one picture to the next."""
    head, kind = (b"\x7c", 1) if codec is Codec.H264 else (b"\x62\x01", 1)
    wire, packets = Wire(codec, ()), []
    for number in range(3):
        size, count = data.draw(st.integers(1, 40)), data.draw(st.integers(2, 9))
        for place in range(count):
            control = kind | (0x80 if place == 0 else 0) | (0x40 if place == count - 1 else 0)
            length = size if place < count - 1 else data.draw(st.integers(1, 40))
            payload = head + bytes((control,)) + bytes((place,)) * length
            packets.append(wire.packet(payload, time=number * STEP, marker=int(place == count - 1)))
    return packets


def _told(wire: Wire, parts: Sequence[bytes]) -> tuple[list[AccessUnit], int, int, str]:
    units: list[AccessUnit] = []
    code = ""
    try:
        for part in parts:
            units += [unit._replace(data=bytes(unit.data)) for unit in wire.feed(part)]
    except RtspError as error:
        code = error.code
        units += [unit._replace(data=bytes(unit.data)) for unit in wire.builder.take()]
    return units, wire.receiver.packets_lost, wire.receiver.packets_odd, code


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(list(PACKINGS)), st.lists(st.binary(max_size=40), max_size=30))
def test_arbitrary_payloads_raise_only_our_error(codec: Codec, payloads: list[bytes]) -> None:
    wire = Wire(codec, ())
    try:
        for number, payload in enumerate(payloads):
            for unit in wire.feed(wire.packet(payload, time=number // 3 * STEP, marker=number % 2)):
                assert walk(unit.data) > 0
    except RtspError:
        pass


def walk(data: bytes | bytearray | memoryview) -> int:
    """Return how many NAL units the lengths lead through, to the last byte exactly."""
    at = count = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        assert size > 0
        at, count = at + 4 + size, count + 1
    assert at == len(data)
    return count
