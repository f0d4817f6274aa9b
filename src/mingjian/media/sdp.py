"""The video part of a session description, read as cameras write it (RFC 8866, 6184 §8.2, 7798 §7.2, 2435 §4.2)."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field

from mingjian.media.rtsp_error import RtspError
from mingjian.media.samples import Codec

LARGEST_DESCRIPTION_BYTES = 64 << 10
_MOST_LINES = 1024

_CODECS = {"H264": Codec.H264, "H265": Codec.H265, "HEVC": Codec.H265, "JPEG": Codec.MJPEG}
# Payload types that need no rtpmap (RFC 3551 §6).
_STATIC = {"26": "JPEG"}
_PARAMETER_NAMES = {
    Codec.H264: ("sprop-parameter-sets",),
    Codec.H265: ("sprop-vps", "sprop-sps", "sprop-pps"),
}


@dataclass(frozen=True, slots=True)
class VideoDescription:
    """The one video track to ask for.

    `control` and `session_control` are as written (absolute, relative, `*` or empty); `parameter_sets` the NAL units
    announced out of band, possibly none.
    """

    codec: Codec
    payload_type: int
    control: str
    session_control: str
    parameter_sets: tuple[bytes, ...]


@dataclass(slots=True)
class _Section:
    """One media section as met."""

    kind: str
    payload_types: list[str]
    control: str = ""
    encodings: dict[str, str] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)


def parse_description(body: bytes) -> VideoDescription:
    """Return the first video track in a codec that may be recorded, one of Motion JPEG only where nothing else is.

    Raises RtspError: `media.oversized`, `media.malformed` (not a session description), `media.no_video`,
    `media.unsupported_codec` with the encodings offered.
    """
    if len(body) > LARGEST_DESCRIPTION_BYTES:
        raise RtspError("media.oversized", what="sdp", size_bytes=len(body))
    lines = body.decode("utf-8", "replace").splitlines()
    if len(lines) > _MOST_LINES:
        raise RtspError("media.oversized", what="sdp_lines", count=len(lines))
    session_control, sections = _sections(lines)
    videos = [section for section in sections if section.kind == "video"]
    if not videos:
        is_description = any(line.startswith("v=") for line in lines)
        raise RtspError("media.no_video") if is_description else RtspError("media.malformed", reason="sdp")
    tracks = [track for section in videos for track in _tracks(section, session_control)]
    if tracks:
        return min(tracks, key=lambda track: track.codec is Codec.MJPEG)
    offered = sorted({_encoding(section, number) or number for section in videos for number in section.payload_types})
    raise RtspError("media.unsupported_codec", offered=",".join(offered)[:80])


def _tracks(section: _Section, session_control: str) -> Iterator[VideoDescription]:
    """Yield what of a section may be recorded, in its order."""
    for payload_type in section.payload_types:
        codec = _CODECS.get(_encoding(section, payload_type))
        if codec is not None and payload_type.isascii() and payload_type.isdigit() and int(payload_type) < 128:
            yield VideoDescription(
                codec=codec,
                payload_type=int(payload_type),
                control=section.control,
                session_control=session_control,
                parameter_sets=_parameter_sets(codec, section.formats.get(payload_type, "")),
            )


def _sections(lines: list[str]) -> tuple[str, list[_Section]]:
    """Sort the lines that matter by media section; what stands before the first belongs to the session."""
    session_control = ""
    sections: list[_Section] = []
    for line in lines:
        key, _, value = line.strip().partition("=")
        if key == "m":
            kind, *rest = value.split()[:64] or [""]
            sections.append(_Section(kind=kind.lower(), payload_types=rest[2:]))
        elif key == "a":
            name, _, value = value.partition(":")
            if not sections:
                session_control = value.strip() if name == "control" else session_control
                continue
            _attribute(sections[-1], name, value.strip())
    return session_control, sections


def _attribute(section: _Section, name: str, value: str) -> None:
    if name == "control":
        section.control = value
    elif name == "rtpmap":
        number, _, encoding = value.partition(" ")
        section.encodings[number] = encoding.strip()
    elif name == "fmtp":
        number, _, parameters = value.partition(" ")
        section.formats[number] = parameters


def _encoding(section: _Section, payload_type: str) -> str:
    return section.encodings.get(payload_type, _STATIC.get(payload_type, "")).partition("/")[0].upper()


def _parameter_sets(codec: Codec, parameters: str) -> tuple[bytes, ...]:
    """Return the NAL units of the sprop parameters; what is not base64 counts as not announced."""
    names = _PARAMETER_NAMES.get(codec, ())
    values = {}
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        values[name.lower()] = value.strip().strip('"')
    found: list[bytes] = []
    for name in names:
        for text in values.get(name, "").split(","):
            try:
                # Some cameras leave out the padding.
                nal = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
            except (binascii.Error, ValueError):
                return ()
            # Some write the start code before the NAL unit.
            nal = nal.removeprefix(b"\0\0\0\1").removeprefix(b"\0\0\1").rstrip(b"\0")
            if nal:
                found.append(nal)
    return tuple(found)
