"""What platform administrators run: processes, volumes, accounts. Names and counts, never a picture."""

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mingjian.base import ticks
from mingjian.base.errors import MingjianError
from mingjian.host.home import Home
from mingjian.people.models import Person, WebSession
from mingjian.recorder import status
from mingjian.recordings import asking
from mingjian.recordings.errors import RecordingsError
from mingjian.registry import queries as registry
from mingjian.registry.words import Tone

_STATES: dict[str, tuple[str | Promise, Tone]] = {
    "running": (_("正在运行"), Tone.GOOD),
    "starting": (_("正在启动"), Tone.PENDING),
    "waiting": (_("等待重启"), Tone.TROUBLE),
    "stopped": (_("已停止"), Tone.TROUBLE),
}


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """One process of this host as its supervisor sees it."""

    name: str
    word: str
    tone: Tone
    started_at_90k: int | None
    restarts: int


@dataclass(frozen=True, slots=True)
class Reread:
    """The rotation that reads closed footage again: how far it is, when it last was through, what it found damaged."""

    read_bytes: int
    of_bytes: int
    last_whole_at_90k: int | None
    damaged: int


@dataclass(frozen=True, slots=True)
class VolumeLine:
    """One recording volume; figures are None when its disk cannot be asked."""

    name: str
    budget_bytes: int
    size_bytes: int | None
    free_bytes: int | None
    is_answering: bool
    reread: "Reread | None"


@dataclass(frozen=True, slots=True)
class Accounts:
    """How many accounts and sign-ins there are."""

    open: int
    closed: int
    locked: int
    signed_in: int


def told(home: Home) -> dict[str, list[dict[str, Any]]]:
    """Return what the recording side says of this host; nothing of it when it says nothing."""
    try:
        return status.collect(home)
    except (MingjianError, OSError):
        return {"processes": [], "volumes": []}


def processes(said: dict[str, list[dict[str, Any]]]) -> list[ProcessLine]:
    """Return the processes in the supervisor's order."""
    return [_process(entry) for entry in said["processes"]]


def _process(entry: dict[str, object]) -> ProcessLine:
    state = str(entry.get("state", ""))
    word, tone = _STATES.get(state, (state, Tone.PENDING))
    started_at = entry.get("started_at")
    return ProcessLine(
        name=str(entry.get("name", "")),
        word=str(word),
        tone=tone,
        started_at_90k=ticks.parse_iso(started_at) if isinstance(started_at, str) else None,
        restarts=int(str(entry.get("restarts") or 0)),
    )


def volumes(said: dict[str, list[dict[str, Any]]]) -> list[VolumeLine]:
    """Return the volumes with what their disks and keepers say; a disk that hangs is not waited for."""
    entries = {str(entry["path"]): entry for entry in said["volumes"]}
    lines = []
    for volume in registry.volumes():
        size_bytes = free_bytes = None
        with contextlib.suppress(OSError, RecordingsError):
            path = str(volume.path)
            usage = asking.ask(Path(path), lambda path=path: shutil.disk_usage(path))  # type: ignore[misc]
            size_bytes, free_bytes = usage.total, usage.free
        entry = entries.get(str(volume.path), {})
        is_answering = "recordings.volume_hangs" not in entry.get("troubles", ())
        line = VolumeLine(
            volume.name, volume.budget_bytes, size_bytes, free_bytes, is_answering, _reread(entry.get("reread"))
        )
        lines.append(line)
    return lines


def _reread(entry: dict[str, Any] | None) -> Reread | None:
    if entry is None:
        return None
    last = entry["last_whole_at"]
    return Reread(
        read_bytes=min(entry["bytes"], entry["of_bytes"]),
        of_bytes=entry["of_bytes"],
        last_whole_at_90k=None if last is None else ticks.parse_iso(last),
        damaged=entry["damaged"],
    )


def accounts(*, now_90k: int) -> Accounts:
    """Count accounts and the web sessions that nobody ended."""
    people = Person.objects.all()
    return Accounts(
        open=people.filter(is_active=True).count(),
        closed=people.filter(is_active=False).count(),
        locked=people.filter(locked_until_90k__gt=now_90k).count(),
        signed_in=WebSession.objects.filter(ended_at_90k__isnull=True).count(),
    )
