"""How many days are left before a volume must stop, because what fills it may not be deleted."""

from mingjian.base.ticks import TICKS_PER_S
from mingjian.recordings.index import Index

DAY_90K = 86_400 * TICKS_PER_S
HORIZON_DAYS = 30


def days_until_full(*, room_bytes: int, daily_bytes: int, freed_bytes: list[int]) -> int | None:
    """Return the first day at whose end the room is used up; None when that is beyond what `freed_bytes` tells.

    `room_bytes` may be written before recording stops; `freed_bytes[n]` may have been deleted by the end of day n.
    """
    for day, freed in enumerate(freed_bytes):
        if daily_bytes * (day + 1) > room_bytes + freed:
            return day
    return None


def project(index: Index, *, now_90k: int, leapt_90k: int = 0) -> int | None:
    """Return the same of a volume, from what the last day brought, its floors and the holds in force.

    The timeline is `leapt_90k` ahead of what counts as now for deletion.

    Holds that will be set, or that reach over footage still to come, are not foreseen.
    """
    daily_bytes = index.intake_bytes(since_90k=now_90k + leapt_90k - DAY_90K)
    if not daily_bytes:
        return None
    ends = [now_90k + day * DAY_90K for day in range(1, HORIZON_DAYS + 1)]
    # What is recorded from now on may go in its turn, after the longest floor that the plan gives.
    floor_days = -(-index.longest_floor_90k() // DAY_90K)
    freed_bytes = [
        index.deletable_bytes(by_90k=end) + daily_bytes * max(0, day - floor_days)
        for day, end in enumerate(ends, start=1)
    ]
    room_bytes = index.volume.room_bytes(used_bytes=index.used_bytes())
    return days_until_full(room_bytes=room_bytes, daily_bytes=daily_bytes, freed_bytes=freed_bytes)
