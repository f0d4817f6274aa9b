"""The order of system calls by which a recording becomes durable, read from what strace saw.

ext4 forgives a directory that was never synced, so no power cut on it can show that bug: this does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TRACED = "openat,write,writev,pwrite64,fsync,fdatasync,unlink,unlinkat"
_CALL = re.compile(r"^\d+\s+(\w+)\((?:AT_FDCWD<[^>]*>, )?(?:\d+<([^>]*)>|\"([^\"]*)\")")
_OPENED = re.compile(r"= \d+<([^>]*)>$")


@dataclass(frozen=True, slots=True)
class Call:
    """One system call and the file or directory it was about."""

    name: str
    path: str


def calls(trace: str) -> list[Call]:
    """Return the calls of `strace -f -y -e trace=…` output that name a path, in order."""
    return list(_calls(trace))


def _calls(trace: str) -> Iterator[Call]:
    for line in trace.splitlines():
        found = _CALL.match(line)
        if found is None:
            continue
        name, by_descriptor, by_name = found.groups()
        opened = _OPENED.search(line)
        yield Call(name, opened[1] if opened and name == "openat" else by_descriptor or by_name)


def violations(seen: list[Call]) -> list[str]:
    """Return what is out of order: for each recording media and table synced after their last write, then both
    directories, then the log of the index; for each deletion the log, the unlink, the directory, the log again."""
    return [*_closing(seen), *_deleting(seen)]


def _closing(seen: list[Call]) -> Iterator[str]:
    for media in sorted(
        {call.path for call in seen if call.name == "openat" and "/media/" in call.path and call.path.endswith(".mp4")}
    ):
        table = media.removesuffix(".mp4") + ".frg"
        folder = media.rsplit("/", 1)[0]
        place = 0
        for path in (media, table):
            written = _last(seen, ("write", "writev"), path)
            synced = _next(seen, ("fsync",), path, after=written)
            if written is None or synced is None:
                yield f"{path}: not synced after its last write"
                break
            place = max(place, synced)
        else:
            for path in (folder, folder.rsplit("/", 1)[0]):
                synced = _next(seen, ("fsync",), path, after=place)
                if synced is None:
                    yield f"{path}: directory not synced after the file {media}"
                    break
                place = synced
            else:
                yield from _row(seen, media, after=place)


def _row(seen: list[Call], media: str, *, after: int) -> Iterator[str]:
    log = media.split("/media/")[0] + "/index.db-wal"
    written = _next(seen, ("pwrite64",), log, after=after)
    if written is None or _next(seen, ("fdatasync", "fsync"), log, after=written) is None:
        yield f"{log}: no durable row after {media}"


def _deleting(seen: list[Call]) -> Iterator[str]:
    for place, call in enumerate(seen):
        if not call.name.startswith("unlink") or not call.path.endswith((".mp4", ".frg")):
            continue
        folder = call.path.rsplit("/", 1)[0]
        log = call.path.split("/media/")[0] + "/index.db-wal"
        if not any(before.path == log and before.name in ("fdatasync", "fsync") for before in seen[:place]):
            yield f"{call.path}: unlinked before its row was garbage"
        synced = _next(seen, ("fsync",), folder, after=place)
        if synced is None or _next(seen, ("fdatasync", "fsync"), log, after=synced) is None:
            yield f"{call.path}: row gone before the directory was synced"


def _last(seen: list[Call], names: tuple[str, ...], path: str) -> int | None:
    return max((place for place, call in enumerate(seen) if call.path == path and call.name in names), default=None)


def _next(seen: list[Call], names: tuple[str, ...], path: str, *, after: int | None) -> int | None:
    if after is None:
        return None
    return next(
        (place for place in range(after + 1, len(seen)) if seen[place].path == path and seen[place].name in names), None
    )
