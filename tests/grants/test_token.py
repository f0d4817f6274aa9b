"""A token opens what it says, here, now and to its holder; anything else about it is a refusal with a code."""

import base64
import dataclasses
import json
import re

import pytest

from mingjian.base.ids import new_id
from mingjian.base.ticks import TICKS_PER_S
from mingjian.grants import signing, token
from mingjian.grants.claims import LEASE_90K, GrantedCamera, Purpose
from mingjian.grants.signing import KeyPurpose
from mingjian.grants.token import GrantError, mint, verify

ISSUED = 160_000_000_000_000


@pytest.fixture
def check(signer, grant):
    """Verify a token as the media host of the grant would at the moment of issue, or with changes."""

    def run(text, **changes):
        asked = {
            "verifier": signer.verifier(),
            "deployment_id": grant.deployment_id,
            "host": grant.host,
            "now_90k": grant.issued_at_90k,
            "session_hash": grant.session_hash,
        }
        return verify(text, **(asked | changes))

    return run


@pytest.fixture
def forge(signer, grant):
    """Sign claims that no honest minter makes."""

    def make(**changes):
        claims = json.loads(decoded(mint(grant, signer=signer).split(".")[2]))
        claims |= changes
        return sign_raw(signer, json.dumps(claims).encode())

    return make


def sign_raw(signer, claims):
    signature = signer.sign(kind="grant", payload=claims)
    return f"mj1.{signer.kid}.{encoded(claims)}.{encoded(signature)}"


def encoded(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def refused(code):
    return pytest.raises(GrantError, match=rf"^{re.escape(code)}\b")


def test_a_token_returns_its_grant(check, grant, signer):
    assert check(mint(grant, signer=signer)) == grant


def test_a_live_grant_returns_too(check, grant, signer):
    live = dataclasses.replace(grant, purpose=Purpose.DUTY_LIVE)
    assert check(mint(live, signer=signer)).purpose is Purpose.DUTY_LIVE


def test_a_grant_covers_the_named_tracks_of_the_named_cameras_only(grant):
    first, second = grant.cameras
    assert grant.covers(camera_id=first.camera_id, track="video")
    assert not grant.covers(camera_id=first.camera_id, track="audio")
    assert grant.covers(camera_id=second.camera_id, track="audio")
    assert not grant.covers(camera_id=new_id(), track="video")


@pytest.mark.parametrize(("after_90k", "is_good"), [(-1, True), (0, False), (1, False)])
def test_a_lease_ends_at_its_very_instant(check, grant, signer, after_90k, is_good):
    text, now_90k = mint(grant, signer=signer), grant.expires_at_90k + after_90k
    if is_good:
        assert check(text, now_90k=now_90k) == grant
    else:
        with refused("grants.expired"):
            check(text, now_90k=now_90k)


@pytest.mark.parametrize(("early_90k", "is_good"), [(0, True), (TICKS_PER_S, True), (TICKS_PER_S + 1, False)])
def test_a_token_from_the_future_is_taken_for_one_second_of_clock_difference(check, grant, signer, early_90k, is_good):
    text, now_90k = mint(grant, signer=signer), grant.issued_at_90k - early_90k
    if is_good:
        assert check(text, now_90k=now_90k) == grant
    else:
        with refused("grants.not_yet"):
            check(text, now_90k=now_90k)


def test_a_foreign_deployment_is_refused(check, grant, signer):
    with refused("grants.foreign_deployment"):
        check(mint(grant, signer=signer), deployment_id=new_id())


def test_a_foreign_host_is_refused(check, grant, signer):
    with refused("grants.foreign_host"):
        check(mint(grant, signer=signer), host="media-2.campus")


@pytest.mark.parametrize("session_hash", ["", "5e" * 31 + "5f", "é"])
def test_a_foreign_session_is_refused(check, grant, signer, session_hash):
    with refused("grants.foreign_session"):
        check(mint(grant, signer=signer), session_hash=session_hash)


def test_a_key_that_is_not_known_is_refused(check, grant, signer, tmp_path, home):
    stranger = signing.generate(dataclasses.replace(home, root=tmp_path / "other"), purpose=KeyPurpose.GRANT)
    with refused("grants.unknown_key"):
        check(mint(grant, signer=stranger))


def test_a_strangers_signature_under_our_key_id_is_refused(check, grant, signer, tmp_path, home):
    stranger = signing.generate(dataclasses.replace(home, root=tmp_path / "other"), purpose=KeyPurpose.GRANT)
    posing = dataclasses.replace(stranger, kid=signer.kid)
    with refused("grants.bad_signature"):
        check(mint(grant, signer=posing))


def test_a_signature_for_another_kind_of_paper_is_refused(check, grant, signer):
    claims = decoded(mint(grant, signer=signer).split(".")[2])
    signature = signer.sign(kind="plan", payload=claims)
    with refused("grants.bad_signature"):
        check(f"mj1.{signer.kid}.{encoded(claims)}.{encoded(signature)}")


def test_every_flipped_bit_of_claims_and_signature_is_refused(check, grant, signer):
    form, kid, claims, signature = mint(grant, signer=signer).split(".")
    for place, part in (("claims", claims), ("signature", signature)):
        raw = decoded(part)
        for bit in range(len(raw) * 8):
            flipped = bytearray(raw)
            flipped[bit // 8] ^= 1 << bit % 8
            parts = {"claims": claims, "signature": signature} | {place: encoded(bytes(flipped))}
            with refused("grants.bad_signature"):
                check(f"{form}.{kid}.{parts['claims']}.{parts['signature']}")


def test_every_changed_character_is_refused(check, grant, signer):
    text = mint(grant, signer=signer)
    for place in range(len(text)):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        with pytest.raises(GrantError):
            check(changed)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "...",
        "mj1.0123456789abcdef.e30",
        "mj2.0123456789abcdef.e30.e30",
        "mj1.0123456789ABCDEF.e30.e30",
        "mj1.0123456789abcdef.e30.e30.e30",
        "mj1.0123456789abcdef.e30=.e30",
        "mj1.0123456789abcdef.e 0.e30",
        "mj1.0123456789abcdef..e30",
        "mj1.0123456789abcdef.e30.e30",
        "mj1.0123456789abcdef.e30.e",
        "mj1.0123456789abcdef.明鉴.e30",
        "x" * 16_385,
    ],
)
def test_what_has_not_the_form_of_a_token_is_refused(check, text):
    with refused("grants.malformed"):
        check(text)


