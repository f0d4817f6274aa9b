"""Known bugs, planted into the product inside a simulation and nowhere else, to show that the oracles find them."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mingjian.recorder import stream
from mingjian.recorder.timeline import Timeline
from mingjian.recordings import database, durable, gaps, gate, volume
from mingjian.recordings.counted import CountedTime
from mingjian.recordings.disk import Disk
from mingjian.recordings.index import Index
from mingjian.recordings.writer import RecordingWriter
from mingjian.streaming import lease
from mingjian.streaming.lease import Lease
from mingjian.streaming.revocations import Revocations
from simulation.disk import SimulatedDisk


class _Careless:
    """A disk that says it has synced."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._disk, name)

    def fsync(self, descriptor: int) -> None:
        del descriptor


def row_before_file() -> None:
    """A file is told as closed before it is on the disk."""
    close = RecordingWriter.close

    def carelessly(writer: RecordingWriter) -> Any:
        writer._disk = _Careless(writer._disk)  # type: ignore[assignment]
        return close(writer)

    RecordingWriter.close = carelessly  # type: ignore[method-assign]


def no_directory_sync() -> None:
    """Files are synced, the directories that name them are not."""

    def nothing(path: Path, *, disk: Disk) -> None:
        del path, disk

    durable.sync_directory = nothing  # type: ignore[assignment]


def synchronous_normal() -> None:
    """The keeper commits to the write-ahead log without syncing it."""
    open_for_writing = database.open_for_writing

    def carelessly(*arguments: Any, **named: Any) -> Any:
        connection = open_for_writing(*arguments, **named)
        connection.pragma("synchronous", "normal")
        return connection

    database.open_for_writing = carelessly


def sync_tried_twice() -> None:
    """A sync that failed is tried again, and its success believed."""
    fsync = SimulatedDisk.fsync

    def again(disk: SimulatedDisk, descriptor: int) -> None:
        try:
            fsync(disk, descriptor)
        except OSError:
            fsync(disk, descriptor)

    SimulatedDisk.fsync = again  # type: ignore[method-assign]


def salvage_believes_cache() -> None:
    """Salvage hashes what the page cache shows after a failed sync."""

    def nothing(disk: SimulatedDisk, descriptor: int) -> None:
        del disk, descriptor

    SimulatedDisk.forget = nothing  # type: ignore[method-assign]


def gate_ignores_holds() -> None:
    """The deletion gate lets held footage go."""
    gate.holds_back = lambda hold, recording: False


def gate_ignores_floor() -> None:
    """The deletion gate takes every floor for a second."""
    decide = gate.decide

    def carelessly(recording: Any, **named: Any) -> Any:
        return decide(recording, **(named | {"floor_90k": min(named["floor_90k"] or 0, 90_000)}))

    gate.decide = carelessly
    Index.floor_90k = lambda index, stream: 90_000  # type: ignore[method-assign]
    expect = Index.expect

    def with_no_floor(index: Index, streams: Any) -> None:
        expect(index, streams)
        with index.transaction() as cursor:
            cursor.execute("UPDATE stream SET floor_90k = 90000")

    Index.expect = with_no_floor  # type: ignore[method-assign]


def gap_not_written() -> None:
    """The end of a run opens no gap."""
    gaps.open_after_run = lambda *_, **__: None


def report_dropped() -> None:
    """A keeper's start forgets the newest report."""
    begin = Index.open.__func__  # type: ignore[attr-defined]

    def carelessly(cls: type[Index], *arguments: Any, **named: Any) -> Index:
        index: Index = begin(cls, *arguments, **named)
        with index.transaction() as cursor:
            cursor.execute("DELETE FROM outbox WHERE id = (SELECT max(id) FROM outbox)")
        return index

    Index.open = classmethod(carelessly)  # type: ignore[assignment]


def two_keepers() -> None:
    """Nobody looks at the keeper's lock."""
    volume._take_lock = lambda descriptor, path: None


def disk_not_asked_for() -> None:
    """Nobody asks whether the disk is still the one that was opened."""
    volume.Volume.require_present = lambda self: None  # type: ignore[method-assign]


def silence_believed() -> None:
    """A camera that says nothing is taken for one that is recorded."""
    stream.SILENCE_90K = 1 << 60


def timeline_forgets() -> None:
    """After a reboot the timeline begins where the wall clock stands."""
    first = Timeline._first_anchor
    Timeline._first_anchor = lambda timeline, before: first(timeline, None)  # type: ignore[method-assign]


def leap_believed() -> None:
    """Footage is called old by a timeline that NTP carried forward."""
    CountedTime.now = lambda counted, *, timeline_now: timeline_now()  # type: ignore[method-assign]


def lease_outlives() -> None:
    """A lease lasts an hour instead of five seconds."""
    lease.LEASE_90K = 3_600 * 90_000
    extend = Lease._extend

    def generously(held: Lease, grant: Any) -> None:
        extend(held, dataclasses.replace(grant, expires_at_90k=grant.expires_at_90k + lease.LEASE_90K))

    Lease._extend = generously  # type: ignore[method-assign]


def revocation_unheard() -> None:
    """Who is told of a revocation does not cut anybody off."""
    Revocations._cut = lambda revocations, key: None  # type: ignore[method-assign]


BUGS: dict[str, Callable[[], None]] = {
    planted.__name__: planted
    for planted in (
        row_before_file,
        no_directory_sync,
        synchronous_normal,
        sync_tried_twice,
        salvage_believes_cache,
        gate_ignores_holds,
        gate_ignores_floor,
        gap_not_written,
        report_dropped,
        two_keepers,
        disk_not_asked_for,
        silence_believed,
        timeline_forgets,
        leap_believed,
        lease_outlives,
        revocation_unheard,
    )
}
