"""What volumes report reaches the ledger once, in order, and puts holds in force."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from mingjian.base import ids
from mingjian.base.clock import SimulatedClock
from mingjian.base.ids import CameraId, HoldId
from mingjian.base.ticks import Ticks90k
from mingjian.host import deployment
from mingjian.host.home import Home
from mingjian.people import acts
from mingjian.recordings import outbox
from mingjian.recordings.index import Index
from mingjian.recordings.model import Hold as HoldPaper
from mingjian.recordings.outbox import ReportKind
from mingjian.recordings.volume import Volume as DiskVolume
from mingjian.registry import reports, usecases
from mingjian.registry.models import Camera, RecordedRoot, Volume

Written = Callable[[], list[dict[str, Any]]]


def open_index(volume: Volume, home: Home, clock: SimulatedClock) -> Index:
    founded = deployment.load(home)
    disk = DiskVolume.open(Path(volume.path), deployment_id=founded.deployment_id, volume_id=str(volume.pk))
    return Index.open(disk, host=founded.host, epoch=founded.epoch, clock=clock)


def closed() -> dict[str, str | int | bool | None]:
    """What a volume says of a file it closed."""
    whose: dict[str, str | int | bool | None] = {"camera": ids.new_id(), "role": "main", "track": "video"}
    return whose | {"recording": ids.new_id(), "start_90k": 1, "end_90k": 2, "size_bytes": 3, "root": "ab" * 32}


def test_reports_become_entries_once(volume: Volume, founded: Home, written: Written, clock: SimulatedClock) -> None:
    index = open_index(volume, founded, clock)
    index.report(ReportKind.LEVEL_CHANGED, {"level": "warning"})
    for _ in range(3):
        index.report(ReportKind.RECORDING_CLOSED, closed())
    index.report(ReportKind.RUN_STARTED, {"run": "x"})

    assert reports.follow(volume, home=founded, clock=clock) == 5
    assert reports.follow(volume, home=founded, clock=clock) == 0
    told = outbox.read_position(founded.report_position(str(volume.pk)))
    assert told is not None and told.upto_id == 5
    clock.advance(8 * 86_400 * 90_000)
    assert index.forget_reports(position=told) == 5

    (level,) = written()
    assert (level["kind"], level["facts"]["level"]) == ("recordings.level_changed", "warning")
    assert RecordedRoot.objects.filter(volume=volume, rollup=None).count() == 3
    index.close()


def test_hold_is_in_force_only_when_its_volume_says_so(
    register: Callable[..., Camera], volume: Volume, founded: Home, clock: SimulatedClock
) -> None:
    camera = register()
    hold = usecases.place_hold(camera=camera, start_90k=10, end_90k=20, reason="申请", actor=acts.SHELL, clock=clock)
    index = open_index(volume, founded, clock)
    reports.follow(volume, home=founded, clock=clock)
    hold.refresh_from_db()
    assert hold.acknowledged_at_90k is None

    index.set_hold(
        HoldPaper(
            hold_id=HoldId(str(hold.pk)),
            camera_id=CameraId(str(camera.pk)),
            start_90k=Ticks90k(10),
            end_90k=Ticks90k(20),
            reason="申请",
        )
    )
    reports.follow(volume, home=founded, clock=clock)

    hold.refresh_from_db()
    assert hold.acknowledged_at_90k == clock.utc()
    index.close()
