"""A granted window over a real socket: exactly it, at its pace, from the place asked for."""

import pytest

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.media.coding import decode_count
from mingjian.media.fragments import read_fragment
from mingjian.recordings.model import GapCause, StreamRole

S = TICKS_PER_S
LEAD_S = 2


@pytest.fixture
def begun():
    """An instant ten minutes ago, on a whole second."""
    return SystemClock().utc() // S * S - 600 * S


def assert_inside(player, start, end):
    times = player.pts()
    assert times
    assert min(times) >= start
    assert max(times) < end


@pytest.mark.article("A14.c")
@pytest.mark.parametrize("film", ["h264", "h264-b"])
def test_window_is_served_and_nothing_beside_it(media, dial, begun, film):
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=20, film=film)
    grant = media.grant(camera, start_90k=begun + 5 * S + 4321, end_90k=begun + 9 * S + 4321)

    player = dial()
    player.open(media.sign(grant), camera, speed=4)
    assert player.hear_until(player.heard("ended"))

    assert_inside(player, grant.start_90k, grant.end_90k)
    assert min(player.pts()) == begun + 6 * S
    assert max(player.pts()) >= grant.end_90k - 4 * S // 10
    assert player.last("ended")["reason"] == "window_end"
    init, *rest = [data for _, data in player.media]
    counted = decode_count(init, rest)
    assert (counted.errors, counted.pictures) == (0, counted.samples)


def test_what_is_said_before_the_first_byte(media, dial, begun):
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=4)
    grant = media.grant(camera, start_90k=begun, end_90k=begun + 4 * S)

    player = dial()
    player.open(media.sign(grant), camera)
    assert player.hear_until(player.fragments)

    assert player.kinds()[:4] == ["opened", "seeked", "coverage", "init"]
    opened = player.said[0]
    assert opened["window"] == [grant.start_90k, grant.end_90k]
    assert opened["mime"] == f'video/mp4; codecs="{opened["codec"]}"'
    assert player.last("coverage")["footage"] == [[begun, begun + 4 * S]]


@pytest.mark.parametrize(("speed", "seconds"), [(1, 1.5), (4, 1.5)])
def test_pace_is_the_chosen_speed_and_two_seconds(media, dial, begun, speed, seconds):
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=20)
    grant = media.grant(camera, start_90k=begun, end_90k=begun + 20 * S)

    player = dial()
    player.open(media.sign(grant), camera, speed=speed)
    player.hear_until(player.heard("seeked"))
    player.hear(seconds=seconds)

    first_at = player.media[0][0]
    reached = 0
    for at, data in player.fragments():
        reached = max(reached, max(entry.pts_90k for entry in read_fragment(data)) - begun)
        # A fragment is under way for some milliseconds, and the first byte came after the pace had begun.
        assert reached <= (speed * (at - first_at + 0.1) + LEAD_S) * S
    assert reached >= (speed * (seconds - 0.5) + LEAD_S - 1) * S


def test_above_fourfold_each_fragment_is_one_sync_sample_that_lasts_to_the_next(media, dial, begun):
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=30, film="h264-b")
    grant = media.grant(camera, start_90k=begun + 2 * S, end_90k=begun + 28 * S)

    player = dial()
    player.open(media.sign(grant), camera, speed=16)
    assert player.hear_until(player.heard("ended"))

    entries = [read_fragment(data) for _, data in player.fragments()]
    assert all(len(entry) == 1 and entry[0].is_sync for entry in entries)
    assert [entry[0].pts_90k for entry in entries] == list(range(begun + 2 * S, begun + 28 * S, S))
    assert {entry[0].duration_90k for entry in entries} == {S}
    first_at = player.media[0][0]
    for at, data in player.fragments():
        assert read_fragment(data)[0].pts_90k - grant.start_90k <= (16 * (at - first_at + 0.1) + LEAD_S) * S


def test_seek_opens_at_the_sync_sample_before_the_place(media, dial, begun):
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=30)
    grant = media.grant(camera, start_90k=begun, end_90k=begun + 30 * S)

    player = dial()
    player.open(media.sign(grant), camera)
    assert player.hear_until(lambda: len(player.fragments()) > 2)
    player.say("seek", at=begun + 20 * S + 40_000)
    assert player.hear_until(lambda: player.kinds().count("seeked") == 2)
    before = len(player.fragments())
    assert player.hear_until(lambda: len(player.fragments()) > before)

    assert player.last("seeked")["at"] == begun + 20 * S + 40_000
    assert min(player.pts()[-5:]) == begun + 20 * S


@pytest.mark.article("A14.c")
def test_seek_outside_is_refused_and_nothing_of_it_served(media, dial, ledger, begun):
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=30)
    grant = media.grant(camera, start_90k=begun + 10 * S, end_90k=begun + 13 * S)

    player = dial()
    player.open(media.sign(grant), camera)
    for at in (begun, begun + 10 * S - 1, begun + 13 * S, begun + 25 * S, 0):
        player.say("seek", at=at)
    assert player.hear_until(lambda: player.kinds().count("refused") == 5)
    assert player.hear_until(player.heard("ended"))
    player.say("close")
    player.hear(seconds=1)

    assert player.last("refused")["code"] == "streaming.outside_window"
    assert player.last("refused")["articles"][0].startswith("第十四条")
    assert_inside(player, grant.start_90k, grant.end_90k)
    assert ledger.wait_for("media.closed")[0]["facts"]["refused"] == 5


