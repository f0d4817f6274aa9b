"""Power cuts while real streams are recorded: what the index called closed must be there, and the tail must be short.

A round records on several loop disks at once, stops every process where it stands, cuts every disk by the shutdown
ioctl without flushing its journal, kills the processes, mounts the disks again, salvages and checks: one cut per disk.
"""

import argparse
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import apsw

from mingjian.base.clock import SystemClock
from mingjian.base.ids import VolumeId
from mingjian.base.ticks import TICKS_PER_S
from mingjian.recorder import keeper, status, timeline
from mingjian.recorder.plan_source import PlanSource
from mingjian.recorder.timeline import Anchor
from mingjian.recordings import database, deletion, salvage
from mingjian.recordings import index as indexes
from mingjian.recordings.check import check
from mingjian.recordings.errors import RecordingsError
from rigs import apart, host, seeded
from rigs.host import Host
from rigs.verdict import Verdict

TAIL_S = keeper.SYNC_S + 1.5
CAMERAS_PER_DISK = 2
HOME_MIB = 64
# So short that cuts meet files at every step of their lives; a round waits until each disk closed one.
FILES_S = (1, 3)


@dataclass(slots=True)
class Tally:
    """What all cuts so far showed."""

    cuts: int = 0
    acknowledged: int = 0
    lost: int = 0
    bad: int = 0
    cuts_with_violations: int = 0
    findings: list[str] = field(default_factory=list)
    tails_s: list[float] = field(default_factory=list)
    salvaged: int = 0
    papers_lost: list[str] = field(default_factory=list)


def main() -> None:
    """Cut, check, tell."""
    parser = argparse.ArgumentParser(description=__doc__, prog="./dev powercut")
    parser.add_argument("--cuts", type=int, default=500)
    parser.add_argument("--disks", type=int, default=5, help="cut at the same instant, in every round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--seeded", choices=[*seeded.IN_WORKER, *seeded.IN_KEEPER], help="plant a bug; the rig must then find it"
    )
    options = parser.parse_args()
    apart.enter()
    verdict = Verdict()
    started_s = time.monotonic()
    tally = cut_often(cuts=options.cuts, disks=options.disks, seed=options.seed, bug=options.seeded)
    _tell(verdict, tally, bug=options.seeded, took_s=time.monotonic() - started_s)
    verdict.finish()


def cut_often(*, cuts: int, disks: int, seed: int, bug: str | None) -> Tally:
    """Cut so many times; `bug` is planted into every process."""
    dice = random.Random(seed)  # noqa: S311  instants to cut at
    tally = Tally()

    def plant(process: str) -> None:
        if bug is not None:
            # The volume's own sync every two seconds hides most of them from most cuts.
            keeper.SYNC_S = 3_600.0
        planted = (seeded.IN_WORKER if process == "worker" else seeded.IN_KEEPER).get(bug or "")
        if planted is not None:
            planted()

    with host.founded(home_mib=HOME_MIB) as rig:
        for _ in range(min(disks, cuts)):
            volume_id = rig.add_disk(size_mib=256)
            for _ in range(CAMERAS_PER_DISK):
                rig.add_camera(volume_id=volume_id)
        rig.site.publish()
        while tally.cuts < cuts:
            _round(rig, tally, dice, plant, file_s=dice.choice(FILES_S) if bug is None else FILES_S[0])
            if tally.cuts % (10 * disks) == 0:
                print(f"… {tally.cuts} cuts, {tally.lost} lost, {tally.bad} bad", flush=True)
    return tally


