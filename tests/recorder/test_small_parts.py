"""Back-off, fragments, lines, networks, targets and throughput: the parts without a life of their own."""

import json
import random

import pytest

from mingjian.base.errors import MingjianError
from mingjian.base.ids import CameraId, RecordingId, RunId, VolumeId, new_id
from mingjian.base.ticks import TICKS_PER_S, Ticks90k
from mingjian.media.samples import Sample
from mingjian.recorder import protocol
from mingjian.recorder.backoff import Backoff
from mingjian.recorder.causes import StreamState, judge
from mingjian.recorder.fragmenting import Fragmenter
from mingjian.recorder.network import AllowedNetworks
from mingjian.recorder.protocol import Acknowledged, Hello, Leave, ProtocolError, Report
from mingjian.recorder.targets import Target, TargetError, open_credentials
from mingjian.recorder.throughput import Throughput
from mingjian.recordings.model import (
    GapCause,
    GapCauseLearned,
    RecorderEvent,
    RecordingClosed,
    RecordingOpened,
    RunEnded,
    RunStarted,
    StreamKey,
    StreamRole,
)

STREAM = StreamKey(camera_id=CameraId(new_id()), role=StreamRole.MAIN, track="video")
EVENTS: list[RecorderEvent] = [
    RunStarted(
        run_id=RunId(new_id()),
        stream=STREAM,
        start_90k=Ticks90k(1),
        cause_before=GapCause.RECORDER_DOWN,
        is_clock_trusted=True,
        codec="h264",
        width=640,
        height=360,
        camera_claim_90k=None,
        worker="w0",
    ),
    RunEnded(RunId(new_id()), STREAM, Ticks90k(2), GapCause.CAMERA_SILENT, "recorder.silent"),
    RecordingOpened(RecordingId(new_id()), RunId(new_id()), STREAM, Ticks90k(3), "h264", "avc1.42c01e", 640, 360),
    RecordingClosed(
        RecordingId(new_id()),
        RunId(new_id()),
        STREAM,
        Ticks90k(3),
        Ticks90k(9),
        100,
        2,
        20,
        "ab" * 32,
        is_salvaged=False,
        holes=((4, 5), (6, 7)),
    ),
    GapCauseLearned(STREAM, Ticks90k(4), GapCause.CAMERA_REFUSED, "media.unauthorized"),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_protocol_carries_every_event_unchanged(event: RecorderEvent) -> None:
    line = protocol.encode_report(Report(7, event))

    assert line.count(b"\n") == 1
    assert protocol.decode_from_worker(line) == Report(7, event)


def test_protocol_carries_hello_and_acknowledgement() -> None:
    hello = Hello(worker="w0", session=new_id())

    assert protocol.decode_from_worker(protocol.encode_hello(hello)) == hello
    assert protocol.decode_from_keeper(protocol.encode_ack(12)) == Acknowledged(12)
    assert protocol.decode_from_keeper(protocol.encode_leave("x")) == Leave("x")


@pytest.mark.parametrize(
    "line",
    [b"", b"[]", b"{}", b"\xff", b'{"seq": 1}', b'{"seq": "x", "event": {}}', b'{"hello": {"worker": ""}}']
    + [json.dumps({"seq": 1, "event": {"type": kind}}).encode() for kind in ("run_ended", "nothing", None)],
)
def test_protocol_refuses_what_is_not_of_it(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        protocol.decode_from_worker(line)


def test_backoff_grows_to_fifteen_seconds_and_forgets_once_held() -> None:
    backoff = Backoff(chance=random.Random(1))  # noqa: S311 - jitter
    waits = [backoff.after_failure() / TICKS_PER_S for _ in range(7)]

    for wait, step in zip(waits, [1, 2, 5, 10, 15, 15, 15], strict=True):
        assert 0.8 * step <= wait <= 1.2 * step
    backoff.held()
    assert backoff.after_failure() <= 1.2 * TICKS_PER_S


def _samples(*, count: int, sync_every: int, step_90k: int = 3_600) -> list[Sample]:
    return [Sample(n * step_90k, n * step_90k, step_90k, b"x", n % sync_every == 0) for n in range(count)]


def test_fragmenter_cuts_at_half_seconds_and_at_sync_samples() -> None:
    fragmenter = Fragmenter()
    samples = _samples(count=100, sync_every=40)
    groups = fragmenter.push(samples) + fragmenter.flush()

    assert [sample for group in groups for sample in group] == samples
    assert all(not sample.is_sync for group in groups for sample in group[1:])
    assert all(group[-1].dts_90k - group[0].dts_90k < 45_000 for group in groups)
    assert len(groups) == 10


def test_fragmenter_gives_one_sample_each_when_pictures_are_rare() -> None:
    groups = Fragmenter().push(_samples(count=4, sync_every=4, step_90k=90_000))

    assert [len(group) for group in groups] == [1, 1, 1]


@pytest.mark.parametrize(
    ("host", "port", "is_allowed"),
    [
        ("10.2.3.4", 554, True),
        ("::ffff:10.2.3.4", 554, True),
        ("10.2.3.4", 22, False),
        ("127.0.0.1", 554, False),
        ("fd00::7", 8554, True),
        ("fe80::1", 554, False),
        ("camera.example", 554, False),
    ],
)
def test_networks_allow_only_what_the_plan_names(host: str, port: int, *, is_allowed: bool) -> None:
    allowed = AllowedNetworks(networks=("10.0.0.0/8", "fd00::/8"), ports=((554, 554), (8_000, 9_000)))

    assert allowed.allows(host, port) is is_allowed


def _target(credentials: str) -> Target:
    return Target(STREAM, "gate", "rtsp://127.0.0.1/stream", credentials, VolumeId(new_id()), 0)


def test_credentials_are_opened_for_their_camera() -> None:
    opened = open_credentials(
        _target("sealed"), unseal=lambda text, context: json.dumps({"user": text, "password": context})
    )

    assert opened is not None
    assert (opened.user, opened.password) == ("sealed", STREAM.camera_id)
    assert open_credentials(_target(""), unseal=lambda text, context: "") is None


@pytest.mark.parametrize("text", ["", "null", "[]", '{"user": "only"}'])
def test_credentials_that_cannot_be_opened_are_named_without_their_text(text: str) -> None:
    with pytest.raises(TargetError) as caught:
        open_credentials(_target("sealed"), unseal=lambda sealed, context: text)

    assert caught.value.facts == {"camera": STREAM.camera_id}


def test_throughput_tells_a_flood_after_a_whole_window() -> None:
    throughput = Throughput(flood_bps=1_000_000)
    for second in range(6):
        throughput.note(now_90k=second * TICKS_PER_S, received_bytes=second * 200_000)

    assert throughput.bitrate_bps == 1_600_000
    assert throughput.is_flooding


@pytest.mark.parametrize(
    ("code", "state", "cause"),
    [
        ("media.refused", StreamState.REFUSED, GapCause.CAMERA_UNREACHABLE),
        ("media.unauthorized", StreamState.UNAUTHORIZED, GapCause.CAMERA_REFUSED),
        ("recordings.volume_full", StreamState.DISK, GapCause.DISK),
        ("nobody.knows", StreamState.FAULT, GapCause.UNKNOWN),
    ],
)
def test_causes_name_state_and_gap(code: str, state: StreamState, cause: GapCause) -> None:
    assert judge(code) == (state, cause)


def test_every_error_of_the_camera_side_has_its_own_word() -> None:
    codes = (
        "unreachable refused unauthorized redirected no_tcp not_found no_video unsupported_codec malformed oversized"
    )
    codes += " silent closed flooding no_parameter_sets format_changed address_not_allowed bad_address"

    assert all(judge(f"media.{code}")[0] is not StreamState.FAULT for code in codes.split())
    assert issubclass(ProtocolError, MingjianError)
