"""The signer under an OS user of its own, as it really runs: what it has, nobody else but root reads, and the reverse.

The user exists in a namespace of mounts alone, on a copy of the host's list of users: nothing of the host is changed.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from mingjian.host import apart, placement
from mingjian.host.home import Home

UID = 64_789
# Mounted for this system's processes alone: the list of users with one more, and the program, where folders that are
# closed to others lie above it (root's own home, on machines where everything is root's).
_APART = """
import os, subprocess, sys, tempfile
def mount(*words): subprocess.run(["mount", *words], check=True)
def is_closed(path): return not os.stat(path).st_mode & 1
users, count, *rest = sys.argv[1:]
needed, command = rest[:int(count)], rest[int(count):]
mount("--bind", users, "/etc/passwd")
for path in needed:
    parts = [path[:at] for at, letter in enumerate(path) if letter == "/" and at]
    above = next(filter(is_closed, parts), None)
    if above is not None:
        kept = tempfile.mkdtemp()
        mount("--bind", path, kept)
        mount("-t", "tmpfs", "-o", "mode=711", "tmpfs", above)
        os.makedirs(path)
        mount("--bind", kept, path)
        subprocess.run(["umount", kept], check=True)
        os.rmdir(kept)
os.execv(command[0], command)
"""


@pytest.fixture
def site_apart(new_site: Any, tmp_path: Path) -> Iterator[Any]:
    """A whole system on a host that has the user."""
    assert os.geteuid() == 0, "only root can start a process as somebody else: run these tests as root"
    users = tmp_path / "passwd"
    shutil.copy("/etc/passwd", users)
    with users.open("a", encoding="utf-8") as listed:
        listed.write(f"{apart.USER}:x:{UID}:{UID}::/nonexistent:/usr/sbin/nologin\n")
    needed = [sys.base_prefix, sys.prefix, str(Path(__file__).parents[2])]
    words = ["unshare", "--mount", "--propagation", "private", sys.executable, "-c", _APART]
    with ExitStack() as running:
        started = subprocess.Popen(
            [*words, str(users), str(len(needed)), *needed, sys.executable, "-m", "mingjian.cli", "up"],
            env=new_site.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        running.callback(new_site.stop, started)
        new_site.wait_ready(started)
        yield new_site


def may(uid: int, *command: str | Path) -> bool:
    """Say whether an OS user gets through with a command."""
    words = [str(word) for word in command]
    return subprocess.run(words, user=uid, group=uid, extra_groups=[], capture_output=True, check=False).returncode == 0


def test_the_signers_key_and_state_are_its_own(site_apart: Any) -> None:
    site_apart.until(lambda: json.loads(site_apart.run("ledger", "verify", "--json").stdout)["signed_size"] > 0)
    home = Home(root=site_apart.root, bind="127.0.0.1", port=site_apart.port, media_port=site_apart.media_port)
    status = Path(f"/proc/{site_apart.processes()['signer']}/status").read_text(encoding="utf-8")
    (uids,) = [line.split()[1:] for line in status.splitlines() if line.startswith("Uid:")]
    assert uids == [str(UID)] * 4

    held = [path for path in home.signer.rglob("*") if path.is_file()]
    assert {path.suffix for path in held} >= {".key", ".note"}, held
    assert home.signer.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_uid for path in (home.signer, *home.signer.rglob("*"))} == {UID}
    placed = placement.read(home)
    assert placed is not None and placed.run_as is not None
    database_uid = placed.run_as.uid
    assert database_uid not in {0, UID}
    for path in held:
        assert may(UID, "cat", path)
        assert not may(database_uid, "cat", path)
    assert not may(database_uid, "ls", home.signer)
    # And the signer reads nothing of the others: no other key, no password of the database.
    assert not may(UID, "ls", home.secrets)
    assert not may(UID, "ls", home.postgres)
