"""Credentials open with the same key for the same camera, and with nothing else."""

import base64
import os
import stat

import pytest

from mingjian.grants import sealing
from mingjian.grants.sealing import SealingError, generate_key, load_key, seal, unseal
from mingjian.grants.signing import KeyFileError
from mingjian.host.home import Home

TEXT = "admin:密码 with spaces"


@pytest.fixture
def key(home):
    return generate_key(home)


def test_a_sealed_text_opens(key):
    assert unseal(seal(TEXT, key=key, context="camera-1"), key=key, context="camera-1") == TEXT


def test_the_same_text_is_never_sealed_alike(key):
    assert seal(TEXT, key=key, context="c") != seal(TEXT, key=key, context="c")


def test_the_text_of_another_camera_does_not_open(key):
    with pytest.raises(SealingError, match="seal_broken"):
        unseal(seal(TEXT, key=key, context="camera-1"), key=key, context="camera-2")


def test_another_key_is_named_as_such(key):
    with pytest.raises(SealingError, match="seal_other_key"):
        unseal(seal(TEXT, key=bytes(32), context="c"), key=key, context="c")


def test_every_flipped_bit_is_refused(key):
    form, name, encoded = seal(TEXT, key=key, context="c").split(".")
    raw = base64.urlsafe_b64decode(encoded)
    for bit in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealingError, match="seal_broken"):
            unseal(f"{form}.{name}.{base64.urlsafe_b64encode(flipped).decode()}", key=key, context="c")


@pytest.mark.parametrize("sealed", ["", "admin:pw", "mjseal2.x.y", "a.b.c.d", "mjseal1.x.y" + "z" * 16_384])
def test_what_is_not_sealed_is_refused(key, sealed):
    with pytest.raises(SealingError, match="seal_malformed"):
        unseal(sealed, key=key, context="c")


def test_more_than_the_three_parts_are_refused(key):
    with pytest.raises(SealingError, match="seal_malformed"):
        unseal(seal(TEXT, key=key, context="c") + ".", key=key, context="c")


@pytest.mark.parametrize(("rest", "code"), [("*", "malformed"), ("é", "malformed"), ("", "broken"), ("AAAA", "broken")])
def test_a_spoiled_body_is_refused(key, rest, code):
    head = seal(TEXT, key=key, context="c").rpartition(".")[0]
    with pytest.raises(SealingError, match=f"seal_{code}"):
        unseal(f"{head}.{rest}", key=key, context="c")


def test_the_key_is_kept_for_its_owner_alone(home, key):
    path = home.secrets / sealing.KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key(home) == key


def test_the_folder_of_the_key_is_its_owners_alone(tmp_path):
    fresh = Home(root=tmp_path / "not" / "there", bind="", port=1, media_port=2)
    before = os.umask(0o000)
    try:
        generate_key(fresh)
    finally:
        os.umask(before)
    assert stat.S_IMODE(fresh.secrets.stat().st_mode) == 0o700
    assert stat.S_IMODE((fresh.secrets / sealing.KEY_FILE).stat().st_mode) == 0o600


def test_the_key_is_never_replaced(home, key):
    with pytest.raises(FileExistsError):
        generate_key(home)
    assert load_key(home) == key


def test_a_missing_key_is_named(home):
    with pytest.raises(KeyFileError, match="key_missing"):
        load_key(home)


def test_an_exposed_key_is_refused(home, key):
    (home.secrets / sealing.KEY_FILE).chmod(0o644)
    with pytest.raises(KeyFileError, match="key_exposed"):
        load_key(home)


@pytest.mark.parametrize("content", [b"", b"xyz", b"00" * 31, b"00" * 33, b"\xff" * 32])
def test_a_spoiled_key_is_refused(home, key, content):
    (home.secrets / sealing.KEY_FILE).write_bytes(content)
    with pytest.raises(KeyFileError, match="key_unreadable"):
        load_key(home)


def test_an_error_carries_neither_text_nor_key(key):
    with pytest.raises(SealingError) as caught:
        unseal(seal(TEXT, key=key, context="camera-1"), key=key, context="camera-2")
    assert TEXT not in str(caught.value)
    assert key.hex() not in str(caught.value)
