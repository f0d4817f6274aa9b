"""Without the right page, session and grant: not one byte."""

import http.client
import json
from dataclasses import replace
from hashlib import sha256

import pytest
from websockets.exceptions import InvalidStatus

from mingjian.base import ids
from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.grants.claims import GrantedCamera, Purpose
from mingjian.grants.signing import KeyPurpose, generate
from mingjian.host.home import Home
from mingjian.streaming import crowd, viewer

S = TICKS_PER_S


@pytest.fixture
def footage(media):
    """A camera with ten seconds, and a grant for them."""
    begun = SystemClock().utc() // S * S - 600 * S
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=10)
    return camera, media.grant(camera, start_90k=begun + 2 * S, end_90k=begun + 6 * S)


def assert_refused(player, code):
    assert player.hear_until(player.heard("refused"), within_s=7)
    player.hear(seconds=2)
    assert player.is_closed
    assert player.last("refused")["code"] == code
    assert player.last("refused")["message_zh"].endswith("。")
    assert "opened" not in player.kinds()
    assert player.media == []


@pytest.mark.parametrize(
    "call",
    [
        {"origin": None},
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:1"},
        {"origin": "ftp://127.0.0.1"},
        {"origin": "http://127.0.0.1:99999"},
        {"cookie": None},
        {"cookie": "mingjian_session="},
        {"cookie": "mingjian_session=../../x"},
        {"cookie": "other=1"},
        {"path": "/"},
        {"path": "/media/"},
        {"path": "/media/x"},
    ],
)
def test_socket_is_not_taken_from_a_page_that_is_not_ours(media, dial, call):
    with pytest.raises(InvalidStatus) as refused:
        dial(**call)

    assert refused.value.response.status_code == 403


@pytest.mark.article("A06")
@pytest.mark.article("A14.e")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/", 404),
        ("GET", "/media", 404),
        ("POST", "/healthz", 404),
        ("GET", "/..", 404),
    ],
)
def test_http_gives_health_and_nothing_else_and_is_never_stored(media, method, path, status):
    line = http.client.HTTPConnection("127.0.0.1", media.home.media_port, timeout=5)
    line.request(method, path)
    answer = line.getresponse()

    assert answer.status == status
    assert answer.headers["cache-control"] == "no-store"
    assert len(json.loads(answer.read())) > 0
    line.close()


@pytest.mark.parametrize(
    "cookie",
    [
        'shop={"a": 1, "b": [2]}; mingjian_session=' + "s" * 32,
        "a@b[1]=x y z; mingjian_session=" + "s" * 32 + "; odd",
        "name=\xe9; mingjian_session=" + "s" * 32,
        "mingjian_session=other; mingjian_session=" + "s" * 32,
        "mingjian_sessions=other;mingjian_session=" + "s" * 32,
    ],
)
def test_cookies_of_the_hosts_other_pages_are_passed_over(media, dial, footage, cookie):
    camera, grant = footage

    player = dial(cookie=cookie)
    player.open(media.sign(grant), camera)

    assert player.hear_until(player.fragments)


def test_who_shows_no_grant_takes_nobodys_place(media, dial, footage, monkeypatch):
    camera, grant = footage
    monkeypatch.setattr(crowd, "IN_ALL", 2)
    for number in range(3):
        dial(cookie=f"mingjian_session=made{number}up")

    player = dial()
    player.open(media.sign(grant), camera)

    assert player.hear_until(player.fragments)


def test_expired_grant_is_refused(media, dial, footage):
    camera, grant = footage
    now = SystemClock().utc()
    old = replace(grant, issued_at_90k=now - 5 * S, expires_at_90k=now - 1)

    player = dial()
    player.open(media.sign(old), camera)

    assert_refused(player, "grants.expired")