def test_hole_is_told_with_its_cause_and_passed_over(media, dial, begun):
    camera = media.new_camera()
    first = media.begin(camera, start_90k=begun)
    first.grow(2)
    first.end_run(GapCause.CAMERA_UNREACHABLE)
    media.record(camera, start_90k=begun + 60 * S, seconds=2, cause_before=GapCause.CAMERA_UNREACHABLE)
    grant = media.grant(camera, start_90k=begun, end_90k=begun + 62 * S)

    player = dial()
    player.open(media.sign(grant), camera, speed=4)
    assert player.hear_until(player.heard("ended"))

    assert player.last("hole") == {
        "type": "hole",
        "from": begun + 2 * S,
        "to": begun + 60 * S,
        "cause": "camera_unreachable",
    }
    assert max(player.pts()) > begun + 61 * S
    assert [gap["cause"] for gap in player.last("coverage")["gaps"]] == ["camera_unreachable"]


def test_rotation_inside_a_run_leaves_no_sample_out(media, dial, begun):
    camera = media.new_camera()
    first = media.begin(camera, start_90k=begun)
    first.grow(3)
    first.close()
    second = media.begin(camera, start_90k=begun + 3 * S, run_id=first.run_id)
    second.grow(3)
    second.end_run(GapCause.CAMERA_SILENT)
    grant = media.grant(camera, start_90k=begun, end_90k=begun + 6 * S)

    player = dial()
    player.open(media.sign(grant), camera, speed=4)
    assert player.hear_until(player.heard("ended"))

    assert sorted(player.pts()) == list(range(begun, begun + 6 * S, S // 10))
    assert "hole" not in player.kinds()


def test_window_that_reaches_into_now_follows_the_recording(media, dial):
    now = SystemClock().utc() // S * S
    camera = media.new_camera()
    growing = media.begin(camera, start_90k=now - 3 * S)
    growing.grow(2)
    grant = media.grant(camera, start_90k=now - 3 * S, end_90k=now + 600 * S)

    player = dial()
    player.open(media.sign(grant), camera, speed=4)
    assert player.hear_until(lambda: len(player.pts()) == 20)
    growing.grow(2)

    assert player.hear_until(lambda: len(player.pts()) == 40)
    assert player.pts() == list(range(now - 3 * S, now + S, S // 10))


def test_pause_stops_the_flow_and_resume_goes_on(media, dial, begun):
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=30)
    grant = media.grant(camera, start_90k=begun, end_90k=begun + 30 * S)

    player = dial()
    player.open(media.sign(grant), camera)
    player.say("pause")
    player.hear(seconds=0.7)
    held = len(player.pts())
    player.hear(seconds=0.5)

    assert len(player.pts()) == held <= LEAD_S * 10 + 5
    player.say("resume")
    assert player.hear_until(lambda: len(player.pts()) > held)


def test_sub_stream_is_served_to_a_browser_without_the_main_coding(media, dial, begun):
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=2, film="h265")
    media.record(camera, start_90k=begun, seconds=2, film="h264", role=StreamRole.SUB)
    grant = media.grant(camera, start_90k=begun, end_90k=begun + 2 * S)

    player = dial()
    player.open(media.sign(grant), camera, speed=4)
    assert player.hear_until(player.heard("ended"))

    assert (player.last("opened")["role"], player.last("opened")["transcoded"]) == ("sub", False)
    assert player.last("init")["codec"].startswith("avc1")


@pytest.mark.parametrize("film", ["h265", "mjpeg"])
def test_main_stream_is_transcoded_when_nothing_else_is_there(media, dial, ledger, begun, film):
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=4, film=film)
    grant = media.grant(camera, start_90k=begun + S // 2, end_90k=begun + 3 * S)

    player = dial()
    player.open(media.sign(grant), camera, speed=4)
    assert player.hear_until(player.heard("ended"))

    assert player.last("opened")["transcoded"]
    assert player.last("init")["codec"].startswith("avc1")
    # Motion JPEG opens anywhere, H.265 at the first sync sample of the window.
    first = begun + S if film == "h265" else begun + S // 2
    assert sorted(player.pts()) == list(range(first, begun + 3 * S, S // 10))
    init, *rest = [data for _, data in player.media]
    assert decode_count(init, rest).errors == 0
    assert ledger.entries("media.opened")[0]["facts"]["is_transcoded"] is True


def test_transcoding_says_when_its_bound_is_reached(media, dial, begun):
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=4, film="h265")
    grant = media.grant(camera, start_90k=begun, end_90k=begun + 4 * S)
    players = [dial() for _ in range(3)]
    for player in players[:2]:
        player.open(media.sign(grant), camera)
        assert player.hear_until(player.fragments)

    players[2].open(media.sign(grant), camera)
    assert players[2].hear_until(players[2].heard("refused"))
    assert players[2].last("refused")["code"] == "streaming.transcode_bound"
    assert not players[2].media

    players[0].say("close")
    players[0].hear(seconds=1)
    last = dial()
    last.open(media.sign(grant), camera)
    assert last.hear_until(last.fragments)
