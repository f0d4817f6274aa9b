"""Motion JPEG in RTP: packets into whole JPEG pictures, each decodable by itself (RFC 2435 §3)."""

from mingjian.media.access_units import LARGEST_UNIT_BYTES, LONGEST_UNIT_90K, AccessUnitBuilder
from mingjian.media.jpeg import END_OF_IMAGE, Shape, checked_tables, headers, tables_of_quality
from mingjian.media.nal import Packing, Role
from mingjian.media.rtp import RtpReceiver
from mingjian.media.rtsp_error import RtspError
from mingjian.media.samples import AccessUnit, Buffer, Codec, VideoFormat

_MAIN_HEADER_BYTES = 8
_RESTART_HEADER_BYTES = 4
_TABLES_HEADER_BYTES = 4
_WITH_RESTARTS = range(64, 128)
_SAMPLINGS = (0, 1)
# The odd and the even field of a picture that stands in two.
_FIELDS = (1, 2)
_FIRST_SENT_QUALITY = 128
_ALWAYS_SENT_QUALITY = 255


def _no_sets(*_: object) -> VideoFormat:
    raise AssertionError("Motion JPEG has no parameter sets")


def _no_key(nal: bytes) -> tuple[int, int]:
    raise AssertionError("Motion JPEG has no parameter sets")


# Nothing of a NAL unit: the walk over a connection never finds an open fragment, and leaves all packets to us.
_PACKING = Packing(
    header_bytes=1,
    type_shift=0,
    type_mask=0,
    word_mask=0,
    roles=(Role.OTHER,),
    format_of=_no_sets,
    parameter_set_key=_no_key,
)


class JpegBuilder(AccessUnitBuilder):
    """Gathers the pieces of JPEG pictures. One that lacks a piece is left out, and the next counts as damaged."""

    def __init__(self) -> None:
        super().__init__(packing=_PACKING, announced=())
        self._scan_start = -1
        self._has_markers = False

    def begin(self, rtp_time_90k: int) -> None:
        """Say to which time the next pieces belong.

        Another time than before ends the picture in hand where no marker ever does; elsewhere its end is missing.
        """
        if rtp_time_90k != self._time_90k:
            self._end_unmarked()
            self._time_90k = rtp_time_90k
            self._since_90k = self.arrival_90k

    def mark(self) -> None:
        """The last packet of a picture was met."""
        self._has_markers = True
        self._end()

    def _end_unmarked(self) -> None:
        if self._has_markers and self._scan_start >= 0:
            self.lose()
        self._end()

    def _end(self) -> None:
        if not 0 <= self._scan_start < len(self.data):
            return
        if not self.data.endswith(END_OF_IMAGE):
            self.data += END_OF_IMAGE
        is_sync = True
        self._batches[-1].units.append(
            AccessUnit(self._time_90k, self.arrival_90k, self.data, is_sync, self._is_damaged)
        )
        self.newest_rtp_time_90k = self._time_90k
        self.data = bytearray()
        self._scan_start = -1
        self._is_damaged = False

    def lose(self) -> None:
        """Packets are missing here: the picture in hand is void."""
        self.data.clear()
        self._scan_start = -1
        self._is_damaged = True

    def open_image(self, shape: Shape, tables: bytes) -> None:
        """Begin a picture. Raises RtspError `media.malformed` when the camera's clock stands still."""
        self._end_unmarked()
        self.has_met_slices = True
        if self.arrival_90k - self._since_90k > LONGEST_UNIT_90K:
            raise RtspError("media.malformed", reason="time_stands_still")
        self._adopt(VideoFormat(Codec.MJPEG, shape.width, shape.height, (), 0))
        self.data.clear()
        self.data += headers(shape, tables)
        self._scan_start = len(self.data)

    def add_piece(self, offset: int, piece: Buffer) -> None:
        """Take the coded data that stand so many bytes after the headers; what does not follow on tears the picture."""
        if self._scan_start < 0:
            return
        if offset != len(self.data) - self._scan_start:
            self.lose()
            return
        self.data += piece

    def check_size(self) -> None:
        """Raise RtspError `media.oversized` when the picture in hand has outgrown every camera."""
        if len(self.data) > LARGEST_UNIT_BYTES:
            raise RtspError("media.oversized", what="access_unit", size_bytes=len(self.data))


class JpegReceiver(RtpReceiver):
    """The receiving end of a Motion JPEG source. Remembers the quantization tables a camera tells only now and then."""

    def __init__(self, *, payload_type: int) -> None:
        self._pictures = JpegBuilder()
        self._tables: dict[int, bytes] = {}
        super().__init__(packing=_PACKING, payload_type=payload_type, builder=self._pictures)

    def _unpack(self, payload: memoryview) -> None:
        """Take one packet: main header, restart header, tables before the first piece, and the piece."""
        at = _MAIN_HEADER_BYTES
        if len(payload) < at:
            return self._odd("jpeg")
        offset, kind = int.from_bytes(payload[1:4], "big"), payload[4]
        restart_interval = 0
        if kind in _WITH_RESTARTS:
            restart_interval = int.from_bytes(payload[at : at + 2], "big")
            at += _RESTART_HEADER_BYTES
        if offset == 0:
            shape = Shape(payload[6] * 8, payload[7] * 8, kind & 63, restart_interval)
            tables, at = self._tables_of(payload, at)
            if not tables:
                self._pictures.lose()
                return self._odd("jpeg_tables")
            self._check(shape, kind, specific=payload[0])
            self._pictures.open_image(shape, tables)
        self._pictures.add_piece(offset, payload[at:])
        self._pictures.check_size()
        return None

    def _tables_of(self, payload: memoryview, at: int) -> tuple[bytes, int]:
        """Return the quantization tables for a picture, and where its first piece begins; none when they never came."""
        quality = payload[5]
        if quality < _FIRST_SENT_QUALITY:
            return self._tables.get(quality) or self._computed(quality), at
        header = payload[at : at + _TABLES_HEADER_BYTES]
        if len(header) < _TABLES_HEADER_BYTES:
            return b"", at
        at += _TABLES_HEADER_BYTES
        size = int.from_bytes(header[2:4], "big")
        if size == 0 and quality != _ALWAYS_SENT_QUALITY:
            return self._tables.get(quality, b""), at
        if size > len(payload) - at:
            return b"", at
        tables = checked_tables(payload[at : at + size], precision=header[1])
        self._tables[quality] = tables
        return tables, at + size

    def _computed(self, quality: int) -> bytes:
        return self._tables.setdefault(quality, tables_of_quality(quality))

    @staticmethod
    def _check(shape: Shape, kind: int, *, specific: int) -> None:
        """Raise RtspError `media.unsupported_codec` for fields, other samplings, and sides too large for the header."""
        if specific in _FIELDS:
            raise RtspError("media.unsupported_codec", reason="jpeg_fields")
        if kind >= _WITH_RESTARTS.stop or shape.sampling not in _SAMPLINGS:
            raise RtspError("media.unsupported_codec", reason="jpeg_type", type=kind)
        if not shape.width or not shape.height:
            raise RtspError("media.unsupported_codec", reason="jpeg_size")
