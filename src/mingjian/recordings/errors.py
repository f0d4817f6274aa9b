"""What can go wrong with volumes, files and the index: one error type, told apart by its code."""

from mingjian.base.errors import MingjianError


class RecordingsError(MingjianError):
    """Something on a volume failed. The codes in use:

    `recordings.volume_missing`, `.volume_foreign`, `.volume_read_only`, `.volume_full`, `.volume_locked`,
    `.volume_old_copy`, `.volume_exists`, `.volume_hangs`; `.write_failed`, `.sync_failed`, `.abandoned`;
    `.table_malformed`, `.identity_malformed`; `.index_missing`, `.index_unreadable`, `.index_too_new`,
    `.index_foreign`, `.sqlite_too_old`; `.unknown_recording`, `.deletion_refused`; `.plan_malformed`, `.plan_foreign`,
    `.plan_older`, `.plan_shrinks`, `.plan_floor_too_low`; `.hold_unknown`, `.hold_changed`; `.nothing_to_export`.
    """
