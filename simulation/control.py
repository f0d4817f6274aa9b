"""The control plane as the host sees it: a database that may be away, a ledger, and a clerk that follows and publishes.

The database is simulated: what a transaction enters is there whole or not at all. The clerk's steps are those of
`registry.reports` and `registry.publisher`, on the product's own reader, outbox and plan paper.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

from mingjian.base.errors import MingjianError
from mingjian.base.ids import HoldId, VolumeId, new_id
from mingjian.base.ticks import Ticks90k
from mingjian.grants.signing import Signer
from mingjian.recordings import following, outbox, plan_paper
from mingjian.recordings.model import Hold
from mingjian.recordings.outbox import Position, ReportKind
from mingjian.recordings.plan import Plan
from simulation.host import Host
from simulation.sqlite_files import TROUBLE

BATCH = 20
Key = tuple[str, int]


@dataclass(slots=True)
class Control:
    """Database, ledger and clerk. `is_there` says whether the database answers, `has_web` whether pages do."""

    host: Host
    signer: Signer
    plan: Plan
    is_there: bool = True
    has_web: bool = True
    entries: Counter[Key] = field(default_factory=Counter)
    cursors: dict[VolumeId, Position] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    released: set[str] = field(default_factory=set)
    is_owing: bool = False

    def publish(self) -> None:
        """Write the plan paper."""
        paper = plan_paper.encode(self.plan, signer=self.signer)
        plan_paper.write_atomically(self.host.home.plan, paper, disk=self.host.disk)
        self.is_owing = False
        self.host.trace.say(f"control: plan {self.plan.revision} is published")

    def change(self, plan: Plan) -> None:
        """Decide on another plan; the clerk publishes it in its next round."""
        self.plan = replace(plan, revision=self.plan.revision + 1, issued_at_90k=self.host.clock.utc())
        self.is_owing = True

    def place_hold(self, *, camera_id: str, start_90k: int, end_90k: int) -> None:
        """Place a hold by a new plan."""
        hold = Hold(HoldId(new_id()), camera_id, Ticks90k(start_90k), Ticks90k(end_90k), "simulated")  # type: ignore[arg-type]
        self.change(replace(self.plan, holds=(*self.plan.holds, hold)))
        self.host.trace.say(f"control: hold {hold.hold_id[:8]} on {camera_id[:8]}")

    def release_hold(self, hold_id: str) -> None:
        """Release a hold by name."""
        self.released.add(hold_id)
        holds = tuple(hold for hold in self.plan.holds if hold.hold_id != hold_id)
        self.change(replace(self.plan, holds=holds, released_holds=(*self.plan.released_holds, hold_id)))
        self.host.trace.say(f"control: hold {hold_id[:8]} released")

    def round(self) -> int:
        """Do what the clerk does twice a second; return how many reports were taken."""
        if not self.is_there:
            return 0
        taken = 0
        if self.is_owing:
            self.publish()
        for volume_id, path in self.host.volumes.items():
            position = self.cursors.get(volume_id, Position("", 0))
            try:
                reports, reached = following.read_on(path, volume_id=volume_id, position=position, limit=BATCH)
            except (MingjianError, OSError, TROUBLE):
                continue
            if not reports:
                continue
            taken += len(reports)
            # One transaction: entries and position.
            for report in reports:
                self.entries[report.series, report.report_id] += 1
                if report.kind is ReportKind.HOLD_ACKNOWLEDGED:
                    self.acknowledged.add(str(report.body["hold"]))
            self.cursors[volume_id] = reached
            outbox.write_position(self.host.home.report_position(volume_id), reached)
        return taken
