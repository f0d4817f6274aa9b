"""RTSP messages as bytes and back, within bounds (RFC 2326 §4, §6, §7)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mingjian.media.rtsp_error import RtspError
from mingjian.media.sdp import LARGEST_DESCRIPTION_BYTES

LARGEST_HEAD_BYTES = 64 << 10
_USUAL_HEAD_BYTES = 2 << 10
_LARGEST_LINE_BYTES = 8 << 10
_MOST_HEADERS = 64

# A response or a request, as far as it has come.
_OPENING = re.compile(rb"[A-Z_]{1,20}(?:[ /]|$)")

# Taken out on reading: parts of headers go back to the camera (realm, nonce, session).
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Message:
    """A response (`status` > 0) or a request of the camera (`status` 0, `start` its first line).

    Header names are lower case; a repeated header keeps all its values in order.
    """

    start: str
    status: int
    headers: Mapping[str, tuple[str, ...]]
    body: bytes

    def header(self, name: str) -> str:
        """Return the first value of a header, empty when it is absent."""
        return self.headers.get(name, ("",))[0]

    @property
    def sequence(self) -> int:
        """The CSeq, -1 when there is none that is a number."""
        digits = self.header("cseq").strip()
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 12 else -1


def parse_message(view: memoryview | bytes | bytearray) -> tuple[Message | None, int]:
    """Parse the message at the start of the bytes; return it with its length, or (None, 0) if it is not whole yet.

    Raises RtspError `media.oversized` or `media.malformed`.
    """
    start = bytes(view[:_USUAL_HEAD_BYTES])
    if _OPENING.match(start) is None:
        raise RtspError("media.malformed", reason="not_rtsp")
    end, gap = _head_end(start)
    if end < 0 and len(view) > len(start):
        start = bytes(view[: LARGEST_HEAD_BYTES + 4])
        end, gap = _head_end(start)
    if end < 0:
        if len(start) > LARGEST_HEAD_BYTES:
            raise RtspError("media.oversized", what="headers", size_bytes=len(start))
        _check_lines(start.split(b"\n"))
        return None, 0
    lines = start[:end].split(b"\n")
    _check_lines(lines)
    first, *rest = (_CONTROLS.sub("", line.decode("utf-8", "replace")) for line in lines)
    headers = _headers(rest)
    length = _content_length(headers)
    total = end + gap + length
    if total > len(view):
        return None, 0
    status = _status(first)
    return Message(start=first, status=status, headers=headers, body=bytes(view[end + gap : total])), total


def format_request(*, method: str, url: str, headers: Mapping[str, str]) -> bytes:
    """Return a request without a body."""
    lines = [f"{method} {url} RTSP/1.0", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("utf-8")


def _head_end(start: bytes) -> tuple[int, int]:
    """Return where the head ends and how long the blank line after it is; some firmware writes bare line feeds."""
    crlf, bare = start.find(b"\r\n\r\n"), start.find(b"\n\n")
    if crlf >= 0 and (bare < 0 or crlf < bare):
        return crlf, 4
    return bare, 2


def _check_lines(lines: list[bytes]) -> None:
    if len(lines) > _MOST_HEADERS + 1:
        raise RtspError("media.oversized", what="headers", count=len(lines))
    longest = max(map(len, lines))
    if longest > _LARGEST_LINE_BYTES:
        raise RtspError("media.oversized", what="header_line", size_bytes=longest)


def _headers(lines: list[str]) -> dict[str, tuple[str, ...]]:
    headers: dict[str, tuple[str, ...]] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            # A line without a colon tells nothing; cameras with a broken printf send them.
            continue
        key = name.strip().lower()
        headers[key] = (*headers.get(key, ()), value.strip())
    return headers


def _content_length(headers: Mapping[str, tuple[str, ...]]) -> int:
    text = headers.get("content-length", ("0",))[0] or "0"
    if not (text.isascii() and text.isdigit()):
        raise RtspError("media.malformed", reason="content_length")
    if len(text) > 9 or int(text) > LARGEST_DESCRIPTION_BYTES:
        raise RtspError("media.oversized", what="body", size=text[:20])
    return int(text)


def _status(first: str) -> int:
    """Return the status of a response's first line, 0 for a request."""
    words = first.split(None, 2)
    if not words or not words[0].startswith("RTSP/"):
        if len(words) == 3 and words[2].startswith("RTSP/"):
            return 0
        raise RtspError("media.malformed", reason="start_line")
    if len(words) < 2 or not (words[1].isascii() and words[1].isdigit() and len(words[1]) == 3):
        raise RtspError("media.malformed", reason="status_line")
    return int(words[1])
