"""What was sealed and signed once stays good for ever: known texts under a known key, and the figures beside them.

The texts were made by this room's own functions when its forms were fixed (token form mj1 with claims of version 2,
paper form v1, sealed form mjseal1) under the key of the bytes 0 to 31. A change that breaks one breaks what lies on
somebody's disk.
"""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mingjian.base.ticks import Ticks90k
from mingjian.grants import claims, sealing, signing, token
from mingjian.grants.claims import Grant, GrantedCamera, Purpose
from mingjian.grants.sealing import SealingError
from mingjian.grants.signing import KeyPurpose, PaperError, Signer

KEY = bytes(range(32))
SEALED = "mjseal1.baedb255580d67bf.ZGVmZ2hpamtsbW5vKX-zDxfTszG4hf9pM0iUeR5b_sW29JgnYvnGcw=="
PAPER = """{
 "kind": "plan",
 "kid": "56475aa75463474c",
 "payload": "{\\"cameras\\":[\\"南门\\"]}",
 "signature": "f+x3MndBlg++L8JbSlEMVd36I9jh0MtV43M1uuHloNkTSwKPV11a9han/OUd62sHZf5PkE5InUuGqzmdCQoQBQ=="
}
"""
TOKEN = (
    "mj1.56475aa75463474c.eyJhcnRpY2xlcyI6WyJBMTQuYiIsIkExNS4xLjRhIl0sImNhbWVyYXMiOltbIjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLT"
    "AwMDAwMDAwMDAwNCIsWyJ2aWRlbyJdXSxbIjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwNSIsWyJ2aWRlbyIsImF1ZGlvIl1dXSwi"
    "Y2FwYWNpdHkiOiJvcGVyYXRvckBzZWN1cml0eS1vZmZpY2UtY2FtcHVzIiwiZGVwbG95bWVudCI6IjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMD"
    "AwMDAwMDAwMSIsImVuZF85MGsiOjIsImVwb2NoIjoxLCJleHBpcmVzX2F0XzkwayI6MTYwMDAwMDAwNDUwMDAwLCJncmFudCI6IjAwMDAwMDAwLTAw"
    "MDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMiIsImhvc3QiOiJtZWRpYS0xLmNhbXB1cyIsImlzc3VlZF9hdF85MGsiOjE2MDAwMDAwMDAwMDAwMCwibm"
    "FtZSI6IuW8oOW3pSIsInBlcnNvbiI6IjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMyIsInB1cnBvc2UiOiJ2aWV3aW5nIiwic2Vz"
    "c2lvbiI6IjVlNWU1ZTVlNWU1ZTVlNWU1ZTVlNWU1ZTVlNWU1ZTVlNWU1ZTVlNWU1ZTVlNWU1ZTVlNWU1ZTVlNWU1ZTVlNWUiLCJzdGFydF85MGsiOj"
    "EsInYiOjJ9.Z4KuB__1WUyHczwbQZDmNQqq6okyLRBs2V3RzArA1-KkCvaZFQvyUc9ZVyX6pWJJG1eXZKTYWRloy8eOB_ZXBQ"
)
NOTE_SIGNATURE = bytes.fromhex("58dbe35f2ac60092ff3500cf5ab7887fa48989a084eba8ea37e4cbcb783bbefb")
ISSUED = 160_000_000_000_000


def numbered(number):
    return f"00000000-0000-4000-8000-{number:012}"


def signer(purpose=KeyPurpose.GRANT):
    private_key = Ed25519PrivateKey.from_private_bytes(KEY)
    return Signer(
        purpose=purpose, kid=signing.key_id(private_key.public_key().public_bytes_raw()), private_key=private_key
    )


GRANT = Grant(
    version=2,
    deployment_id=numbered(1),
    epoch=1,
    grant_id=numbered(2),
    person_id=numbered(3),
    person_name="张工",
    capacity="operator@security-office-campus",
    session_hash="5e" * 32,
    purpose=Purpose.VIEWING,
    articles=("A14.b", "A15.1.4a"),
    cameras=(GrantedCamera(numbered(4), ("video",)), GrantedCamera(numbered(5), ("video", "audio"))),
    start_90k=Ticks90k(1),
    end_90k=Ticks90k(2),
    host="media-1.campus",
    issued_at_90k=Ticks90k(ISSUED),
    expires_at_90k=Ticks90k(ISSUED + 450_000),
)


