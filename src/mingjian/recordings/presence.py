"""Whether the files that the rows name are there with their sizes, and no others: one walk over the directories.

No file is opened. Of half a million files a check by name costs two look-ups each; a directory read once costs one, and
entries asked for in the order of their inodes cost a cold disk a pass instead of a seek each.
"""

import os
import stat
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from mingjian.recordings import fragments
from mingjian.recordings.findings import Finding, Progress, Tell
from mingjian.recordings.inspection import Inspector, Placed
from mingjian.recordings.model import RecordingState
from mingjian.recordings.volume import Volume
from mingjian.recordings.writer import is_being_written

# News of a file that a writer just closed may still be on its way to the index.
NEWS_S = 60.0
_CAMERA = attrgetter("camera_id")


class _Entry(NamedTuple):
    size_bytes: int
    is_file: bool


def files(volume: Volume, reader: Inspector, *, tell: Tell) -> Iterator[Finding]:
    """Yield what is missing, of another size, or named by no row; camera by camera, so that memory stays small.

    What seems wrong is looked at again by name afterwards: rows and files go on changing while this walks.
    """
    with os.scandir(volume.media) as entries:
        folders = {entry.name for entry in entries if entry.is_dir(follow_symlinks=False)}
    done, total = 0, 2 * reader.totals_closed()[0]
    suspects: list[tuple[Path, str]] = []
    strays: list[Path] = []
    for camera_id, rows in groupby(reader.placed(), key=_CAMERA):
        folder = volume.media / camera_id
        folders.discard(camera_id)
        found = _entries(folder)
        for placed in rows:
            done += 2
            name = placed.recording_id
            if any(_wrong(placed, (found.pop(f"{name}.mp4", None), found.pop(f"{name}.frg", None)))):
                suspects.append((folder, name))
            if done % 10_000 == 0:
                tell(Progress(done, total))
        strays += [folder / name for name in found]
    tell(Progress(done, max(total, done)))
    for folder in (volume.media / name for name in folders):
        strays += [folder / name for name in _entries(folder)]
    for folder, recording_id in suspects:
        yield from _again(folder, recording_id, reader)
    for path in sorted(strays):
        if reader.placed_one(recording_id=path.stem) is None and not _is_young(volume, path):
            yield Finding(1, "file_unknown", f"{path.parent.name}/{path.name}", "no row names it")


def _entries(folder: Path) -> dict[str, _Entry]:
    """Return size and kind of everything in a folder; none when there is no folder."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        return {}
    found: dict[str, _Entry] = {}
    try:
        with os.scandir(descriptor) as entries:
            names = sorted((entry.inode(), entry.name) for entry in entries)
        for _, name in names:
            try:
                told = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            except FileNotFoundError:
                continue
            found[name] = _Entry(told.st_size, stat.S_ISREG(told.st_mode))
    finally:
        os.close(descriptor)
    return found


def _wrong(placed: Placed, beside: tuple[_Entry | None, _Entry | None]) -> Iterator[Finding]:
    subject, (media, table) = placed.recording_id, beside
    if placed.state is RecordingState.GARBAGE:
        yield Finding(1, "deletion_unfinished", subject, "the next retention pass ends it")
        return
    for name, entry in ((f"{subject}.mp4", media), (f"{subject}.frg", table)):
        if entry is None or not entry.is_file:
            yield Finding(1, "file_missing", subject, name)
    if placed.state is RecordingState.OPEN:
        return
    if media is not None and media.size_bytes != placed.size_bytes:
        yield Finding(1, "size_differs", subject, f"file {media.size_bytes}, row {placed.size_bytes}")
    if table is None:
        return
    records, rest = divmod(table.size_bytes - fragments.HEADER_BYTES, fragments.RECORD_BYTES)
    if rest or table.size_bytes < fragments.HEADER_BYTES:
        yield Finding(1, "table_torn", subject, f"{table.size_bytes} bytes are no whole records")
    elif placed.fragments is not None and records != placed.fragments + 1:
        yield Finding(1, "table_short", subject, f"{records} records, row {placed.fragments + 1}")


def _again(folder: Path, recording_id: str, reader: Inspector) -> Iterator[Finding]:
    now = reader.placed_one(recording_id=recording_id)
    if now is not None:
        stem = folder / recording_id
        yield from _wrong(now, (_entry(stem.with_suffix(".mp4")), _entry(stem.with_suffix(".frg"))))


def _entry(path: Path) -> _Entry | None:
    try:
        told = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return _Entry(told.st_size, stat.S_ISREG(told.st_mode))


def _is_young(volume: Volume, path: Path) -> bool:
    try:
        return volume.disk.age_s(path) < NEWS_S or (path.suffix == ".mp4" and is_being_written(path))
    except FileNotFoundError:
        return True
