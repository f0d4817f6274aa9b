"""ISO base media boxes: writing one, and walking them within hard bounds. ISO/IEC 14496-12 §4.2."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from mingjian.base.errors import MingjianError
from mingjian.media.samples import Buffer

_SIZE_TYPE = struct.Struct(">I4s")
_LARGE = struct.Struct(">Q")


class Fmp4Error(MingjianError):
    """Bytes are not what the on-disk contract says, or were asked to become what it cannot hold.

    Codes: media.torn_box (a size runs past the end), media.bad_fragment, media.bad_init,
    media.bad_parameter_sets, media.mixed_codecs, media.hole_too_long, media.empty_export, media.bad_export.
    """


class Box(NamedTuple):
    """Where one box lies: `offset` of its header, `payload` of what follows the header, `end` past it."""

    kind: bytes
    offset: int
    payload: int
    end: int


def box(kind: bytes, *parts: Buffer) -> bytes:
    """Return a box of the four-letter kind around the parts."""
    return _SIZE_TYPE.pack(8 + sum(map(len, parts)), kind) + b"".join(parts)


def full_box(kind: bytes, version: int, flags: int, *parts: Buffer) -> bytes:
    """Return a box whose payload opens with a version byte and 24 flag bits."""
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def walk_boxes(data: Buffer, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """Yield the boxes lying side by side in `data[start:end]`.

    Raises Fmp4Error media.torn_box at the first whose size is too small, or reaches past the end; zeroes, as a
    power cut leaves them, count as such.
    """
    end = len(data) if end is None else end
    offset = start
    while offset < end:
        if end - offset < 8:
            raise Fmp4Error("media.torn_box", offset=offset)
        size, kind = _SIZE_TYPE.unpack_from(data, offset)
        payload = offset + 8
        if size == 1 and end - offset >= 16:
            size = _LARGE.unpack_from(data, payload)[0]
            payload += 8
        if size < payload - offset or size > end - offset:
            raise Fmp4Error("media.torn_box", offset=offset)
        yield Box(kind, offset, payload, offset + size)
        offset += size


def find_box(data: Buffer, parent: Box, kind: bytes, skip: int = 0) -> Box:
    """Return the only child of that kind in `parent`, whose own fields take `skip` bytes before the children.

    Raises Fmp4Error media.bad_init when it is missing.
    """
    for child in walk_boxes(data, parent.payload + skip, parent.end):
        if child.kind == kind:
            return child
    raise Fmp4Error("media.bad_init", missing=kind.decode("latin-1"))