def test_a_text_sealed_once_opens():
    assert sealing.unseal(SEALED, key=KEY, context="camera-1") == "admin:密码"


def test_a_text_is_sealed_in_the_form_that_opens():
    ours = sealing.seal("admin:密码", key=KEY, context="camera-1")
    assert ours.split(".")[:2] == SEALED.split(".")[:2]
    assert len(ours) == len(SEALED)


@pytest.mark.parametrize(("characters", "is_opened"), [(16_381, True), (16_385, False)])
def test_an_endless_sealed_text_is_not_opened(characters, is_opened):
    # Four characters of base64 are three bytes, of which nonce and tag take 28; form and key's name are 25 characters.
    text = "x" * ((characters - 25) // 4 * 3 - 28)
    sealed = sealing.seal(text, key=KEY, context="c")
    assert len(sealed) == characters
    if is_opened:
        assert sealing.unseal(sealed, key=KEY, context="c") == text
    else:
        with pytest.raises(SealingError, match="seal_malformed"):
            sealing.unseal(sealed, key=KEY, context="c")


def test_credentials_lie_under_the_name_that_backups_know(home):
    sealing.generate_key(home)
    content = (home.secrets / "credentials.key").read_text()
    assert content.endswith("\n")
    assert len(bytes.fromhex(content)) == 32


def test_a_public_key_is_its_raw_bytes():
    assert signer().public_bytes.hex() == "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"


def test_a_paper_signed_once_opens():
    assert signer().verifier().open_paper(kind="plan", paper=PAPER.encode()) == '{"cameras":["南门"]}'.encode()


def test_a_paper_is_signed_to_the_letter():
    assert signer().sign_paper(kind="plan", payload='{"cameras":["南门"]}'.encode()).decode() == PAPER


def test_a_note_is_signed_as_it_stands():
    ours = signer(KeyPurpose.LEDGER)
    assert ours.sign_note(b"note")[:32] == NOTE_SIGNATURE
    ours.private_key.public_key().verify(ours.sign_note(b"note"), b"note")


def test_a_token_minted_once_is_verified():
    seen = token.verify(
        TOKEN,
        verifier=signer().verifier(),
        deployment_id=numbered(1),
        host="media-1.campus",
        now_90k=ISSUED,
        session_hash="5e" * 32,
    )
    assert seen == GRANT


def test_a_token_is_minted_to_the_letter():
    assert token.mint(GRANT, signer=signer()) == TOKEN


def test_a_lease_is_five_seconds_and_is_renewed_every_two():
    assert (claims.LEASE_90K, claims.RENEWAL_90K) == (450_000, 180_000)


def test_bounds_are_those_that_memory_was_reckoned_with():
    assert (token.MAX_TOKEN_CHARACTERS, token.MAX_CAMERAS, token.MAX_ARTICLES) == (16_384, 64, 16)
    assert (signing.MAX_PAPER_BYTES, signing.SIGNATURE_BYTES) == (33_554_432, 64)
    assert token.CLOCK_TOLERANCE_90K == 90_000


def test_a_kind_has_at_most_32_signs():
    assert signer().sign(kind="k" * 32, payload=b"")
    with pytest.raises(ValueError, match="short ASCII word"):
        signer().sign(kind="k" * 33, payload=b"")


def test_a_paper_at_the_bound_is_read_and_a_longer_one_is_not(monkeypatch):
    paper = PAPER.encode()
    monkeypatch.setattr(signing, "MAX_PAPER_BYTES", len(paper))
    assert signer().verifier().open_paper(kind="plan", paper=paper)
    with pytest.raises(PaperError, match="paper_malformed"):
        signer().verifier().open_paper(kind="plan", paper=paper + b" ")
