"""How NAL units of each codec ride in RTP, as tables, so that one loop serves both (RFC 6184 §5, RFC 7798 §4)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from mingjian.media import h264, h265
from mingjian.media.samples import Codec, VideoFormat

START_CODE = b"\x00\x00\x01"


class Role(IntEnum):
    """What a NAL unit is to a recorder."""

    OTHER = 0  # kept within its access unit (SEI)
    SLICE = 1
    SYNC_SLICE = 2
    PARAMETER_SET = 3
    DROPPED = 4  # delimiters, end marks, filler: nothing that a file needs
    AGGREGATE = 5
    FRAGMENT = 6
    UNSUPPORTED = 7  # interleaved packing: needs a reordering buffer that no camera asks for


SLICES = frozenset({Role.SLICE, Role.SYNC_SLICE})


@dataclass(frozen=True, slots=True)
class Packing:
    """One codec's NAL header and RTP packet types.

    The type is `(first byte >> type_shift) & type_mask`; a fragment's own header byte keeps it in its low bits.
    `roles` is indexed by type. `word_mask` covers, within the first four bytes of a payload, the headers of a fragment.
    """

    header_bytes: int
    type_shift: int
    type_mask: int
    word_mask: int
    roles: tuple[Role, ...]
    format_of: Callable[[Sequence[bytes]], VideoFormat]
    parameter_set_key: Callable[[bytes], tuple[int, int]]

    def role_of(self, first_byte: int) -> Role:
        """Return the role of a NAL unit or packet from its first byte."""
        return self.roles[(first_byte >> self.type_shift) & self.type_mask]


def _roles(size: int, default: Role, **types: Sequence[int]) -> tuple[Role, ...]:
    table = [default] * size
    for name, numbers in types.items():
        for number in numbers:
            table[number] = Role[name]
    return tuple(table)


_H264_PACKING = Packing(
    header_bytes=1,
    type_shift=0,
    type_mask=0x1F,
    word_mask=0xFFFF0000,
    roles=_roles(
        32,
        Role.OTHER,
        SLICE=[1],
        SYNC_SLICE=[5],
        PARAMETER_SET=[h264.NAL_SPS, h264.NAL_PPS],
        # 30 and 31 are undefined; some firmware sends its private data there.
        DROPPED=[0, 9, 10, 11, 12, 30, 31],
        AGGREGATE=[24],
        FRAGMENT=[28],
        # Data partitions are of the extended profile, which no camera has; such bytes are another codec under way.
        UNSUPPORTED=[2, 3, 4, 25, 26, 27, 29],
    ),
    format_of=h264.format_of,
    parameter_set_key=h264.parameter_set_key,
)

_H265_PACKING = Packing(
    header_bytes=2,
    type_shift=1,
    type_mask=0x3F,
    word_mask=0xFFFFFF00,
    roles=_roles(
        64,
        Role.OTHER,
        SLICE=range(0, 16),
        SYNC_SLICE=range(16, 22),
        PARAMETER_SET=[h265.NAL_VPS, h265.NAL_SPS, h265.NAL_PPS],
        DROPPED=[*range(22, 32), 35, 36, 37, 38, *range(51, 64)],
        AGGREGATE=[48],
        FRAGMENT=[49],
        UNSUPPORTED=[50],
    ),
    format_of=h265.format_of,
    parameter_set_key=h265.parameter_set_key,
)

PACKINGS = {Codec.H264: _H264_PACKING, Codec.H265: _H265_PACKING}
