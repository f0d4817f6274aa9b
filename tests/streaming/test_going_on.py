"""Duty live when PostgreSQL or the web is really killed: what goes on, what stops, and what the ledger learns."""

import contextlib
import threading
import time
from dataclasses import replace

import psycopg
import pytest

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S

S = TICKS_PER_S


@pytest.fixture
def ledger(mortal, mortal_database):
    """The ledger of a PostgreSQL that may be killed."""
    mortal.live()
    with psycopg.connect(**mortal_database.owner.parameters()) as connection:
        (first,) = connection.execute("SELECT coalesce(max(id), 0) FROM ledger_pending").fetchone()
    yield replace(mortal_database, first_id=first)
    mortal.live()


class Camera(threading.Thread):
    """Writes a recording in step with the clock."""

    def __init__(self, campus):
        super().__init__()
        self.camera = campus.new_camera()
        self.growing = campus.begin(self.camera, start_90k=SystemClock().utc() // S * S - 4 * S)
        self.growing.grow(4)
        self.done = threading.Event()

    def run(self):
        while not self.done.wait(0.05):
            if SystemClock().utc() - self.growing.start_90k - self.growing.seconds * S >= S:
                self.growing.grow(1)


@pytest.fixture
def camera(media):
    running = Camera(media)
    running.start()
    yield running.camera
    running.done.set()
    running.join(timeout=5)


class Page:
    """A page of the wall: renews its grant while the web lives, from a thread that also listens."""

    def __init__(self, campus, player, grant, camera, **wish):
        self.campus, self.player, self.grant = campus, player, grant
        self.renews, self.done = True, threading.Event()
        player.open(self.token(), camera, **wish)
        assert player.hear_until(player.fragments)
        self.thread = threading.Thread(target=self._listen)
        self.thread.start()

    def token(self):
        now = SystemClock().utc()
        self.grant = replace(self.grant, issued_at_90k=now, expires_at_90k=now + 5 * S)
        return self.campus.sign(self.grant)

    def _listen(self):
        renewed = time.monotonic()
        while not self.done.is_set() and not self.player.is_closed:
            self.player.hear(seconds=0.1)
            if self.renews and time.monotonic() - renewed > 2:
                renewed = time.monotonic()
                with contextlib.suppress(Exception):
                    self.player.say("lease", token=self.token())

    def wait_for(self, condition, *, within_s=15.0):
        deadline = time.monotonic() + within_s
        while not condition():
            assert time.monotonic() < deadline, self.player.said
            time.sleep(0.05)

    def states(self):
        return [message["state"] for message in self.player.said if message["type"] == "control"]

    def lag_s(self):
        """How far behind the clock the newest picture is."""
        return (SystemClock().utc() - self.player.pts()[-1]) / S

    def leave(self):
        self.done.set()
        self.thread.join(timeout=5)


@pytest.fixture
def page(media, dial):
    pages = []

    def open_page(grant, camera, **wish):
        pages.append(Page(media, dial(), grant, camera, **wish))
        return pages[-1]

    yield open_page
    for one in pages:
        one.leave()


@pytest.fixture
def control(media, web, mortal):
    """The database and the web, as one thing that dies and comes back."""

    class Control:
        def die(self, what="database"):
            web.die()  # the web's health page asks the database as well
            if what == "database":
                mortal.die()

        def live(self):
            mortal.live()
            web.live()

    return Control()


def outcomes(entries):
    return [entry["facts"]["record"]["outcome"] for entry in entries]


@pytest.mark.article("A18.2")
@pytest.mark.parametrize("what", ["database", "web"])
def test_duty_live_goes_on_and_the_ledger_learns_of_it_afterwards(page, media, camera, control, ledger, what):
    wall = page(media.live_grant(camera), camera, mode="live")
    old = media.new_camera()
    begun = SystemClock().utc() // S * S - 600 * S
    media.record(old, start_90k=begun, seconds=60)
    playback = page(media.grant(old, start_90k=begun, end_90k=begun + 60 * S), old)

    control.die(what)
    wall.renews = playback.renews = False
    died = time.monotonic()
    wall.wait_for(lambda: wall.states() == ["blackout"])
    playback.wait_for(lambda: playback.player.is_closed)
    assert playback.player.last("ended")["reason"] == "lease_expired"
    assert playback.player.last_byte_at - died < 7.0
    time.sleep(max(0.0, died + 9 - time.monotonic()))
    assert wall.lag_s() < 3
    assert not wall.player.is_closed

    control.live()
    wall.renews = True
    wall.wait_for(lambda: wall.states() == ["blackout", "controlled"])
    spooled = ledger.wait_for("media.spooled", count=2)
    time.sleep(8)
    assert not wall.player.is_closed

    assert outcomes(spooled) == ["goes_on", "renewed"]
    record = spooled[1]["facts"]["record"]
    assert spooled[0]["actor"]["id"] == record["person"] == wall.grant.person_id
    assert spooled[0]["subject"] == f"camera:{camera}"
    assert (record["grant"], record["session"]) == (wall.grant.grant_id, wall.grant.session_hash)
    assert record["cause"] == what
    ((start, end),) = record["served_90k"]
    assert end - start > 3 * S
    gaps = [later - earlier for (earlier, _), (later, _) in zip(wall.player.media, wall.player.media[1:], strict=False)]
    print(f"longest pause between two pieces {max(gaps):.2f} s")
    assert max(gaps) < 2.5
    time.sleep(1.2)
    assert len(ledger.entries("media.spooled")) == 2


@pytest.mark.article("A14.c")
def test_page_that_brings_no_lease_ends_within_five_seconds_while_control_lives(page, media, camera):
    wall = page(media.live_grant(camera), camera, mode="live")
    wall.renews = False
    last = time.monotonic()

    wall.wait_for(lambda: wall.player.is_closed, within_s=8)

    assert wall.player.last("ended")["reason"] == "lease_expired"
    assert wall.player.last_byte_at - last < 5.25


@pytest.mark.article("A18.2")
def test_right_that_ended_meanwhile_ends_the_picture_when_control_is_back(page, media, camera, control, ledger):
    wall = page(media.live_grant(camera), camera, mode="live")
    control.die()
    wall.renews = False
    wall.wait_for(lambda: wall.states() == ["blackout"])
    time.sleep(3)

    control.live()
    back = time.monotonic()
    wall.wait_for(lambda: wall.player.is_closed, within_s=12)

    assert wall.player.last("ended")["reason"] == "lease_expired"
    # Two answers in a row, then the seven seconds of every other ending.
    assert wall.player.last_byte_at - back < 7 + 3.5
    assert outcomes(ledger.wait_for("media.spooled", count=2))[-1] == "ended:lease_expired"


def test_revocation_is_heard_though_the_web_is_dead(page, media, camera, control, ledger):
    wall = page(media.live_grant(camera), camera, mode="live")
    control.die("web")
    wall.renews = False
    wall.wait_for(lambda: wall.states() == ["blackout"])

    revoked = ledger.revoke(wall.grant.grant_id)
    wall.wait_for(lambda: wall.player.is_closed, within_s=4)

    assert wall.player.last("ended")["reason"] == "revoked"
    assert wall.player.last_byte_at - revoked < 2


def test_nothing_is_opened_in_a_blackout(page, media, camera, control, dial):
    wall = page(media.live_grant(camera), camera, mode="live")
    control.die()
    wall.renews = False
    fresh = media.live_grant(camera, expires_at_90k=SystemClock().utc() + 5 * S)
    wall.wait_for(lambda: wall.states() == ["blackout"])
    late = dial()
    late.open(media.sign(fresh), camera, mode="live")
    assert late.hear_until(late.heard("refused"))

    assert late.last("refused")["code"] == "streaming.blackout"
    assert late.media == []


def test_disk_that_takes_no_record_ends_the_picture_and_says_so(page, media, camera, control):
    wall = page(media.live_grant(camera), camera, mode="live")
    (media.home.root / "spool").write_text("in the way")
    control.die()
    wall.renews = False

    wall.wait_for(lambda: wall.player.is_closed)

    assert wall.player.last("ended")["reason"] == "unrecorded"