@pytest.mark.article("A15.0")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"session_hash": sha256(b"another").hexdigest()}, "grants.foreign_session"),
        ({"deployment_id": ids.new_id()}, "grants.foreign_deployment"),
        ({"host": "elsewhere"}, "grants.foreign_host"),
        ({"cameras": (GrantedCamera(ids.new_id(), ("video",)),)}, "streaming.not_granted"),
        ({"cameras": None}, "streaming.not_granted"),
        ({"purpose": Purpose.DUTY_LIVE}, "streaming.purpose"),
    ],
)
def test_grant_for_something_else_is_refused(media, dial, footage, change, code):
    camera, grant = footage
    if change == {"cameras": None}:
        change = {"cameras": (GrantedCamera(camera, ("audio",)),)}

    player = dial()
    player.open(media.sign(replace(grant, **change)), camera)

    assert_refused(player, code)


def test_tampered_grant_is_refused(media, dial, footage):
    camera, grant = footage
    form, kid, claims, signature = media.sign(grant).split(".")
    other = media.sign(replace(grant, end_90k=grant.end_90k + 3600 * S)).split(".")[2]

    for forged in (
        f"{form}.{kid}.{other}.{signature}",
        f"{form}.{kid}.{claims}.{'A' * len(signature)}",
        f"{form}.{kid}.{claims}",
        "x",
    ):
        player = dial()
        player.open(forged, camera)
        assert player.hear_until(player.heard("refused"))
        assert player.last("refused")["code"] in {"grants.bad_signature", "grants.malformed"}
        assert player.media == []


def test_grant_signed_with_a_key_of_another_house_is_refused(media, dial, footage, tmp_path):
    camera, grant = footage
    foreign = generate(Home(tmp_path / "foreign", "127.0.0.1", 1, 2), purpose=KeyPurpose.GRANT)

    player = dial()
    player.open(replace_signer(media, foreign).sign(grant), camera)

    assert_refused(player, "grants.unknown_key")


def replace_signer(campus, signer):
    return replace(campus, grant_signer=signer)


@pytest.mark.article("A14.c")
@pytest.mark.parametrize("offset", [-2 * S - 1, -1, 4 * S, 400 * S])
def test_place_outside_the_window_is_refused_at_the_door_and_written_down(media, dial, ledger, footage, offset):
    camera, grant = footage

    player = dial()
    player.open(media.sign(grant), camera, at=grant.start_90k + offset)

    assert_refused(player, "streaming.outside_window")
    assert ledger.entries("media.refused")[0]["facts"]["code"] == "streaming.outside_window"
    assert ledger.entries("media.opened") == []


@pytest.mark.article("A15.0")
def test_live_is_refused_to_a_viewing_grant(media, dial, footage):
    camera, grant = footage

    player = dial()
    player.open(media.sign(grant), camera, mode="live")

    assert_refused(player, "streaming.purpose")


def test_who_says_nothing_is_sent_away(media, dial, monkeypatch):
    monkeypatch.setattr(viewer, "FIRST_MESSAGE_S", 0.2)

    assert_refused(dial(), "streaming.no_first_message")


@pytest.mark.parametrize("text", ["{}", "[" * 5000, '{"type":"seek","at":1}', '{"type":"open"}', "\x00"])
def test_who_talks_nonsense_is_sent_away(media, dial, text):
    player = dial()
    player.line.send(text)

    assert_refused(player, "streaming.malformed_message")


def test_who_sends_too_much_at_once_is_cut_off(media, dial):
    player = dial()
    player.line.send("x" * 100_000)
    player.hear(seconds=3)

    assert player.is_closed
    assert player.media == []


def test_who_asks_too_often_is_cut_off(media, dial, footage):
    camera, grant = footage

    player = dial()
    player.open(media.sign(grant), camera)
    for _ in range(200):
        player.say("pause")
    assert player.hear_until(lambda: player.is_closed or "ended" in player.kinds())
    player.hear(seconds=1)

    assert player.last("refused")["code"] == "streaming.too_many_messages"


def test_refused_without_a_plan(media, dial, footage):
    camera, grant = footage
    media.home.plan.unlink()

    player = dial()
    player.open(media.sign(grant), camera)

    assert_refused(player, "streaming.no_plan")