def padded(signer, characters):
    """A well-formed token of this length over claims that are none, and the length of the part that holds them."""
    overhead = len(f"mj1.{signer.kid}..") + 86
    return f"mj1.{signer.kid}.{'A' * (characters - overhead)}.{'A' * 86}"


# The length 16,385 is none of base64url; 16,386 has nothing against it but the bound.
@pytest.mark.parametrize(
    ("characters", "reason"), [(16_384, "bad_signature"), (16_385, "malformed"), (16_386, "malformed")]
)
def test_a_token_has_at_most_16384_characters(check, signer, characters, reason):
    text = padded(signer, characters)
    assert len(text) == characters
    with refused(f"grants.{reason}"):
        check(text)


@pytest.mark.parametrize("kid", ["", "x", "0123456789ABCDEF", "../../etc/passwd"])
def test_a_key_of_no_known_form_is_malformed_not_unknown(check, grant, signer, kid):
    form, _, claims, signature = mint(grant, signer=signer).split(".")
    with refused("grants.malformed"):
        check(f"{form}.{kid}.{claims}.{signature}".replace("../..", "--"))


def test_bytes_have_one_spelling_only(check, grant, signer):
    text = mint(grant, signer=signer)
    # 64 bytes leave four spare bits in the last character.
    spare = chr(ord(text[-1]) + 1)
    assert decoded((text[:-1] + spare).split(".")[3]) == decoded(text.split(".")[3])
    with refused("grants.malformed"):
        check(text[:-1] + spare)


