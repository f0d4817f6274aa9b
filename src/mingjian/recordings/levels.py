"""How full a volume is, by its file system and by its budget: the bounds at which something must be done."""

import os
from enum import StrEnum

_GIB = 1 << 30


class VolumeLevel(StrEnum):
    """How much room is left, from plenty to none: warn people, delete what may go, stop recording."""

    ROOMY = "roomy"
    WARNING = "warning"
    PRESSED = "pressed"
    FULL = "full"


def by_file_system(room: os.statvfs_result) -> VolumeLevel:
    """Return the level that the free bytes of the file system mean."""
    free_bytes = room.f_bavail * room.f_frsize
    if free_bytes < full_below(room):
        return VolumeLevel.FULL
    if free_bytes < pressed_below(room):
        return VolumeLevel.PRESSED
    return VolumeLevel.WARNING if free_bytes < pressed_below(room) * 3 // 2 else VolumeLevel.ROOMY


def by_budget(*, used_bytes: int, budget_bytes: int) -> VolumeLevel:
    """Return the level that what recordings take means; without a budget (0) there is always room."""
    if not budget_bytes or used_bytes <= budget_bytes * 90 // 100:
        return VolumeLevel.ROOMY
    if used_bytes <= budget_bytes * 95 // 100:
        return VolumeLevel.WARNING
    return VolumeLevel.PRESSED if used_bytes <= budget_bytes else VolumeLevel.FULL


def full_below(room: os.statvfs_result) -> int:
    """Return the free bytes below which no recording may begin."""
    return min(_GIB, room.f_blocks * room.f_frsize // 50)


def pressed_below(room: os.statvfs_result) -> int:
    """Return the free bytes below which the oldest that may go must go."""
    # A tenth of the file system, but on large shared disks not more than would hold a day of many cameras.
    return min(room.f_blocks * room.f_frsize // 10, 20 * _GIB)
