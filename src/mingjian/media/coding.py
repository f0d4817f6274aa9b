"""The only door to PyAV: encoding drawn pictures, proving that samples decode, re-coding for a browser."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO, Literal, NamedTuple

import av
from av.codec.context import Flags
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorRange, VideoReformatter
from PIL.Image import Image

from mingjian.base.errors import MingjianError
from mingjian.base.ticks import TICKS_PER_S
from mingjian.media import annex_b, h264, h265
from mingjian.media.decoder_config import decoder_config
from mingjian.media.fmp4_reader import format_of
from mingjian.media.fmp4_writer import fragment
from mingjian.media.fragments import samples, sequence_of
from mingjian.media.samples import Buffer, Codec, Sample, VideoFormat
from mingjian.media.timing import DecodeOrder

if TYPE_CHECKING:
    _Packet = Packet[Stream]
else:
    _Packet = Packet  # generic for type checkers alone: the class itself takes no parameter

_TIME_BASE = Fraction(1, TICKS_PER_S)
_DECODERS: dict[Codec, Literal["h264", "hevc", "mjpeg"]] = {
    Codec.H264: "h264",
    Codec.H265: "hevc",
    Codec.MJPEG: "mjpeg",
}
_ENCODERS: dict[Codec, Literal["libx264", "libx265"]] = {Codec.H264: "libx264", Codec.H265: "libx265"}
_FORMATS = {Codec.H264: h264.format_of, Codec.H265: h265.format_of}


class CodingError(MingjianError):
    """libav refused. Codes: media.cannot_encode, media.cannot_probe."""


class EncodedPicture(NamedTuple):
    """One coded picture in decoding order; `number` is its place among the pictures given, from 0."""

    number: int
    data: bytes
    is_sync: bool


@dataclass(frozen=True, slots=True)
class Probe:
    """A file as a foreign demuxer sees it; `codec` in libav's words ("h264", "hevc"), the duration to a microsecond."""

    codec: str
    width: int
    height: int
    duration_90k: int
    samples: int


@dataclass(frozen=True, slots=True)
class DecodeCount:
    """How many pictures came out of so many samples, and how many samples the decoder complained about."""

    samples: int
    pictures: int
    errors: int


def encode_clip(
    frames: Iterable[Image], *, codec: Codec, fps: int, bitrate_bps: int, gop: int
) -> tuple[VideoFormat, list[tuple[bytes, bool]]]:
    """Encode drawn pictures of one even size without reordering; return the format and (data, is_sync) of each.

    Every `gop`-th picture is a sync sample and nothing refers across it, so the clip may be looped.
    Raises CodingError media.cannot_encode.
    """
    fmt, pictures = encode_pictures(frames, codec=codec, fps=fps, bitrate_bps=bitrate_bps, gop=gop, reorder=0)
    return fmt, [(picture.data, picture.is_sync) for picture in pictures]


def encode_pictures(
    frames: Iterable[Image], *, codec: Codec, fps: int, bitrate_bps: int, gop: int, reorder: int
) -> tuple[VideoFormat, list[EncodedPicture]]:
    """Encode as `encode_clip`, with up to `reorder` B-pictures in a row; pictures come in decoding order."""
    encoder: VideoCodecContext | None = None
    coded: list[_Packet] = []
    try:
        for number, image in enumerate(frames):
            encoder = encoder or _clip_encoder(codec, image.size, fps, bitrate_bps, gop, reorder)
            frame = VideoFrame.from_bytes(image.convert("RGBA").tobytes(), *image.size)
            frame.pts = number
            coded += encoder.encode(frame)
        if encoder is None:
            raise CodingError("media.cannot_encode", codec=codec, reason="no_pictures")
        coded += encoder.encode(None)
    except FFmpegError as error:
        raise CodingError("media.cannot_encode", codec=codec, reason=type(error).__name__) from error
    fmt = _announced(codec, encoder)
    data = [annex_b.slices_of_stream(codec, bytes(packet)) for packet in coded]
    return fmt, [EncodedPicture(p.pts or 0, kept, p.is_keyframe) for p, kept in zip(coded, data, strict=True)]


