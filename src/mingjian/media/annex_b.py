"""NAL units between start codes, as encoders write them, and behind lengths, as samples hold them."""

from collections.abc import Callable, Iterable, Iterator

from mingjian.media.samples import Codec

# Delimiters, parameter sets and supplemental messages: an encoder repeats them, a file of ours leaves them out; and
# a strict decoder would stumble over the private messages that some cameras write.
_LEFT_OUT = {Codec.H264: frozenset({6, 7, 8, 9}), Codec.H265: frozenset({32, 33, 34, 35, 39, 40})}


def slices_of_stream(codec: Codec, annex_b: bytes) -> bytes:
    """Return the slices of one coded picture given with start codes, each after its length in four bytes."""
    return _length_prefixed(codec, split_annex_b(annex_b))


def slices_of_sample(codec: Codec, data: bytes) -> bytes:
    """Return a sample without its supplemental messages; what a wrong length leaves over stays, to be refused."""
    return _length_prefixed(codec, _units_of(data))


def split_annex_b(annex_b: bytes) -> Iterator[bytes]:
    """Yield NAL units between start codes; one never ends in a zero byte (ITU-T H.264 Annex B, H.265 Annex B)."""
    for nal in annex_b.split(b"\0\0\1"):
        if nal.strip(b"\0"):
            yield nal.rstrip(b"\0")


def _units_of(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at : at + 4], "big")
        if nal := data[at + 4 : end]:
            yield nal
        at = end


def _length_prefixed(codec: Codec, nals: Iterable[bytes]) -> bytes:
    kind_of: Callable[[int], int] = (lambda head: head & 31) if codec is Codec.H264 else (lambda head: head >> 1 & 63)
    kept = [nal for nal in nals if kind_of(nal[0]) not in _LEFT_OUT[codec]]
    return b"".join(len(nal).to_bytes(4, "big") + nal for nal in kept)
