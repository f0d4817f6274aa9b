"""Reading on in a volume's outbox: the reports after a position, from the right volume's index and no other."""

from pathlib import Path

from mingjian.base.ids import VolumeId
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.outbox import Position, Report
from mingjian.recordings.reader import IndexReader


def read_on(path: Path, *, volume_id: VolumeId, position: Position, limit: int) -> tuple[list[Report], Position]:
    """Return the next reports of a volume and the position after them.

    Raises RecordingsError when the index cannot be read, "recordings.index_foreign" when another volume's disk lies
    there: its reports are another's, and would be told a second time.
    """
    with IndexReader(path) as reader:
        found = reader.meta("volume_id")
        if found != volume_id:
            raise RecordingsError("recordings.index_foreign", path=str(path), found_volume=found)
        reports = reader.reports(series=position.series, after_id=position.upto_id, limit=limit)
    if not reports:
        return [], position
    return reports, Position(reports[-1].series, reports[-1].report_id)
