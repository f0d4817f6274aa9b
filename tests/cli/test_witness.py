"""A witness beside a whole system: asked by the clerk, it raises the verdict; and what the commands refuse."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NAME = "witness.example/jijian"


@pytest.fixture
def witnessed(site: Any, tmp_path: Path) -> Any:
    """The site, asking a witness that runs as another office would run it."""
    folder = ("--folder", str(tmp_path / "witness"))
    key = site.run("witness", "init", "--name", NAME, *folder).stdout.strip()
    ours = site.run("ledger", "key").stdout.strip()
    assert site.run("witness", "trust", ours, *folder).returncode == 0
    serve = [sys.executable, "-m", "mingjian.cli", "witness", "serve", "--port", "0", *folder]
    with subprocess.Popen(serve, env=site.environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert site.run("ledger", "witness", "add", key, address).returncode == 0
        yield site
        process.terminate()
        assert process.wait(timeout=10) == 0


def test_a_system_that_asks_a_witness_is_witnessed(witnessed: Any) -> None:
    witnessed.until(lambda: witnessed.run("ledger", "verify").returncode == 0, patience_s=60.0)
    assert NAME in witnessed.run("ledger", "verify").stdout
    told = witnessed.run("ledger", "witness", "list").stdout
    assert NAME in told
    assert "ledger." not in told
    assert witnessed.run("ledger", "witness", "remove", NAME).returncode == 0
    assert witnessed.run("ledger", "witness", "list").stdout == ""
    assert witnessed.run("ledger", "witness", "remove", NAME).returncode == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("ledger", "witness", "add", "nonsense", "http://127.0.0.1:1"), "ledger.key_malformed"),
        (("ledger", "witness", "add", "nonsense", "ftp://x"), "cli.bad_address"),
        (("witness", "serve", "--folder", "/nonexistent"), "ledger.witness_absent"),
    ],
)
def test_what_cannot_be_done_is_said(site: Any, words: tuple[str, ...], code: str) -> None:
    done = site.run(*words)
    assert done.returncode == 1
    assert f"[{code}]" in done.stderr
