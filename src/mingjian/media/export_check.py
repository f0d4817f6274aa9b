"""The proof that an exported file carries the very samples that were recorded, in order and at their distances."""

import hashlib
import struct
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from mingjian.media.boxes import Box, Fmp4Error, find_box
from mingjian.media.export import Part
from mingjian.media.fragments import samples
from mingjian.media.samples import Buffer

_LARGEST_MOOV_BYTES = 256 << 20


class _Placed(NamedTuple):
    offset: int
    size_bytes: int
    pts_90k: int
    is_sync: bool


def same_samples(*, parts: Iterable[Part], rebased: BinaryIO) -> bool:
    """Say whether the recorded fragments and the rebased file hold the same samples.

    Equal are the data, the order, the sync marks and the distances of every PTS to the first.
    Raises Fmp4Error when either cannot be read.
    """
    return recorded_digest(parts) == rebased_digest(rebased)


def recorded_digest(parts: Iterable[Part]) -> bytes:
    """Return a SHA-256 over the samples of recorded fragments, independent of where the timeline stands."""
    digest = _Digest()
    for _, fragments in parts:
        for data in fragments:
            for sample in samples(data):
                digest.add(sample.pts_90k, sample.data, is_sync=sample.is_sync)
    return digest.value()


def rebased_digest(file: BinaryIO) -> bytes:
    """Return the same SHA-256 over the samples of a file that `export.write_mp4` wrote. Raises Fmp4Error."""
    digest = _Digest()
    try:
        for placed in _placed(_moov(file)):
            file.seek(placed.offset)
            digest.add(placed.pts_90k, file.read(placed.size_bytes), is_sync=placed.is_sync)
    except (struct.error, IndexError):
        raise Fmp4Error("media.bad_export", reason="tables") from None
    return digest.value()


class _Digest:
    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._origin_90k: int | None = None

    def add(self, pts_90k: int, data: Buffer, *, is_sync: bool) -> None:
        if self._origin_90k is None:
            self._origin_90k = pts_90k
        self._hash.update(struct.pack(">qI?", pts_90k - self._origin_90k, len(data), is_sync))
        self._hash.update(data)

    def value(self) -> bytes:
        return self._hash.digest()


def _moov(file: BinaryIO) -> bytes:
    """Return the moov box, wherever among the top boxes it stands."""
    end = file.seek(0, 2)
    offset = 0
    while offset < end:
        file.seek(offset)
        head = file.read(16)
        if len(head) < 8:
            break
        size, kind = struct.unpack_from(">I4s", head)
        if size == 1 and len(head) == 16:
            size = struct.unpack_from(">Q", head, 8)[0]
        if size < 8 or offset + size > end:
            break
        if kind == b"moov" and size <= _LARGEST_MOOV_BYTES:
            file.seek(offset)
            return file.read(size)
        offset += size
    raise Fmp4Error("media.bad_export", reason="no_moov", offset=offset)


def _placed(moov: bytes) -> Iterator[_Placed]:
    """Yield where each sample lies and when it is shown, in decoding order, from the sample tables."""
    inner = Box(b"", 0, 0, len(moov))
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):
        inner = find_box(moov, inner, kind)

    def table(kind: bytes, row: str) -> list[tuple[int, ...]]:
        at = find_box(moov, inner, kind).payload + 4
        skipped = 8 if kind == b"stsz" else 4  # stsz: a common size, zero in our files, stands before the count
        count = struct.unpack_from(">I", moov, at + skipped - 4)[0]
        at += skipped
        return list(struct.iter_unpack(row, moov[at : at + struct.calcsize(row) * count]))

    syncs = {number for (number,) in table(b"stss", ">I")}
    sizes = [size for (size,) in table(b"stsz", ">I")]
    durations = (value for count, value in table(b"stts", ">II") for _ in range(count))
    shifts = (value for count, value in table(b"ctts", ">Ii") for _ in range(count))
    offsets = _offsets(sizes, table(b"stsc", ">III"), [offset for (offset,) in table(b"co64", ">Q")])
    dts_90k = 0
    for number, (size, offset, duration, shift) in enumerate(zip(sizes, offsets, durations, shifts, strict=True), 1):
        yield _Placed(offset, size, dts_90k + shift, number in syncs)
        dts_90k += duration


def _offsets(sizes: list[int], chunk_map: list[tuple[int, ...]], chunks: list[int]) -> Iterator[int]:
    """Yield the place of each sample: chunks of as many samples as the map says, one after another within a chunk."""
    index = row = 0
    for number, at in enumerate(chunks, 1):
        if row + 1 < len(chunk_map) and chunk_map[row + 1][0] == number:
            row += 1
        for _ in range(chunk_map[row][1]):
            yield at
            at += sizes[index]
            index += 1
