"""Live is the growing end of a recording: joined at a sync sample, read once for all, skipped through by the slow."""

import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import pytest

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.media.coding import decode_count
from mingjian.media.fragments import read_fragment
from mingjian.media.samples import Codec
from mingjian.recordings.model import GapCause, StreamRole
from mingjian.streaming import live, live_recoding, live_show
from mingjian.streaming.footage import Init, Piece, TableReader

S = TICKS_PER_S
# Where a follower reads, and where what it brought is re-coded.
PLACE = {"h264": "fresh", "h265": "_recoded"}


class Camera(threading.Thread):
    """Writes a recording in step with the clock, half a second at a time, until told to stop."""

    def __init__(self, campus, *, film="h264"):
        super().__init__()
        self.camera = campus.new_camera()
        self.growing = campus.begin(self.camera, start_90k=SystemClock().utc() // S * S - 4 * S, film=film)
        self.growing.grow(4)
        self.done = threading.Event()
        self.written_at = {}

    def run(self):
        while not self.done.wait(0.02):
            behind = SystemClock().utc() - self.growing.start_90k - self.growing.seconds * S
            if behind >= S:
                self.growing.grow(1)
                self.written_at[self.growing.seconds] = time.monotonic()

    def stop(self):
        self.done.set()
        self.join(timeout=5)


@pytest.fixture
def camera(media):
    running = Camera(media)
    running.start()
    yield running
    running.stop()


def followed(campus):
    line = http.client.HTTPConnection("127.0.0.1", campus.home.media_port, timeout=5)
    line.request("GET", "/healthz")
    answer = json.loads(line.getresponse().read())
    line.close()
    return answer["streams_followed"]


def watch(campus, dial, camera, **changes):
    player = dial()
    player.open(campus.sign(campus.live_grant(camera, **changes)), camera, mode="live")
    return player


def test_live_opens_at_a_sync_sample_of_the_last_seconds_and_goes_on(media, dial, camera):
    opened_at = SystemClock().utc()
    player = watch(media, dial, camera.camera)
    assert player.hear_until(lambda: len(player.pts()) >= 25, within_s=6)

    assert player.kinds() == ["opened", "init"]
    first = read_fragment(player.fragments()[0][1])[0]
    assert first.is_sync
    assert opened_at - 5 * S <= first.pts_90k <= opened_at
    assert player.pts() == list(range(first.pts_90k, first.pts_90k + len(player.pts()) * S // 10, S // 10))


def test_live_window_holds_also_for_the_first_group(media, dial, camera):
    player = watch(media, dial, camera.camera, start_90k=SystemClock().utc() + S // 10)
    assert player.hear_until(player.fragments, within_s=6)
    window = player.last("opened")["window"]

    assert min(player.pts()) >= window[0]


def test_many_viewers_share_one_reader(media, dial, camera):
    players = [watch(media, dial, camera.camera) for _ in range(6)]
    for player in players:
        assert player.hear_until(player.fragments)
    assert followed(media) == 1

    for player in players:
        player.say("close")
        player.hear(seconds=0.5)
    deadline = time.monotonic() + 3
    while followed(media) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert followed(media) == 0


def test_a_hundred_viewers_of_one_camera_cost_one_reading_of_its_file(media, dial, camera, monkeypatch):
    readings = Counter()
    read = TableReader.read

    def counted(reader, record):
        readings[record.offset] += 1
        return read(reader, record)

    monkeypatch.setattr(TableReader, "read", counted)
    first = watch(media, dial, camera.camera)
    assert first.hear_until(first.fragments)
    players = [first]
    for number in range(99):
        # One web session has places for 64.
        key = "st"[number % 2] * 32
        player = dial(cookie=f"mingjian_session={key}")
        grant = media.live_grant(camera.camera, session_hash=sha256(key.encode()).hexdigest())
        player.open(media.sign(grant), camera.camera, mode="live")
        players.append(player)
    for player in players:
        assert player.hear_until(player.fragments, within_s=20)

    assert followed(media) == 1
    # The offset of the initialization segment is nought; the pieces follow it.
    pieces = {offset: count for offset, count in readings.items() if offset}
    assert pieces
    assert set(pieces.values()) == {1}


def test_live_keeps_up_with_the_disk(media, dial, camera):
    """What is on the disk is with the viewer before two more seconds are: counted in writes, not by a clock, because
    a busy machine delays both. How many milliseconds it is stands in the benchmarks.
    """
    player = watch(media, dial, camera.camera)
    player.hear(seconds=3)

    start, opened_at = camera.growing.start_90k, player.fragments()[0][0]
    written = dict(camera.written_at)
    behind = []
    for at, data in player.fragments():
        second = (read_fragment(data)[-1].pts_90k - start) // S + 1
        if written.get(second, 0) > opened_at:
            behind.append(sum(later > second and when < at for later, when in written.items()))
    assert behind
    assert max(behind) <= 1


def test_rotation_is_followed(media, dial, camera):
    player = watch(media, dial, camera.camera)
    assert player.hear_until(player.fragments)
    camera.stop()
    camera.growing.close()
    last = camera.growing.start_90k + camera.growing.seconds * S
    following = media.begin(camera.camera, start_90k=last, run_id=camera.growing.run_id)
    following.grow(2)

    assert player.hear_until(lambda: max(player.pts()) >= last + S, within_s=4)
    assert player.pts() == sorted(set(player.pts()))
    assert len(player.pts()) == (max(player.pts()) - min(player.pts())) // (S // 10) + 1


@pytest.mark.parametrize("film", ["h265", "mjpeg"])
def test_live_is_transcoded_without_a_break(media, dial, film):
    camera = Camera(media, film=film)
    camera.start()
    try:
        player = watch(media, dial, camera.camera)
        assert player.hear_until(lambda: len(player.pts()) >= 35, within_s=6)
    finally:
        camera.stop()

    assert player.kinds() == ["opened", "init"]
    init, *rest = [data for _, data in player.media]
    counted = decode_count(init, rest)
    assert (counted.errors, counted.pictures) == (0, counted.samples)
    assert player.pts() == list(range(player.pts()[0], player.pts()[-1] + 1, S // 10))


def test_one_transcoding_serves_all_who_watch_the_same_camera(media, dial):
    camera = Camera(media, film="h265")
    camera.start()
    try:
        players = [watch(media, dial, camera.camera) for _ in range(4)]
        for player in players:
            assert player.hear_until(lambda player=player: len(player.pts()) >= 12, within_s=6)
    finally:
        camera.stop()

    assert all(read_fragment(player.fragments()[0][1])[0].is_sync for player in players)


@pytest.mark.parametrize("film", ["h264", "h265"])
def test_trouble_nobody_foresaw_ends_no_live_picture(media, dial, monkeypatch, caplog, film):
    running = Camera(media, film=film)
    running.start()
    try:
        grant, player, failures = media.live_grant(running.camera), dial(), []
        player.open(media.sign(grant), running.camera, mode="live")
        assert player.hear_until(lambda: len(player.pts()) >= 10, within_s=6)

        def failing(*_):
            failures.append(1)
            raise ZeroDivisionError

        with monkeypatch.context() as trouble:
            trouble.setattr(live.GrowingEnd if film == "h264" else live_recoding.SharedRecodings, PLACE[film], failing)
            deadline = time.monotonic() + 8
            while len(failures) < 3 and time.monotonic() < deadline:
                now = SystemClock().utc()
                fresh = replace(grant, issued_at_90k=now, expires_at_90k=now + 5 * S, start_90k=now - 5 * S)
                player.say("lease", token=media.sign(fresh))
                player.hear(seconds=0.5)
        assert len(failures) >= 3
        seen = len(player.pts())
        assert player.hear_until(lambda: len(player.pts()) >= seen + 10, within_s=4)
    finally:
        running.stop()
    assert len([record for record in caplog.records if record.exc_info]) == 1


def test_camera_that_falls_silent_is_told_with_its_cause_and_comes_back(media, dial, camera, monkeypatch):
    monkeypatch.setattr(live_show, "SILENCE_S", 1.0)
    player = watch(media, dial, camera.camera)
    assert player.hear_until(player.fragments)
    camera.stop()
    camera.growing.end_run(GapCause.CAMERA_UNREACHABLE)

    assert player.hear_until(player.heard("hole"), within_s=8)
    assert (player.last("hole")["cause"], player.last("hole")["to"]) == ("camera_unreachable", None)
    now = SystemClock().utc() // S * S
    media.begin(camera.camera, start_90k=now, cause_before=GapCause.CAMERA_UNREACHABLE).grow(1)
    assert player.hear_until(lambda: max(player.pts()) >= now, within_s=4)


def test_tile_opened_before_anything_was_recorded_finds_the_stream_that_is(media, dial, monkeypatch):
    """A wall asks for sub-streams. A camera without one that is not recorded yet must not be waited for in vain."""
    monkeypatch.setattr(live_show, "SILENCE_S", 0.5)
    monkeypatch.setattr(live_show, "LOOK_S", 0.1)
    camera = media.new_camera()
    grant = media.live_grant(camera)
    early = dial()
    early.open(media.sign(grant), camera, mode="live", role="sub")
    assert early.hear_until(early.heard("hole"), within_s=4)

    growing = media.begin(camera, start_90k=SystemClock().utc() // S * S - 2 * S)
    growing.grow(2)
    assert early.hear_until(early.heard("ended"), within_s=4)
    again = dial()
    again.open(media.sign(grant), camera, mode="live", role="sub")
    assert again.hear_until(again.fragments, within_s=4)

    assert early.last("ended")["reason"] == "switched"
    assert early.media == []
    assert again.last("opened")["role"] == "main"


def test_camera_back_by_its_main_stream_alone_is_found_though_its_sub_stream_was_shown(media, dial, monkeypatch):
    monkeypatch.setattr(live_show, "SILENCE_S", 0.5)
    monkeypatch.setattr(live_show, "LOOK_S", 0.1)
    camera, now = media.new_camera(), SystemClock().utc() // S * S
    sub = media.begin(camera, start_90k=now - 2 * S, role=StreamRole.SUB)
    sub.grow(2)
    player = dial()
    player.open(media.sign(media.live_grant(camera)), camera, mode="live", role="sub")
    assert player.hear_until(player.fragments)
    sub.end_run(GapCause.CAMERA_UNREACHABLE)

    media.begin(camera, start_90k=now).grow(1)

    assert player.hear_until(player.heard("ended"), within_s=4)
    assert player.last("ended")["reason"] == "switched"


def test_explicit_main_waits_for_the_main_stream(media, dial, monkeypatch):
    monkeypatch.setattr(live_show, "SILENCE_S", 0.3)
    monkeypatch.setattr(live_show, "LOOK_S", 0.1)
    camera, now = media.new_camera(), SystemClock().utc() // S * S
    media.begin(camera, start_90k=now - S, role=StreamRole.SUB).grow(1)
    player = dial()
    player.open(media.sign(media.live_grant(camera)), camera, mode="live", role="main")
    assert player.hear_until(player.heard("hole"), within_s=4)

    player.hear(seconds=0.5)
    assert "ended" not in player.kinds()
    media.begin(camera, start_90k=now).grow(1)
    assert player.hear_until(player.fragments, within_s=4)


@pytest.mark.article("A14.c")
@pytest.mark.parametrize(("kind", "fields"), [("seek", {"at": 5}), ("speed", {"speed": 2}), ("pause", {})])
def test_live_cannot_be_turned_back(media, dial, camera, kind, fields):
    player = watch(media, dial, camera.camera)
    assert player.hear_until(player.fragments)
    player.say(kind, **fields)
    assert player.hear_until(player.heard("refused"))

    assert player.last("refused")["code"] == "streaming.live_only"
    assert player.hear_until(lambda: "refused" in player.kinds())


def test_history_is_refused_to_a_duty_grant(media, dial, camera):
    player = dial()
    grant = media.live_grant(camera.camera)
    player.open(media.sign(grant), camera.camera, at=grant.start_90k)
    assert player.hear_until(player.heard("refused"))

    assert player.last("refused")["code"] == "streaming.purpose"
    assert player.media == []


def test_live_ends_with_its_window(media, dial, camera):
    end = SystemClock().utc() + 2 * S
    player = watch(media, dial, camera.camera, end_90k=end)
    assert player.hear_until(player.heard("ended"), within_s=6)

    assert player.last("ended")["reason"] == "window_end"
    assert max(player.pts()) < end


def test_duty_revocation_stops_live(media, dial, camera, ledger):
    grant = media.live_grant(camera.camera)
    player = dial()
    player.open(media.sign(grant), camera.camera, mode="live")
    assert player.hear_until(player.fragments)

    revoked_at = ledger.revoke(grant.grant_id)
    assert player.hear_until(player.heard("ended"), within_s=3)
    player.hear(seconds=1)

    assert player.last("ended")["reason"] == "revoked"
    assert player.last_byte_at - revoked_at < 2


def test_slow_viewer_is_moved_to_the_newest_sync_sample_and_the_others_are_not(media, dial, monkeypatch):
    monkeypatch.setattr(live, "LAG_90K", 3 * S // 2)
    camera = Camera(media, film="h264-heavy")
    camera.start()
    try:
        grants = [media.live_grant(camera.camera) for _ in range(2)]
        slow, quick = dial(receive_buffer=64 << 10), dial()
        for player, grant in zip((slow, quick), grants, strict=True):
            player.open(media.sign(grant), camera.camera, mode="live")
        deadline = time.monotonic() + 5.5
        while time.monotonic() < deadline:
            now = SystemClock().utc()
            for player, grant in zip((slow, quick), grants, strict=True):
                fresh = replace(grant, issued_at_90k=now, expires_at_90k=now + 5 * S, start_90k=now - 5 * S)
                player.say("lease", token=media.sign(fresh))
            quick.hear(seconds=0.5)
        # What the line held back, and then what is new: nothing of what lies between was kept for this viewer.
        slow.hear(seconds=1.5)
    finally:
        camera.stop()

    steps = [later - earlier for earlier, later in pairwise(slow.pts())]
    assert max(steps) > 2 * S
    jump = steps.index(max(steps))
    held = [data for _, data in slow.fragments() if read_fragment(data)[0].pts_90k <= slow.pts()[jump]]
    # Buffers of kernel and process on both sides, and the piece on its way; eight megabits a second came meanwhile.
    assert sum(map(len, held)) < 3_000_000
    assert slow.pts() == sorted(slow.pts())
    assert SystemClock().utc() - slow.pts()[-1] < 5 * S
    assert quick.pts() == list(range(quick.pts()[0], quick.pts()[-1] + 1, S // 10))


def test_ring_moves_a_viewer_that_fell_behind_and_forgets_the_old():
    init = Init(Codec.H264, "avc1", 2, 2, b"")
    follower = live.Follower()
    pieces = [Piece(b"x" * 10, at * S // 2, at * S // 2, (at + 1) * S // 2, at % 4 == 0) for at in range(200)]

    follower.publish([(init, piece) for piece in pieces[:10]])
    assert follower.newest_sync().number == 8
    assert follower.after(8).number == 9
    assert follower.after(9) is None
    assert follower.after(0).number == 8

    follower.publish([(init, piece) for piece in pieces[10:]])
    kept = follower.after(0)
    assert kept.number == 196
    assert len(follower._ring) <= live.RING_SPAN_90K // (S // 2)
    assert replace(kept, number=0).init is init
