"""No picture without a receipt, and no receipt that says less than was served."""

import os
import signal
import socket
import subprocess
import sys
import time

import psycopg
import pytest

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S

S = TICKS_PER_S

SERVE = "from mingjian.host.home import Home; from mingjian.streaming import server; server.main(Home.from_environ())"


@pytest.fixture
def begun():
    """An instant ten minutes ago, on a whole second."""
    return SystemClock().utc() // S * S - 600 * S


def covered(spans, times):
    return all(any(start <= time < end for start, end in spans) for time in times)


def test_receipt_is_durable_before_the_first_byte(media, dial, ledger, begun):
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=10)
    grant = media.grant(camera, start_90k=begun, end_90k=begun + 10 * S)
    player = dial()

    with psycopg.connect(**ledger.owner.parameters()) as blocker:
        blocker.execute("LOCK TABLE ledger_pending IN SHARE MODE")
        player.open(media.sign(grant), camera)
        player.hear(seconds=0.6)
        assert (player.media, player.said) == ([], [])
    assert player.hear_until(player.fragments)

    (entry,) = ledger.entries("media.opened")
    assert entry["actor"] == {"id": grant.person_id, "name": grant.person_name, "capacity": grant.capacity}
    assert entry["subject"] == f"camera:{camera}"
    assert entry["articles"] == ["A14", "A15.1.3"]
    assert entry["facts"]["receipt"] == player.last("opened")["receipt"]
    assert entry["facts"]["window_90k"] == [grant.start_90k, grant.end_90k]


@pytest.mark.parametrize(
    ("privilege", "thing"), [("EXECUTE", "FUNCTION ledger_append(bytea)"), ("SELECT", "media_revocation")]
)
def test_without_a_receipt_there_is_no_picture(media, dial, ledger, begun, privilege, thing):
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=4)
    player = dial()

    with ledger.without(privilege, thing):
        player.open(media.sign(media.grant(camera, start_90k=begun, end_90k=begun + 4 * S)), camera)
        assert player.hear_until(player.heard("refused"))
        player.hear(seconds=1)

    assert player.last("refused")["code"] == "streaming.no_receipt"
    assert player.media == []


def test_without_room_for_a_note_there_is_no_picture_and_the_viewer_is_told(
    media, dial, ledger, begun, receipts_folder
):
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=4)
    receipts_folder.rmdir()
    receipts_folder.touch()

    player = dial()
    player.open(media.sign(media.grant(camera, start_90k=begun, end_90k=begun + 4 * S)), camera)
    assert player.hear_until(player.heard("refused"))
    receipts_folder.unlink()
    receipts_folder.mkdir()

    assert player.last("refused")["code"] == "streaming.no_receipt"
    assert (player.media, ledger.entries("media.opened")) == ([], [])


def test_closing_names_the_ranges_really_served(media, dial, ledger, begun):
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=60, film="h264-b")
    grant = media.grant(camera, start_90k=begun, end_90k=begun + 60 * S)

    player = dial()
    player.open(media.sign(grant), camera)
    assert player.hear_until(lambda: len(player.fragments()) == 4)
    player.say("seek", at=begun + 30 * S)
    assert player.hear_until(lambda: max(player.pts()) >= begun + 31 * S)
    player.say("close")
    player.hear(seconds=2)

    closed = ledger.wait_for("media.closed")[0]
    assert closed["actor"]["capacity"] == "operator@security-office-campus"
    assert closed["actor"]["name"] == "张工"
    facts = closed["facts"]
    assert facts["receipt"] == player.last("opened")["receipt"]
    assert facts["reason"] == "closed"
    assert len(facts["served_90k"]) == 2
    assert covered(facts["served_90k"], player.pts())
    assert facts["size_bytes"] == sum(len(data) for _, data in player.media)
    served = sum(end - start for start, end in facts["served_90k"])
    assert served <= (len(set(player.pts())) + 4) * S // 10


def test_receipt_is_closed_when_the_line_breaks(media, dial, ledger, begun):
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=10)
    player = dial()
    player.open(media.sign(media.grant(camera, start_90k=begun, end_90k=begun + 10 * S)), camera)
    assert player.hear_until(player.fragments)

    player.line.socket.close()

    facts = ledger.wait_for("media.closed")[0]["facts"]
    assert covered(facts["served_90k"], player.pts())


def test_receipt_stays_owed_while_the_ledger_is_away(media, dial, ledger, begun, receipts_folder):
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=10)
    player = dial()
    player.open(media.sign(media.grant(camera, start_90k=begun, end_90k=begun + 10 * S)), camera)
    assert player.hear_until(player.fragments)
    with ledger.without("EXECUTE", "FUNCTION ledger_append(bytea)"):
        player.say("close")
        player.hear(seconds=1)
        time.sleep(0.5)
        assert ledger.entries("media.closed") == []
        assert len(list(receipts_folder.glob("*.json"))) == 1

    assert covered(ledger.wait_for("media.closed")[0]["facts"]["served_90k"], player.pts())
    time.sleep(1.2)
    assert len(ledger.entries("media.closed")) == 1
    assert list(receipts_folder.glob("*.json")) == []


def test_killed_process_owes_nothing_after_the_next_start(campus, dial, ledger, begun):
    camera = campus.new_camera()
    campus.record(camera, start_90k=begun, seconds=30)
    grant = campus.grant(camera, start_90k=begun, end_90k=begun + 30 * S)
    process = start(campus, ledger)
    player = dial()
    player.open(campus.sign(grant), camera, speed=4)
    assert player.hear_until(lambda: len(player.fragments()) > 8)
    process.kill()
    process.wait(timeout=5)
    player.hear(seconds=1)
    assert ledger.entries("media.closed") == []

    again = start(campus, ledger)
    (entry,) = ledger.wait_for("media.closed")

    assert entry["facts"]["reason"] == "interrupted"
    assert entry["facts"]["receipt"] == player.last("opened")["receipt"]
    assert covered(entry["facts"]["served_90k"], player.pts())
    again.terminate()
    again.wait(timeout=8)


def test_stopping_closes_receipts_in_order(campus, dial, ledger, begun):
    camera = campus.new_camera()
    campus.record(camera, start_90k=begun, seconds=30)
    process = start(campus, ledger)
    player = dial()
    player.open(campus.sign(campus.grant(camera, start_90k=begun, end_90k=begun + 30 * S)), camera)
    assert player.hear_until(player.fragments)

    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=8) in {0, -signal.SIGTERM}
    player.hear(seconds=1)

    facts = ledger.entries("media.closed")[0]["facts"]
    assert covered(facts["served_90k"], player.pts())


def start(campus, ledger):
    home = campus.home
    environment = {
        **os.environ,
        **ledger.streaming.environment(),
        "MINGJIAN_HOME": str(home.root),
        "MINGJIAN_PORT": str(home.port),
        "MINGJIAN_MEDIA_PORT": str(home.media_port),
    }
    process = subprocess.Popen([sys.executable, "-c", SERVE], env=environment)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", home.media_port), timeout=1).close()
            return process
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise AssertionError("the media port did not open")
