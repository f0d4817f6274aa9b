"""The OS user of the ledger's signer: one of its own where the host has it, so that its key is out of others' reach.

Only root can start a process as somebody else. Without root, or without a user "mingjian-signer" that can run our
program, the signer runs as everybody does; the ledger's page says which it is.
"""

import os
import pwd
import shutil
import sys

from mingjian.host.home import Home
from mingjian.host.placement import RunAs, runs

USER = "mingjian-signer"
_LOOKS = 'cd "$1" && test -w . && exec "$2" -c "import mingjian.ledger.signer_link"'


def signer_user(home: Home) -> RunAs | None:
    """Return whom the signer runs as; None where it is nobody of its own. Its folder is handed to that user."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(USER)
    except KeyError:
        return None
    run_as = RunAs(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)
    hand_over(home, run_as)
    if runs(["/bin/sh", "-c", _LOOKS, "sh", str(home.signer), sys.executable], run_as):
        return run_as
    hand_over(home, RunAs(name="root", uid=0, gid=0))
    return None


def hand_over(home: Home, run_as: RunAs) -> None:
    """Make the signer's folder and all in it that user's."""
    for path in (home.signer, *home.signer.rglob("*")):
        shutil.chown(path, run_as.uid, run_as.gid)
