"""Whom the signer runs as: somebody of its own only where that user exists and can run our program."""

import os
import pwd

import pytest

from mingjian.host import apart


@pytest.fixture(autouse=True)
def root():
    assert os.geteuid() == 0, "only root can start a process as somebody else: run these tests as root"


def test_without_such_a_user_the_signer_runs_as_everybody_does(home, monkeypatch):
    monkeypatch.setattr(apart, "USER", "nobody-of-that-name")
    assert apart.signer_user(home) is None


def test_a_user_who_cannot_reach_the_program_is_not_taken_and_the_folder_comes_back(home, monkeypatch):
    monkeypatch.setattr(apart, "USER", "nobody")
    home.signer.mkdir(mode=0o700)
    (home.signer / "ledger-0.key").write_text("")
    monkeypatch.setattr(apart, "_LOOKS", "exit 1")
    assert apart.signer_user(home) is None
    assert {path.stat().st_uid for path in (home.signer, *home.signer.iterdir())} == {0}


def test_a_user_who_can_run_it_has_the_folder_alone(home, monkeypatch):
    monkeypatch.setattr(apart, "USER", "nobody")
    home.signer.mkdir(mode=0o700)
    (home.signer / "ledger-0.key").write_text("")
    monkeypatch.setattr(apart, "_LOOKS", "exit 0")
    run_as = apart.signer_user(home)
    expected = pwd.getpwnam("nobody")
    assert run_as is not None
    assert (run_as.uid, run_as.gid) == (expected.pw_uid, expected.pw_gid)
    assert {path.stat().st_uid for path in (home.signer, *home.signer.iterdir())} == {expected.pw_uid}
