"""When the right ends, so do the bytes: lease, revocation, a dead notifier, a line that stands still."""

import time
from dataclasses import replace

import psycopg
import pytest

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S

S = TICKS_PER_S


@pytest.fixture
def footage(media):
    """A camera with a minute, and a grant for it."""
    begun = SystemClock().utc() // S * S - 600 * S
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=60)
    return camera, media.grant(camera, start_90k=begun, end_90k=begun + 60 * S)


def renewed(campus, grant):
    now = SystemClock().utc()
    return campus.sign(replace(grant, issued_at_90k=now, expires_at_90k=now + 5 * S))


def test_lease_that_is_not_renewed_stops_within_five_seconds_and_one_that_is_goes_on(media, dial, footage):
    camera, grant = footage
    left, kept = dial(), dial()
    issued = time.monotonic()
    for player in (left, kept):
        player.open(renewed(media, grant), camera)
    while time.monotonic() - issued < 6.0:
        kept.say("lease", token=renewed(media, grant))
        left.hear(seconds=0.5)
        kept.hear(seconds=0.5)

    assert left.last("ended")["reason"] == "lease_expired"
    assert left.last_byte_at - issued <= 5.05
    assert left.is_closed
    assert "ended" not in kept.kinds()
    assert kept.last_byte_at - issued > 5.0


def test_foreign_renewal_is_refused_and_buys_nothing(media, dial, footage):
    camera, grant = footage
    other = media.grant(camera, start_90k=grant.start_90k, end_90k=grant.end_90k)
    now = SystemClock().utc()
    short = replace(grant, issued_at_90k=now, expires_at_90k=now + S)

    player = dial()
    player.open(media.sign(short), camera)
    assert player.hear_until(player.fragments)
    player.say("lease", token=media.sign(other))
    player.say("lease", token="mj1.x.y.z")
    assert player.hear_until(player.heard("ended"), within_s=3)

    codes = [message["code"] for message in player.said if message["type"] == "refused"]
    assert codes == ["streaming.foreign_lease", "grants.malformed"]
    assert player.last("ended")["reason"] == "lease_expired"


def test_revocation_stops_the_last_byte_within_two_seconds(media, dial, ledger, footage):
    camera, grant = footage
    player, bystander = dial(), dial()
    player.open(media.sign(grant), camera, speed=4)
    bystander.open(media.sign(media.grant(camera, start_90k=grant.start_90k, end_90k=grant.end_90k)), camera)
    assert player.hear_until(player.fragments)
    assert bystander.hear_until(bystander.fragments)

    revoked_at = ledger.revoke(grant.grant_id)
    assert player.hear_until(player.heard("ended"), within_s=3)
    player.hear(seconds=1)

    assert player.last("ended")["reason"] == "revoked"
    assert player.is_closed
    print(f"last byte {player.last_byte_at - revoked_at:+.3f} s after the revocation was committed")
    assert player.last_byte_at - revoked_at < 2.0
    assert ledger.wait_for("media.closed")[0]["facts"]["reason"] == "revoked"
    assert "ended" not in bystander.kinds()


@pytest.fixture
def end_session(ledger):
    """End a web session for the length of a test: every test's grants carry the same."""
    ended = []

    def end(session_hash):
        ended.append(session_hash)
        return ledger.revoke(session_hash)

    yield end
    with psycopg.connect(**ledger.owner.parameters()) as connection:
        connection.execute("DELETE FROM media_revocation WHERE key = ANY(%s)", [ended])


def test_end_of_the_web_session_stops_the_last_byte_whatever_the_grant(media, dial, end_session, footage):
    camera, grant = footage
    player = dial()
    player.open(media.sign(grant), camera)
    assert player.hear_until(player.fragments)

    ended_at = end_session(grant.session_hash)
    assert player.hear_until(player.heard("ended"), within_s=3)

    assert player.last("ended")["reason"] == "revoked"
    assert player.last_byte_at - ended_at < 2.0
    late = dial()
    late.open(media.sign(media.grant(camera, start_90k=grant.start_90k, end_90k=grant.end_90k)), camera)
    assert late.hear_until(late.heard("refused"))
    assert late.last("refused")["code"] == "streaming.revoked"


def test_revoked_grant_opens_nothing(media, dial, ledger, footage):
    camera, grant = footage
    ledger.revoke(grant.grant_id)

    player = dial()
    player.open(media.sign(grant), camera)
    assert player.hear_until(player.heard("refused"))

    assert player.last("refused")["code"] == "streaming.revoked"
    assert player.media == []
    assert ledger.entries("media.opened") == []


def test_revocation_during_a_loss_of_the_notifier_is_found_when_it_is_back(media, dial, ledger, footage):
    camera, grant = footage
    player = dial()
    player.open(media.sign(grant), camera)
    assert player.hear_until(player.fragments)

    with psycopg.connect(**ledger.owner.parameters()) as connection:
        connection.execute("INSERT INTO media_revocation VALUES (%s, 0, 'test')", [grant.grant_id])
    ledger.hang_up()

    assert player.hear_until(player.heard("ended"), within_s=4)
    assert player.last("ended")["reason"] == "revoked"


def test_line_that_stands_still_is_reset_and_gets_no_more(media, dial, ledger, clips):
    """The peer does not read; after the revocation nothing of what the server still held reaches it."""
    begun = SystemClock().utc() // S * S - 600 * S
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=60, film="h264-heavy")
    grant = media.grant(camera, start_90k=begun, end_90k=begun + 60 * S)

    player = dial(receive_buffer=64 << 10)
    player.open(media.sign(grant), camera, speed=4)
    time.sleep(1.0)
    ledger.revoke(grant.grant_id)
    closed = ledger.wait_for("media.closed")[0]
    time.sleep(1.2)
    player.hear(seconds=0.5)

    received = sum(len(data) for _, data in player.media)
    assert player.is_closed
    assert "ended" not in player.kinds()
    print(f"handed to the line {closed['facts']['size_bytes']}, arrived {received}")
    assert received < closed["facts"]["size_bytes"]