def _round(rig: Host, tally: Tally, dice: random.Random, plant: Callable[[str], None], *, file_s: int) -> None:
    before = {volume_id: len(_acknowledged(rig, volume_id).closed) for volume_id in rig.disks}
    rig.start(seeded=plant, file_s=file_s)
    rig.site.wait_until(
        lambda: all(len(_acknowledged(rig, volume_id).closed) > count for volume_id, count in before.items()),
        patience_s=60,
    )
    time.sleep(dice.uniform(0.0, 3.0))
    rig.freeze()
    stopped_90k = status.present(rig.home, clock=SystemClock())
    acknowledged = {volume_id: _acknowledged(rig, volume_id) for volume_id in rig.disks}
    rig.cut_power()
    for volume_id in rig.disks:
        _judge(rig, volume_id, acknowledged[volume_id], tally, stopped_90k=stopped_90k)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What any reader of an index takes for settled: closed recordings with root and origin, and the last report."""

    closed: dict[str, tuple[str, int]]
    series: str
    reports: int


def _acknowledged(rig: Host, volume_id: VolumeId) -> Acknowledged:
    try:
        connection = database.open_for_reading(rig.home.volumes / volume_id / "index.db")
    except RecordingsError as error:
        if error.code != "recordings.index_missing":
            raise
        return Acknowledged({}, "", 0)
    try:
        with connection:
            return _settled(connection)
    finally:
        connection.close()


def _settled(connection: apsw.Connection) -> Acknowledged:
    rows = connection.execute("SELECT recording_id, root, is_salvaged FROM recording WHERE state = 'closed'")
    (reports,) = next(connection.execute("SELECT coalesce(max(id), 0) FROM outbox"))
    return Acknowledged(
        {name: (root, is_salvaged) for name, root, is_salvaged in rows},
        database.read_meta(connection, "series"),
        reports,
    )


def _judge(rig: Host, volume_id: VolumeId, acknowledged: Acknowledged, tally: Tally, *, stopped_90k: int) -> None:
    # Before salvage: it would adopt again what a careless commit lost, and hide it.
    kept = _acknowledged(rig, volume_id)
    volume = rig.volume(volume_id)
    with indexes.keeping(volume, memory=rig.memory(volume_id), host="rig", epoch=1, clock=SystemClock()) as index:
        found = salvage.salvage(index)
        deletion.finish(index)
        rows = {row.recording_id: row for row in index.recordings("")}
    findings = check(volume)
    lost = [name for name, row in acknowledged.closed.items() if kept.closed.get(name) != row or name not in rows]
    bad = {finding.subject for finding in findings if finding.subject in acknowledged.closed}
    if kept.series != acknowledged.series or kept.reports < acknowledged.reports:
        lost.append("reports")
    tally.cuts += 1
    tally.acknowledged += len(acknowledged.closed)
    tally.lost += len(lost)
    tally.bad += len(bad)
    tally.cuts_with_violations += bool(lost or findings)
    tally.findings += [f"{finding.code} {finding.subject} {finding.detail}" for finding in findings]
    tally.salvaged += found.count(salvage.Fate.CLOSED) + found.count(salvage.Fate.ADOPTED)
    ends: dict[str, int] = {}
    for row in rows.values():
        if row.end_90k is not None:
            ends[row.stream.camera_id] = max(ends.get(row.stream.camera_id, 0), row.end_90k)
    tally.papers_lost += _papers_lost(rig, newest_90k=max(ends.values(), default=0))
    tally.tails_s += [(stopped_90k - end_90k) / TICKS_PER_S for end_90k in ends.values()]


def _papers_lost(rig: Host, *, newest_90k: int) -> list[str]:
    """Return what the data folder lost: the plan, the timeline's paper, or its promise to place nothing before that."""
    lost: list[str] = []
    if PlanSource(home=rig.home, deployment=rig.site.deployment).poll() is None:
        lost.append("plan")
    try:
        anchor = Anchor(**json.loads((rig.home.root / timeline.PAPER).read_text()))
    except (OSError, ValueError, TypeError) as error:
        return [*lost, f"timeline {error}"]
    # From there the next boot begins at the earliest.
    if anchor.reached_90k + 2 * timeline.PERSIST_EVERY_90K < newest_90k:
        lost.append(f"timeline behind by {(newest_90k - anchor.reached_90k) / TICKS_PER_S:.1f} s")
    return lost


def _tell(verdict: Verdict, tally: Tally, *, bug: str | None, took_s: float) -> None:
    verdict.note(f"{tally.acknowledged} closed files looked for, {tally.salvaged} open ones salvaged, {took_s:.0f} s")
    for finding in tally.findings[:10]:
        verdict.note(f"  {finding}")
    verdict.judge_least("cuts", tally.cuts, "cuts", at_least=1)
    if bug is not None:
        verdict.judge_least(f"cuts_that_showed_{bug}", tally.cuts_with_violations, "cuts", at_least=1)
        return
    verdict.judge("closed_files_lost", tally.lost, "files", at_most=0)
    verdict.judge("closed_files_bad", tally.bad, "files", at_most=0)
    for paper in tally.papers_lost[:5]:
        verdict.note(f"  {paper}")
    verdict.judge("papers_of_the_home_lost", len(tally.papers_lost), "papers", at_most=0)
    verdict.judge("other_findings", len(tally.findings), "findings", at_most=0)
    tails = sorted(tally.tails_s)
    verdict.note(f"tail median {tails[len(tails) // 2]:.2f} s")
    verdict.judge("tail_longest", tails[-1], "s", at_most=TAIL_S)


if __name__ == "__main__":
    main()
