"""What must stand before pages and recorders make sense: static files, a first volume, demo data, a plan.

Runs after the migrations of every start, as the web role; safe to repeat.
"""

import json
import os
from pathlib import Path

from django.core.management import call_command

from mingjian.base import ids
from mingjian.base.clock import Clock, SystemClock
from mingjian.base.ids import VolumeId
from mingjian.demo import installation
from mingjian.host import deployment, kept_settings
from mingjian.host.home import Home
from mingjian.people import acts, profile, university
from mingjian.people.models import Campus
from mingjian.recordings.volume import Volume
from mingjian.registry import publisher, usecases
from mingjian.registry.models import Volume as RegisteredVolume

DEMO_BUDGET_BYTES = 4_500_000_000
# Other editions of htmx in the same package; some import modules that are not there.
_NOT_SERVED = ["*-4.js", "*-4.min.js", "htmx-2.js", "ext", "*.map"]
_STATIC_STAMP = "static-made-from.json"


def prepare(home: Home) -> None:
    """Do what is missing."""
    clock = SystemClock()
    collect_static(home)
    ensure_university(clock=clock)
    is_demo = kept_settings.is_demo(home)
    ensure_volume(home, budget_bytes=DEMO_BUDGET_BYTES if is_demo else 0, clock=clock)
    if is_demo:
        installation.install(home, clock=clock)
    publisher.publish_pending(home, clock=clock)


def ensure_university(*, clock: Clock) -> None:
    """Enter the university's profile where there is none yet: MINGJIAN_PROFILE, a name or a path ending in .toml."""
    if not Campus.objects.exists():
        told = profile.read(os.environ.get("MINGJIAN_PROFILE") or profile.DEFAULT)
        university.load_profile(profile=told, actor=acts.SHELL, clock=clock)


def ensure_volume(home: Home, *, budget_bytes: int, clock: Clock) -> None:
    """Make and enter the default volume if the registry knows none; a half-made one is taken up again."""
    if RegisteredVolume.objects.exists():
        return
    founded = deployment.load(home)
    found = sorted(path.parent for path in home.volumes.glob("*/volume.json"))
    if found:
        path = found[0]
    else:
        path = home.volumes / ids.new_id()
        Volume.create(
            path, deployment_id=founded.deployment_id, volume_id=VolumeId(path.name), budget_bytes=budget_bytes
        )
    usecases.register_volume(
        volume_id=path.name,
        name="default",
        path=str(path),
        budget_bytes=budget_bytes,
        actor=acts.SHELL,
        clock=clock,
    )


def collect_static(home: Home) -> None:
    """Gather static files under hashed names, unless nothing changed since the last time."""
    stamp = home.root / _STATIC_STAMP
    seen = json.dumps(_newest_static())
    if stamp.exists() and stamp.read_text(encoding="utf-8") == seen:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=_NOT_SERVED)
    stamp.write_text(seen, encoding="utf-8")


def _newest_static() -> list[object]:
    rooms = Path(__file__).parent.parent
    facts = [entry.stat() for folder in rooms.glob("*/static") for entry in folder.rglob("*")]
    return [len(facts), max((fact.st_mtime_ns for fact in facts), default=0), os.fspath(rooms)]
