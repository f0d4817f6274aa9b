"""Signed notes: made, opened, and refused when anything about them is not right."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mingjian.base.ids import new_id
from mingjian.grants import signing
from mingjian.grants.signing import KeyPurpose
from mingjian.ledger import checkpoint
from mingjian.ledger.checkpoint import Checkpoint, CheckpointError, open_note, origin_of, shard_of, sign, verifier_key

DEPLOYMENT = new_id()
HEAD = Checkpoint(origin=origin_of(deployment_id=DEPLOYMENT, shard=3), size=12, root=bytes(range(32)))


@pytest.fixture
def signer(home):
    return signing.generate(home, purpose=KeyPurpose.LEDGER)


@pytest.fixture
def keys(signer):
    return list(signer.verifier().keys.values())


def test_a_signed_checkpoint_opens_to_itself(signer, keys):
    assert open_note(sign(HEAD, signer=signer), keys=keys) == HEAD


def test_the_note_has_the_form_of_the_specification(signer):
    lines = sign(HEAD, signer=signer).split("\n")
    assert lines[:4] == [f"mingjian/{DEPLOYMENT}/3", "12", base64.b64encode(HEAD.root).decode(), ""]
    assert lines[4].startswith(f"— mingjian/{DEPLOYMENT}/3 ")
    assert lines[5:] == [""]


def test_the_key_hash_is_that_of_other_implementations():
    # Name and key of the example in the documentation of golang.org/x/mod/sumdb/note.
    key = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
    expected = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert verifier_key(origin="PeterNeumann", public_bytes=key) == expected


def test_signatures_of_others_are_ignored(signer, keys):
    witness = "— witness.example/w1 " + base64.b64encode(b"\x01\x02\x03\x04" + bytes(72)).decode() + "\n"
    assert open_note(sign(HEAD, signer=signer) + witness, keys=keys) == HEAD


def test_extension_lines_are_signed_and_ignored(signer, keys):
    class Extended:
        origin = HEAD.origin

        @staticmethod
        def text():
            return HEAD.text() + "an extension\n"

    assert open_note(sign(Extended, signer=signer), keys=keys) == HEAD


def test_a_note_without_a_signature_of_ours_is_refused(signer):
    stranger = Ed25519PrivateKey.generate().public_key()
    with pytest.raises(CheckpointError, match="note_unsigned"):
        open_note(sign(HEAD, signer=signer), keys=[stranger])


@pytest.mark.parametrize(("old", "new"), [("\n12\n", "\n13\n"), ("/3\n12", "/4\n12")])
def test_a_changed_text_is_refused(signer, keys, old, new):
    with pytest.raises(CheckpointError, match=r"note_(forged|unsigned)"):
        open_note(sign(HEAD, signer=signer).replace(old, new, 1), keys=keys)


def test_every_flipped_bit_of_the_signature_is_refused(signer, keys):
    text, _, line = sign(HEAD, signer=signer).partition("\n\n")
    mark, name, encoded = line.rstrip("\n").split(" ")
    blob = base64.b64decode(encoded)
    for bit in range(len(blob) * 8):
        flipped = bytearray(blob)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(CheckpointError):
            open_note(f"{text}\n\n{mark} {name} {base64.b64encode(flipped).decode()}\n", keys=keys)


def test_a_wrong_signature_condemns_the_note_beside_a_good_one(signer, keys):
    good = sign(HEAD, signer=signer)
    line = good.split("\n")[4]
    blob = bytearray(base64.b64decode(line.split(" ")[2]))
    blob[-1] ^= 1
    with pytest.raises(CheckpointError, match="note_forged"):
        open_note(good + f"— {HEAD.origin} {base64.b64encode(blob).decode()}\n", keys=keys)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        "o\n1\n",
        "x" * 70_000,
        "a\tb",
        "o\n1\nAAAA\n\n— o AAAAAAAA\n",
        "o\n01\n{root}\n\n— o AAAAAAAA\n",
        "o\n-1\n{root}\n\n— o AAAAAAAA\n",
        "o\n9999999999999999\n{root}\n\n— o AAAAAAAA\n",
        "o\n1\n{root}*\n\n— o AAAAAAAA\n",
        "\n1\n{root}\n\n— o AAAAAAAA\n",
        "o\n1\n\n— o AAAAAAAA\n",
        "o\n1\n{root}\n\n- o AAAAAAAA\n",
        "o\n1\n{root}\n\n— o AAA\n",
        "o\n1\n{root}\n\n— o AAAA\n",
        "o\n1\n{root}\n\n— o AAAAAAAA",
        "o\n1\n{root}\n\n\n",
    ],
)
def test_malformed_notes_are_refused(keys, note):
    with pytest.raises(CheckpointError, match="note_malformed"):
        open_note(note.replace("{root}", base64.b64encode(HEAD.root).decode()), keys=keys)


def test_a_root_has_one_encoding_only(keys):
    spare_bits = base64.b64encode(HEAD.root).decode().replace("8=", "9=")
    with pytest.raises(CheckpointError, match="note_malformed"):
        open_note(f"o\n1\n{spare_bits}\n\n— o AAAAAAAA\n", keys=keys)


def test_the_shard_stands_in_the_origin():
    assert shard_of(HEAD) == 3
    with pytest.raises(CheckpointError, match="note_malformed"):
        shard_of(checkpoint.Checkpoint(origin="elsewhere", size=1, root=HEAD.root))
