"""What a keeper owes to plan and law, as plain calls for its threads: expectations, floors, holds, deletion."""

import logging
from pathlib import Path

from mingjian.base.clock import Clock
from mingjian.base.ticks import TICKS_PER_S, Ticks90k
from mingjian.recorder.timeline import Timeline
from mingjian.recordings import ballast, outbox
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.index import Index, PlannedStream
from mingjian.recordings.model import StreamKey, StreamRole
from mingjian.recordings.plan import Plan, PlannedCamera
from mingjian.recordings.retention import Retention
from mingjian.recordings.volume import Volume

DAY_90K = 86_400 * TICKS_PER_S

_logger = logging.getLogger(__name__)


def adopt_plan(index: Index, plan: Plan) -> None:
    """Take over streams, floors and holds. A hold is in force when this returns; absence releases nothing."""
    volume_id = index.volume.identity.volume_id
    index.expect(
        PlannedStream(
            stream=StreamKey(camera_id=camera.camera_id, role=stream.role, track="video"),
            since_90k=camera.since_90k,
            floor_90k=round(_floor_days(camera, stream.role) * DAY_90K),
        )
        for camera in plan.cameras
        if camera.volume_id == volume_id
        for stream in camera.streams
    )
    for hold in plan.holds:
        if hold.hold_id not in plan.released_holds:
            try:
                index.set_hold(hold)
            except RecordingsError as error:
                _logger.error("hold not taken over", extra={"hold": hold.hold_id, "code": error.code})
    in_force = {hold.hold_id for hold in index.holds()}
    for hold_id in in_force.intersection(plan.released_holds):
        index.release_hold(hold_id=hold_id, released_by=f"plan {plan.epoch}.{plan.revision}")


def forget_reports(index: Index, *, position: Path) -> None:
    """Let the outbox go as far as the control plane says that the ledger was told."""
    told = outbox.read_position(position)
    if told is not None:
        index.forget_reports(position=told)


def instant_for_deletion(*, clock: Clock, timeline: Timeline, counted_90k: int, plan: Plan) -> Ticks90k:
    """Return the instant by which footage may be called old: the earlier of wall clock and the time that counts.

    Without NTP it is the beginning of time, so that nothing is old; except in a demo, which promises no law.
    """
    if not timeline.is_trusted and not plan.is_demo:
        return Ticks90k(0)
    return Ticks90k(min(clock.utc(), counted_90k))


def let_go(retention: Retention, *, plan: Plan, now_90k: int, timeline_90k: int) -> None:
    """Run one retention pass by the instant for deletion and tell people when it is not enough."""
    ceiling_days = plan.purge_ceiling_days
    done = retention.run_pass(
        now_90k=now_90k,
        leapt_90k=max(0, timeline_90k - now_90k),
        ceiling_90k=None if ceiling_days is None else round(ceiling_days * DAY_90K),
    )
    if done.lacking_bytes:
        _logger.error(
            "volume is short of room and nothing more may go",
            extra={"lacking_bytes": done.lacking_bytes, "level": done.level.value, "is_clock_trusted": now_90k > 0},
        )


def restore_ballast(volume: Volume) -> None:
    """Make the room kept back for the next start again, once there is enough. Raises OSError, RecordingsError."""
    volume.require_present()
    ballast.restore(volume.path, disk=volume.disk)


def _floor_days(camera: PlannedCamera, role: StreamRole) -> float:
    return camera.sub_floor_days if role is StreamRole.SUB else camera.floor_days
