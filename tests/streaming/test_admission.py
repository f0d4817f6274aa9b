"""The door as functions: whose page asks, and what a grant opens; over real sockets `test_door` proves the same."""

from dataclasses import replace
from hashlib import sha256

import pytest

from mingjian.base.clock import SimulatedClock
from mingjian.base.ids import CameraId, new_id
from mingjian.base.ticks import Ticks90k
from mingjian.grants import signing, token
from mingjian.grants.claims import LEASE_90K, Grant, GrantedCamera, Purpose
from mingjian.grants.signing import KeyPurpose
from mingjian.host import deployment
from mingjian.recordings.model import StreamRole
from mingjian.streaming import admission
from mingjian.streaming.admission import Door, Visitor
from mingjian.streaming.protocol import Mode, Open, Refusal

WEB_PORT = 8000
NOW = Ticks90k(160_000_000_000_000)
CAMERA = CameraId(new_id())
KEY = "s" * 32


def asked(**changes):
    """The headers of a socket from our own page, or with changes; None leaves one out, a list repeats it."""
    said = {"origin": "http://media.campus:8000", "host": "media.campus:8001", "cookie": f"mingjian_session={KEY}"}
    headers = []
    for name, value in (said | changes).items():
        values = value if isinstance(value, list) else [] if value is None else [value]
        headers += [(name.encode(), one if isinstance(one, bytes) else one.encode()) for one in values]
    return admission.visitor_of(headers, web_port=WEB_PORT)


def test_visitor_of_our_page_is_known_by_the_hash_of_the_session():
    assert asked() == Visitor(session_hash=sha256(KEY.encode()).hexdigest())


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "https://media.campus:8000"},
        {"host": "media.campus"},
        {"cookie": ["other=1", f"mingjian_session={KEY}"]},
        {"cookie": f"other=1; mingjian_session={KEY}; third=3"},
        {"cookie": f"  mingjian_session={KEY}  "},
        {"cookie": f"mingjian_session=abc; mingjian_session={KEY}"},
    ],
    ids=str,
)
def test_our_page_is_known_however_the_headers_are_written(changes):
    assert asked(**changes) == asked()


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": None},
        {"origin": ["http://media.campus:8000", "http://media.campus:8000"]},
        {"origin": "null"},
        {"origin": "http://evil.example:8000"},
        {"origin": "http://media.campus:8001"},
        {"origin": "http://media.campus"},
        {"origin": "http://media.campus:8000/page"},
        {"origin": "http://media.campus:8000?x=1"},
        {"origin": "ftp://media.campus:8000"},
        {"origin": "http://:8000"},
        {"origin": "http://:8000", "host": ":8001"},
        {"origin": "http://media.campus:99999"},
        {"origin": "http://媒体:8000"},
        {"host": None},
        {"host": ["media.campus:8001", "media.campus:8001"]},
        {"host": ""},
        {"host": "elsewhere:8001"},
        {"cookie": None},
        {"cookie": "mingjian_session="},
        {"cookie": "mingjian_session=../../x"},
        {"cookie": f"xmingjian_session={KEY}"},
        {"cookie": f"mingjian_session={KEY}; mingjian_session=-"},
        {"cookie": "mingjian_session=" + "s" * 129},
    ],
    ids=str,
)
def test_page_that_is_not_ours_or_not_signed_in_is_nobodys(changes):
    assert asked(**changes) is None


def test_longest_session_key_is_taken():
    assert asked(cookie="mingjian_session=" + "s" * 128) is not None


@pytest.mark.parametrize(
    ("origin", "port", "is_ours"),
    [
        ("http://media.campus", 80, True),
        ("https://media.campus", 443, True),
        ("http://media.campus", 443, False),
        ("https://media.campus", 80, False),
        ("http://media.campus", 81, False),
    ],
)
def test_page_without_a_port_stands_at_the_one_of_its_scheme(origin, port, is_ours):
    headers = [(b"origin", origin.encode()), (b"host", b"media.campus:1"), (b"cookie", b"mingjian_session=a")]
    assert (admission.visitor_of(headers, web_port=port) is not None) is is_ours


@pytest.fixture
def door(home):
    deployment.found(home)
    signer = signing.generate(home, purpose=KeyPurpose.GRANT)
    return signer, Door(verifier=signer.verifier(), deployment=deployment.load(home), clock=SimulatedClock(NOW))


def granted(door, **changes):
    _, at = door
    given = Grant(
        version=token.GRANT_VERSION,
        deployment_id=at.deployment.deployment_id,
        epoch=1,
        grant_id=new_id(),
        person_id=new_id(),
        person_name="张工",
        capacity="operator@security-office-campus",
        session_hash="5e" * 32,
        purpose=Purpose.VIEWING,
        articles=("A14.b",),
        cameras=(GrantedCamera(CAMERA, ("video",)),),
        start_90k=Ticks90k(NOW - 1000),
        end_90k=Ticks90k(NOW - 100),
        host=at.deployment.host,
        issued_at_90k=NOW,
        expires_at_90k=Ticks90k(NOW + LEASE_90K),
    )
    return replace(given, **changes)


def test_token_of_this_visitor_opens_its_grant(door):
    signer, at = door
    given = granted(door)
    assert at.grant(token.mint(given, signer=signer), visitor=Visitor("5e" * 32)) == given


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"session_hash": "5f" * 32}, "grants.foreign_session"),
        ({"deployment_id": new_id()}, "grants.foreign_deployment"),
        ({"host": "elsewhere"}, "grants.foreign_host"),
        (
            {"issued_at_90k": Ticks90k(NOW - LEASE_90K), "expires_at_90k": Ticks90k(NOW)},
            "grants.expired",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_token_for_elsewhere_somebody_else_or_another_time_is_refused_with_its_code(door, changes, code):
    signer, at = door
    text = token.mint(granted(door, **changes), signer=signer)
    assert at.grant(text, visitor=Visitor("5e" * 32)) == Refusal(code)


def wish(**changes):
    asked_for = Open(
        token="",
        camera_id=CAMERA,
        role=StreamRole.MAIN,
        track="video",
        mode=Mode.HISTORY,
        at_90k=None,
        speed_quarters=4,
        codecs=frozenset(),
    )
    return replace(asked_for, **changes)


@pytest.mark.parametrize("at_90k", [None, NOW - 1000, NOW - 101])
def test_wish_within_the_grant_is_opened(door, at_90k):
    assert admission.refuse_wish(wish(at_90k=at_90k), granted(door)) is None


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"camera_id": CameraId(new_id())}, Refusal("streaming.not_granted", ("A14.b",))),
        ({"track": "audio"}, Refusal("streaming.not_granted", ("A14.b",))),
        ({"mode": Mode.LIVE}, Refusal("streaming.purpose", ("A14.b",))),
        ({"at_90k": NOW - 1001}, admission.OUTSIDE_WINDOW),
        ({"at_90k": NOW - 100}, admission.OUTSIDE_WINDOW),
    ],
    ids=str,
)
def test_wish_beyond_the_grant_is_refused_with_its_articles(door, changes, refused):
    assert admission.refuse_wish(wish(**changes), granted(door)) == refused


def test_duty_opens_live_pictures_and_no_history(door):
    duty = granted(door, purpose=Purpose.DUTY_LIVE)
    assert admission.refuse_wish(wish(mode=Mode.LIVE), duty) is None
    assert admission.refuse_wish(wish(mode=Mode.HISTORY), duty) == Refusal("streaming.purpose", ("A14.b",))
