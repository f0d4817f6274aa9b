"""What platform administrators run: processes, volumes, accounts. Names and counts, never a picture."""

import shutil
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mingjian.base import ticks
from mingjian.base.errors import MingjianError
from mingjian.host.home import Home
from mingjian.people.models import Person, WebSession
from mingjian.recorder import status
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
class VolumeLine:
    """One recording volume; figures are None when its disk cannot be asked."""

    name: str
    budget_bytes: int
    size_bytes: int | None
    free_bytes: int | None


@dataclass(frozen=True, slots=True)
class Accounts:
    """How many accounts and sign-ins there are."""

    open: int
    closed: int
    locked: int
    signed_in: int


def processes(home: Home) -> list[ProcessLine]:
    """Return the processes in the supervisor's order; none when it says nothing."""
    try:
        told = status.collect(home)["processes"]
    except (MingjianError, OSError):
        return []
    return [_process(entry) for entry in told]


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


def volumes() -> list[VolumeLine]:
    """Return the volumes with what their disks say."""
    lines = []
    for volume in registry.volumes():
        try:
            usage = shutil.disk_usage(volume.path)
        except OSError:
            lines.append(VolumeLine(volume.name, volume.budget_bytes, None, None))
            continue
        lines.append(VolumeLine(volume.name, volume.budget_bytes, usage.total, usage.free))
    return lines


def accounts(*, now_90k: int) -> Accounts:
    """Count accounts and the web sessions that nobody ended."""
    people = Person.objects.all()
    return Accounts(
        open=people.filter(is_active=True).count(),
        closed=people.filter(is_active=False).count(),
        locked=people.filter(locked_until_90k__gt=now_90k).count(),
        signed_in=WebSession.objects.filter(ended_at_90k__isnull=True).count(),
    )
