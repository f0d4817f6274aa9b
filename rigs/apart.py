"""A namespace of mounts and processes for one rig: whatever ends it, nothing stays mounted and nothing runs on.

The kernel tears it down: the namespace's first process is killed with whoever asked for it, every other process of it
with that one, its mounts with the last process, and a loop device with its last mount.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_MARK = "MINGJIAN_RIG_APART"
_ROOT = Path(__file__).parent.parent


class MissingPrivilege(Exception):
    """This machine or account cannot do what the rig needs; the text names it."""


def require_privileges() -> None:
    """Check for what loop devices and mounts need. Raises MissingPrivilege; a rig never skips."""
    if os.geteuid() != 0:
        raise MissingPrivilege("root (CAP_SYS_ADMIN) to mount file-system images")
    if not Path("/dev/loop-control").exists():
        raise MissingPrivilege("loop devices (/dev/loop-control)")
    for tool in ("mkfs.ext4", "mount", "unshare", "setpriv", "strace"):
        if shutil.which(tool, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") is None:
            raise MissingPrivilege(f"the program {tool}")


def enter() -> None:
    """Go on in a namespace of its own, by starting this program again inside one; returns only in there."""
    try:
        require_privileges()
    except MissingPrivilege as missing:
        sys.exit(f"缺少权限：这项检查需要 {missing}。 Missing privilege: this rig needs {missing}.")
    if os.environ.get(_MARK) == "1":
        return
    rig = Path(sys.argv[0].removeprefix("./dev ")).name
    command = [*_NAMESPACE, sys.executable, "-m", "rigs", rig, *sys.argv[1:]]
    os.execve("/usr/bin/setpriv", command, os.environ | {_MARK: "1"})  # noqa: S606  a fixed program


def run(rig: str, *arguments: str, timeout_s: float) -> "subprocess.CompletedProcess[str]":
    """Run a rig in a namespace of its own and return what it printed."""
    return subprocess.run(
        [*_NAMESPACE, sys.executable, "-m", "rigs", rig, *arguments],
        cwd=_ROOT,
        env=os.environ | {_MARK: "1"},
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


_NAMESPACE = (
    *("/usr/bin/setpriv", "--pdeathsig", "KILL", "/usr/bin/unshare"),
    *("--mount", "--propagation", "private", "--pid", "--mount-proc", "--fork", "--kill-child"),
)
