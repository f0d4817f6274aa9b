"""Keys in their files, and papers that open only as what they were signed."""

import dataclasses
import json
import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mingjian.grants import signing
from mingjian.grants.signing import KeyFileError, KeyPurpose, PaperError, generate, load_signer, load_verifier
from mingjian.host.home import Home

PLAN = '{"cameras":["南门"]}'.encode()


@pytest.fixture
def planner(home):
    return generate(home, purpose=KeyPurpose.PLAN)


def private_file(home, signer):
    return home.secrets / f"{signer.purpose}-{signer.kid}.key"


def public_file(home, signer):
    return home.public_keys / f"{signer.purpose}-{signer.kid}.pub"


def test_a_key_pair_is_loaded_as_it_was_made(home, planner):
    loaded = load_signer(home, purpose=KeyPurpose.PLAN)
    assert (loaded.kid, loaded.public_bytes) == (planner.kid, planner.public_bytes)
    assert list(load_verifier(home, purpose=KeyPurpose.PLAN).keys) == [planner.kid]


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_key_files_have_their_modes_whatever_the_umask(tmp_path, umask):
    fresh = Home(root=tmp_path / "not" / "there", bind="", port=1, media_port=2)
    fresh.root.parent.mkdir()
    before = os.umask(umask)
    try:
        signer = generate(fresh, purpose=KeyPurpose.GRANT)
    finally:
        os.umask(before)
    assert stat.S_IMODE(private_file(fresh, signer).stat().st_mode) == 0o600
    assert stat.S_IMODE(public_file(fresh, signer).stat().st_mode) == 0o644
    assert stat.S_IMODE(fresh.secrets.stat().st_mode) == 0o700
    assert stat.S_IMODE(fresh.public_keys.stat().st_mode) == 0o755 & ~umask


def test_a_key_written_leaves_no_file_open(home):
    before = len(list(Path("/proc/self/fd").iterdir()))
    generate(home, purpose=KeyPurpose.SPOOL)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_whether_there_is_a_key_is_said(home, planner):
    assert signing.has_key(home, purpose=KeyPurpose.PLAN) is True
    assert signing.has_key(home, purpose=KeyPurpose.SPOOL) is False


def test_a_signer_shows_no_private_key(planner):
    assert "private" not in repr(planner)


def test_a_second_key_of_a_purpose_is_not_made(home, planner):
    with pytest.raises(KeyFileError, match="key_present"):
        generate(home, purpose=KeyPurpose.PLAN)
    generate(home, purpose=KeyPurpose.GRANT)


def test_keys_rotate_with_overlap(home, planner):
    old_paper = planner.sign_paper(kind="plan", payload=PLAN)
    private_file(home, planner).unlink()
    successor = generate(home, purpose=KeyPurpose.PLAN)
    verifier = load_verifier(home, purpose=KeyPurpose.PLAN)
    assert load_signer(home, purpose=KeyPurpose.PLAN).kid == successor.kid
    assert verifier.open_paper(kind="plan", paper=old_paper) == PLAN
    assert verifier.open_paper(kind="plan", paper=successor.sign_paper(kind="plan", payload=PLAN)) == PLAN


def test_a_missing_key_is_named(home):
    with pytest.raises(KeyFileError, match="key_missing"):
        load_signer(home, purpose=KeyPurpose.LEDGER)
    with pytest.raises(KeyFileError, match="key_missing"):
        load_verifier(home, purpose=KeyPurpose.LEDGER)


def test_two_private_keys_are_one_too_many(home, planner):
    (home.secrets / "plan-0123456789abcdef.key").write_bytes(b"")
    with pytest.raises(KeyFileError, match="key_ambiguous"):
        load_signer(home, purpose=KeyPurpose.PLAN)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o610, 0o602, 0o601])
def test_a_private_key_that_others_may_touch_is_refused(home, planner, mode):
    private_file(home, planner).chmod(mode)
    with pytest.raises(KeyFileError, match="key_exposed"):
        load_signer(home, purpose=KeyPurpose.PLAN)


def test_a_private_key_that_is_none_is_refused(home, planner):
    private_file(home, planner).write_bytes(b"not a key")
    with pytest.raises(KeyFileError, match="key_unreadable"):
        load_signer(home, purpose=KeyPurpose.PLAN)


