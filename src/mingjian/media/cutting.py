"""Cutting fragments down to what a grant allows: never a sample outside `[start, end)`, always decodable."""

from collections.abc import Iterable, Iterator

from mingjian.media.fmp4_writer import fragment
from mingjian.media.fragments import read_fragment, sequence_of
from mingjian.media.samples import Buffer, Sample, SampleEntry


def trim_head(data: Buffer, *, start_90k: int) -> bytes | None:
    """Return the fragment from its first sync sample with PTS at or after the start; None when it has none.

    For the fragment in which a window opens. Samples behind that sync sample but shown before the start (leading
    pictures) are left out too: nothing refers to them.
    """
    entries = read_fragment(data)
    return _rebuilt(data, entries, _from_sync(entries, start_90k))


def trim_tail(data: Buffer, *, end_90k: int) -> bytes | None:
    """Return the fragment up to the first sample, in decoding order, with PTS at or after the end; None if that is all.

    Whatever is decoded after that sample may refer to it and goes too, so with reordering the last few pictures
    before the end are lost rather than one after it shown. When something was cut, no later fragment may follow.
    """
    entries = read_fragment(data)
    return _rebuilt(data, entries, _until(entries, end_90k))


def trim(data: Buffer, *, start_90k: int, end_90k: int) -> bytes | None:
    """Return the fragment cut at both sides, as `trim_head` and `trim_tail` do; None when nothing is left."""
    entries = read_fragment(data)
    return _rebuilt(data, entries, _until(_from_sync(entries, start_90k), end_90k))


def cut_window(fragments: Iterable[Buffer], *, start_90k: int, end_90k: int) -> Iterator[bytes]:
    """Yield the fragments of one run cut to `[start, end)`: it opens at a sync sample and ends where `trim_tail` says.

    Fragments come in order; those after the end are not asked for. Raises Fmp4Error as `read_fragment`.
    """
    is_open = False
    for data in fragments:
        entries = read_fragment(data)
        if is_open:
            inside = [entry for entry in entries if entry.pts_90k >= start_90k]
        else:
            inside = _from_sync(entries, start_90k)
        kept = _until(inside, end_90k)
        part = _rebuilt(data, entries, kept)
        if part is not None:
            is_open = True
            yield part
        if len(kept) < len(inside) or (not inside and entries[0].dts_90k >= end_90k):
            return


def sync_only(data: Buffer) -> bytes | None:
    """Return the fragment with its sync samples alone, each lasting to the next or the end; None when it has none."""
    entries = read_fragment(data)
    kept = [entry for entry in entries if entry.is_sync]
    if not kept:
        return None
    end_90k = entries[-1].dts_90k + entries[-1].duration_90k
    return _joined(data, kept, end_90k)


def sync_samples(fragments: Iterable[Buffer]) -> Iterator[bytes]:
    """Yield one fragment per sync sample of the fragments, each lasting until the next: for speeds above fourfold.

    One is held back until its follower is known, so that a player sees no holes between them; the last one lasts
    until the end of what was read.
    """
    held: Sample | None = None
    sequence = end_90k = 0
    for data in fragments:
        sequence = sequence_of(data)
        view = memoryview(data)
        for entry in read_fragment(data):
            end_90k = entry.dts_90k + entry.duration_90k
            if not entry.is_sync:
                continue
            if held is not None:
                yield _lone(held, sequence, entry.dts_90k)
            held = _sample(view, entry, entry.duration_90k)
    if held is not None:
        yield _lone(held, sequence, end_90k)


def _from_sync(entries: list[SampleEntry], start_90k: int) -> list[SampleEntry]:
    for first, entry in enumerate(entries):
        if entry.is_sync and entry.pts_90k >= start_90k:
            return [later for later in entries[first:] if later.pts_90k >= start_90k]
    return []


def _until(entries: list[SampleEntry], end_90k: int) -> list[SampleEntry]:
    for cut, entry in enumerate(entries):
        if entry.pts_90k >= end_90k:
            return entries[:cut]
    return entries


def _rebuilt(data: Buffer, entries: list[SampleEntry], kept: list[SampleEntry]) -> bytes | None:
    """Return a fragment of the kept entries; the bytes as they are when that is all of them."""
    if not kept:
        return None
    if len(kept) == len(entries):
        return bytes(data)
    return _joined(data, kept, kept[-1].dts_90k + kept[-1].duration_90k)


def _joined(data: Buffer, kept: list[SampleEntry], end_90k: int) -> bytes:
    """Build a fragment whose samples keep their DTS: where one is left out, the one before lasts longer."""
    view = memoryview(data)
    followers = [entry.dts_90k for entry in kept[1:]] + [end_90k]
    chosen = [_sample(view, entry, next_90k - entry.dts_90k) for entry, next_90k in zip(kept, followers, strict=True)]
    return b"".join(fragment(sequence=sequence_of(data), samples=chosen))


def _lone(sample: Sample, sequence: int, end_90k: int) -> bytes:
    lasting = sample._replace(duration_90k=max(1, end_90k - sample.dts_90k))
    return b"".join(fragment(sequence=sequence, samples=[lasting]))


def _sample(view: memoryview, entry: SampleEntry, duration_90k: int) -> Sample:
    data = view[entry.offset : entry.offset + entry.size_bytes]
    return Sample(entry.dts_90k, entry.pts_90k, duration_90k, data, entry.is_sync)