@pytest.mark.parametrize(
    "claims", [b"", b"null", b"[]", b"{}", b"\xff", b"[" * 5_000, b'{"v":1}', b"NaN", b'"' + b"x" * 100 + b'"']
)
def test_signed_nonsense_is_refused(check, signer, claims):
    with refused("grants.malformed"):
        check(sign_raw(signer, claims))


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 1},
        {"v": 3},
        {"name": ""},
        {"name": "张\n工"},
        {"name": "张" * 65},
        {"capacity": ""},
        {"capacity": "值班"},
        {"capacity": None},
        {"v": True},
        {"v": "1"},
        {"v": []},
        {"extra": 1},
        {"deployment": "x"},
        {"deployment": 5},
        {"grant": "00000000-0000-0000-0000-00000000000G"},
        {"person": None},
        {"epoch": -1},
        {"epoch": 1.0},
        {"session": "5E" * 32},
        {"session": 5},
        {"purpose": "curiosity"},
        {"purpose": []},
        {"articles": []},
        {"articles": "A14"},
        {"articles": ["A14.b"] * 17},
        {"articles": ["第十四条"]},
        {"articles": [5]},
        {"articles": {"A14.b": 1}},
        {"cameras": [5]},
        {"cameras": [[5, ["video"]]]},
        {"cameras": [["00000000-0000-4000-8000-000000000000", {"video": 1}]]},
        {"cameras": []},
        {"cameras": {}},
        {"cameras": ["x"]},
        {"cameras": [["x", ["video"]]]},
        {"cameras": [["00000000-0000-4000-8000-000000000000", []]]},
        {"cameras": [["00000000-0000-4000-8000-000000000000", "video"]]},
        {"cameras": [["00000000-0000-4000-8000-000000000000", ["smell"]]]},
        {"cameras": [["00000000-0000-4000-8000-000000000000", [["video"]]]]},
        {"cameras": [["00000000-0000-4000-8000-000000000000"]]},
        {"cameras": [["00000000-0000-4000-8000-000000000000", ["video"]]] * 65},
        {"start_90k": 5, "end_90k": 5},
        {"start_90k": 6, "end_90k": 5},
        {"end_90k": 1 << 53},
        {"host": ""},
        {"host": "a b"},
        {"host": "x" * 256},
        {"issued_at_90k": 5, "expires_at_90k": 5},
        {"issued_at_90k": 5, "expires_at_90k": 5 + LEASE_90K + 1},
    ],
    ids=str,
)
def test_signed_claims_without_sense_are_refused(check, forge, changes):
    with refused("grants.malformed"):
        check(forge(**changes))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": ""}, "name"),
        ({"capacity": ""}, "capacity"),
        ({"session": ""}, "session"),
        ({"articles": ""}, "articles"),
        ({"articles": [""]}, "articles"),
        ({"cameras": ""}, "cameras"),
        ({"host": ""}, "host"),
        ({"deployment": ""}, "deployment"),
        ({"epoch": ""}, "epoch"),
    ],
    ids=str,
)
def test_a_claim_without_sense_is_named(check, forge, changes, reason):
    with pytest.raises(GrantError) as caught:
        check(forge(**changes))
    assert caught.value.facts["reason"] == reason


@pytest.mark.parametrize(
    "changes",
    [
        {"end_90k": (1 << 53) - 1},
        {"articles": ["A14.b"]},
        {"articles": ["A14.b"] * 16},
        {"cameras": [["00000000-0000-4000-8000-000000000000", ["video"]]]},
        {"expires_at_90k": ISSUED + 1},
        {"person": "00000000-0000-4000-8000-000000000000", "epoch": 0},
        {"name": "张" * 64, "capacity": "c" * 128, "host": "h" * 255},
    ],
    ids=str,
)
def test_signed_claims_at_their_bounds_are_good(check, forge, changes):
    with_host = {"host": changes["host"]} if "host" in changes else {}
    assert check(forge(**changes), **with_host)


def test_forged_claims_that_change_nothing_are_good(check, forge, grant):
    assert check(forge()) == grant


def test_nothing_is_minted_that_no_verifier_would_take(grant, signer):
    with refused("grants.malformed"):
        mint(dataclasses.replace(grant, expires_at_90k=grant.expires_at_90k + 1), signer=signer)
    with refused("grants.malformed"):
        mint(dataclasses.replace(grant, cameras=()), signer=signer)


def test_the_largest_grant_fits_and_a_longer_one_is_not_minted(check, grant, signer):
    most = tuple(GrantedCamera(new_id(), ("video", "audio")) for _ in range(token.MAX_CAMERAS))
    largest = dataclasses.replace(grant, cameras=most)
    assert check(mint(largest, signer=signer)) == largest
    repeated = tuple(GrantedCamera(new_id(), ("video",) * 20) for _ in range(token.MAX_CAMERAS))
    with refused("grants.malformed"):
        mint(dataclasses.replace(grant, cameras=repeated), signer=signer)


@pytest.mark.parametrize(("characters", "is_minted"), [(16_384, True), (16_388, False)])
def test_a_token_is_minted_up_to_the_length_that_is_verified(check, grant, signer, characters, is_minted):
    many = tuple(GrantedCamera(new_id(), ("video",) * 10) for _ in range(token.MAX_CAMERAS - 1))

    def claims_with(tracks, host):
        last = GrantedCamera(grant.cameras[0].camera_id, ("video",) * tracks)
        return dataclasses.replace(grant, cameras=(*many, last), host=host)

    # Four characters are three bytes of claims; a track more is eight bytes, a character of the host's name one.
    wanted = (characters - len(f"mj1.{signer.kid}..") - 86) // 4 * 3
    least = len(decoded(mint(claims_with(1, "h"), signer=signer).split(".")[2]))
    more, rest = divmod(wanted - least, 8)
    exact = claims_with(1 + more, "h" * (1 + rest))
    if is_minted:
        text = mint(exact, signer=signer)
        assert len(text) == characters
        assert check(text, host=exact.host) == exact
    else:
        with refused("grants.malformed"):
            mint(exact, signer=signer)


def test_an_error_names_no_token(check, grant, signer):
    text = mint(grant, signer=signer)
    with pytest.raises(GrantError) as caught:
        check(text, host="elsewhere")
    assert text not in str(caught.value)
    assert grant.session_hash not in str(caught.value)