@pytest.mark.parametrize("make", [Ed25519PrivateKey.generate, lambda: generate_private_key(SECP256R1())])
def test_a_private_key_that_is_not_the_one_its_name_says_is_refused(home, planner, make):
    pem = make().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    private_file(home, planner).write_bytes(pem)
    with pytest.raises(KeyFileError, match="key_unreadable"):
        load_signer(home, purpose=KeyPurpose.PLAN)


@pytest.mark.parametrize("make", [Ed25519PrivateKey.generate, lambda: generate_private_key(SECP256R1())])
def test_a_public_key_that_is_not_the_one_its_name_says_is_refused(home, planner, make):
    pem = make().public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    public_file(home, planner).write_bytes(pem)
    with pytest.raises(KeyFileError, match="key_unreadable"):
        load_verifier(home, purpose=KeyPurpose.PLAN)


def test_a_public_key_that_is_none_is_refused(home, planner):
    public_file(home, planner).write_bytes(b"not a key")
    with pytest.raises(KeyFileError, match="key_unreadable"):
        load_verifier(home, purpose=KeyPurpose.PLAN)


def test_only_the_ledgers_key_signs_notes(home, planner):
    with pytest.raises(ValueError, match="ledger"):
        planner.sign_note(b"text")
    assert len(generate(home, purpose=KeyPurpose.LEDGER).sign_note(b"text")) == signing.SIGNATURE_BYTES


@pytest.mark.parametrize("kind", ["", "Plan", "a\x00b", "x" * 33, "1x"])
def test_a_kind_is_a_short_word(planner, kind):
    with pytest.raises(ValueError, match="kind"):
        planner.sign(kind=kind, payload=b"")


def test_a_paper_opens_to_its_payload(planner):
    paper = planner.sign_paper(kind="plan", payload=PLAN)
    assert planner.verifier().open_paper(kind="plan", paper=paper) == PLAN


def test_a_paper_of_another_kind_does_not_open(planner):
    paper = planner.sign_paper(kind="plan", payload=PLAN)
    with pytest.raises(PaperError, match="paper_malformed"):
        planner.verifier().open_paper(kind="command", paper=paper)
    with pytest.raises(PaperError, match="paper_bad_signature"):
        planner.verifier().open_paper(kind="command", paper=changed(paper, kind="command"))


def test_a_paper_by_an_unknown_key_does_not_open(planner, home, tmp_path):
    stranger = generate(dataclasses.replace(home, root=tmp_path / "other"), purpose=KeyPurpose.PLAN)
    with pytest.raises(PaperError, match="paper_unknown_key"):
        planner.verifier().open_paper(kind="plan", paper=stranger.sign_paper(kind="plan", payload=PLAN))


@pytest.mark.parametrize("changes", [{"payload": "{}"}, {"signature": "AAAA"}, {"signature": ""}])
def test_a_changed_paper_does_not_open(planner, changes):
    paper = changed(planner.sign_paper(kind="plan", payload=PLAN), **changes)
    with pytest.raises(PaperError, match="paper_bad_signature"):
        planner.verifier().open_paper(kind="plan", paper=paper)


@pytest.mark.parametrize(
    "changes", [{"signature": "A"}, {"signature": "é"}, {"payload": 5}, {"more": ""}, {"payload": "\ud800"}]
)
def test_a_malformed_paper_does_not_open(planner, changes):
    paper = changed(planner.sign_paper(kind="plan", payload=PLAN), **changes)
    with pytest.raises(PaperError, match="paper_malformed"):
        planner.verifier().open_paper(kind="plan", paper=paper)


def test_a_signature_has_one_spelling(planner):
    paper = planner.sign_paper(kind="plan", payload=PLAN)
    signature = json.loads(paper)["signature"]
    with pytest.raises(PaperError, match="paper_malformed"):
        planner.verifier().open_paper(kind="plan", paper=changed(paper, signature=signature[:4] + "\n" + signature[4:]))


@pytest.mark.parametrize("paper", [b"", b"[]", b"{", b"5", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_paper_does_not_open(planner, paper):
    with pytest.raises(PaperError, match="paper_malformed"):
        planner.verifier().open_paper(kind="plan", paper=paper)


def test_an_endless_paper_does_not_open(planner, monkeypatch):
    paper = planner.sign_paper(kind="plan", payload=PLAN)
    monkeypatch.setattr(signing, "MAX_PAPER_BYTES", len(paper) - 1)
    with pytest.raises(PaperError, match="paper_malformed"):
        planner.verifier().open_paper(kind="plan", paper=paper)


def changed(paper, **changes):
    return json.dumps(json.loads(paper) | changes).encode()