def decode_count(init: Buffer, fragments: Iterable[Buffer]) -> DecodeCount:
    """Decode every sample with the format of the init segment, strictly, and count what comes out.

    Raises Fmp4Error when init or a fragment is not of our form; a sample that does not decode is only counted.
    """
    taken = pictures = errors = 0
    fmt = format_of(init)
    decoder = _decoder(fmt)
    for data in fragments:
        for sample in samples(data):
            taken += 1
            try:
                pictures += len(decoder.decode(_packet(fmt.codec, sample)))
            except FFmpegError:
                errors += 1
    try:
        pictures += len(decoder.decode(None))
    except FFmpegError:
        errors += 1
    return DecodeCount(samples=taken, pictures=pictures, errors=errors)


def probe(file: BinaryIO) -> Probe:
    """Return what libav, which knows nothing of how we write, finds in a whole MP4 file.

    Raises CodingError media.cannot_probe.
    """
    try:
        with av.open(file, "r", format="mp4") as container:
            stream = container.streams.video[0]
            seconds = Fraction(container.duration or 0, av.time_base)
            count = sum(packet.size > 0 for packet in container.demux(stream))
            coding = stream.codec_context
            return Probe(coding.name, coding.width, coding.height, round(seconds * TICKS_PER_S), count)
    except (FFmpegError, IndexError) as error:
        raise CodingError("media.cannot_probe", reason=type(error).__name__) from error


class Transcoder:
    """Re-codes a stream to H.264 that any browser plays: fast, without delay, at most `largest_height` high.

    Pictures keep their PTS; sync samples stay sync samples and no others are made; of several in a row, as in Motion
    JPEG, only the first of a fragment, for each costs as much as ten other pictures. One object serves one unbroken
    sequence of fragments: after a seek or a hole take another one. Samples that do not decode, and those that refer
    to them, leave no picture and are counted in `dropped`: nobody is shown what no camera saw.
    """

    def __init__(self, fmt: VideoFormat, *, largest_height: int = 720) -> None:
        scale = min(Fraction(1), Fraction(largest_height, fmt.height))
        width, height = (max(2, int(side * scale) // 2 * 2) for side in (fmt.width, fmt.height))
        self._decoder = _decoder(fmt)
        self._encoder = _browser_encoder(width, height)
        self._scaler = VideoReformatter()
        self._order = DecodeOrder(reorder_depth=0)
        self._syncs: set[int] = set()
        self._sequence = 0
        self._codec = fmt.codec
        self.dropped = 0
        self.output_format = _announced(Codec.H264, self._encoder)

    def transcode(self, data: Buffer) -> bytes | None:
        """Return a fragment of the pictures that became ready, None when none did yet.

        The last picture of a fragment is held until its follower tells how long it lasts, and with it those that
        the source reorders. Raises CodingError media.cannot_encode.
        """
        self._sequence = sequence_of(data)
        ready: list[Sample] = []
        is_after_sync = False
        for sample in samples(data):
            if sample.is_sync and not is_after_sync:
                self._syncs.add(sample.pts_90k)
            is_after_sync = sample.is_sync
            ready += self._recode(_packet(self._codec, sample))
        return self._packed(ready)

    def flush(self) -> bytes | None:
        """Return a fragment of everything still held; the object is spent."""
        ready = self._recode(None)
        ready += self._encoded(None)
        return self._packed(ready + self._order.flush())

    def _recode(self, packet: _Packet | None) -> list[Sample]:
        try:
            frames = self._decoder.decode(packet)
        except FFmpegError:
            self.dropped += 1
            return []
        ready: list[Sample] = []
        for frame in frames:
            ready += self._encoded(self._fitted(frame))
        return ready

    def _encoded(self, frame: VideoFrame | None) -> list[Sample]:
        try:
            packets = self._encoder.encode(frame)
        except FFmpegError as error:
            raise CodingError("media.cannot_encode", codec=Codec.H264, reason=type(error).__name__) from error
        ready: list[Sample] = []
        for packet in packets:
            data = annex_b.slices_of_stream(Codec.H264, bytes(packet))
            ready += self._order.push(pts_90k=packet.pts or 0, data=data, is_sync=packet.is_keyframe)
        return ready

    def _fitted(self, frame: VideoFrame) -> VideoFrame:
        fitted = self._scaler.reformat(
            frame,
            width=self._encoder.width,
            height=self._encoder.height,
            format="yuv420p",
            # JPEG uses the full range, which a browser would take for the narrow one: shadows black, lights white.
            src_color_range=frame.color_range,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        is_sync = frame.pts in self._syncs
        if is_sync and frame.pts is not None:
            self._syncs.discard(frame.pts)
        fitted.pts, fitted.time_base = frame.pts, _TIME_BASE
        fitted.pict_type = PictureType.I if is_sync else PictureType.NONE
        return fitted

    def _packed(self, ready: list[Sample]) -> bytes | None:
        return b"".join(fragment(sequence=self._sequence, samples=ready)) if ready else None


def _clip_encoder(
    codec: Codec, size: tuple[int, int], fps: int, bitrate_bps: int, gop: int, reorder: int
) -> VideoCodecContext:
    encoder = _encoder(codec, size, Fraction(1, fps))
    encoder.framerate = Fraction(fps)
    encoder.bit_rate = bitrate_bps
    fixed = f"keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0:bframes={reorder}"
    if codec is Codec.H264:
        encoder.options = {"preset": "veryfast", "x264-params": fixed}
    else:
        encoder.options = {"preset": "superfast", "x265-params": f"{fixed}:log-level=none"}
    encoder.open()
    return encoder


def _browser_encoder(width: int, height: int) -> VideoCodecContext:
    encoder = _encoder(Codec.H264, (width, height), _TIME_BASE)
    encoder.framerate = Fraction(25)  # for rate control alone; the timeline is the source's
    encoder.thread_count = 1
    encoder.options = {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "crf": "26",
        "maxrate": "3M",
        "bufsize": "3M",
        "forced-idr": "1",
        # sync samples only where the source has them
        "x264-params": "keyint=infinite:scenecut=0",
    }
    encoder.open()
    return encoder


def _encoder(codec: Codec, size: tuple[int, int], time_base: Fraction) -> VideoCodecContext:
    encoder = av.CodecContext.create(_ENCODERS[codec], "w")
    encoder.width, encoder.height = size
    encoder.pix_fmt = "yuv420p"
    encoder.time_base = time_base
    encoder.flags |= Flags.global_header
    return encoder


def _decoder(fmt: VideoFormat) -> VideoCodecContext:
    decoder = av.CodecContext.create(_DECODERS[fmt.codec], "r")
    decoder.extradata = decoder_config(fmt)
    decoder.thread_count = 1
    # Concealment would hide what a check must find and show a viewer what no camera saw.
    decoder.options = {"err_detect": "explode"}
    decoder.open()
    return decoder


def _packet(codec: Codec, sample: Sample) -> _Packet:
    data = bytes(sample.data)
    if codec is not Codec.MJPEG:
        data = annex_b.slices_of_sample(codec, data) or data
    # An empty packet would end the decoder; a sample without slices goes in whole, to be refused.
    packet: _Packet = Packet(data or bytes(4))
    packet.pts, packet.dts, packet.time_base = sample.pts_90k, sample.dts_90k, _TIME_BASE
    packet.is_keyframe = sample.is_sync
    return packet


def _announced(codec: Codec, encoder: VideoCodecContext) -> VideoFormat:
    return _FORMATS[codec](list(annex_b.split_annex_b(encoder.extradata or b"")))
