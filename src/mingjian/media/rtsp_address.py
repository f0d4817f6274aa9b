"""Where a camera is and how one signs in to it: parsed once, checked once, never with a password in a URL."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from mingjian.media.rtsp_error import RtspError

DEFAULT_PORT = 554
_LONGEST_ADDRESS = 2048


@dataclass(frozen=True, slots=True)
class CameraAddress:
    """An RTSP address without user info. `path_and_query` opens with a slash, `host` has no brackets."""

    host: str
    port: int
    path_and_query: str

    @property
    def url(self) -> str:
        """The absolute form, as the request line of RTSP wants it (RFC 2326 §3.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORT else f":{self.port}"
        return f"rtsp://{host}{port}{self.path_and_query}"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a camera asks for. Never logged: the password is left out of the representation."""

    user: str
    password: str = field(repr=False)


def parse_address(text: str) -> CameraAddress:
    """Return the parts of an `rtsp://host[:port]/path` address.

    Raises RtspError `media.bad_address` with `reason`: `length`, `characters`, `scheme`, `user_info`, `host`,
    `port` or `fragment`.
    """
    if not 0 < len(text) <= _LONGEST_ADDRESS:
        raise RtspError("media.bad_address", reason="length")
    # Printable ASCII without spaces: anything else would end up in a request line.
    if not all("!" <= character <= "~" for character in text):
        raise RtspError("media.bad_address", reason="characters")
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        raise RtspError("media.bad_address", reason="host") from None
    if parts.scheme.lower() != "rtsp":
        raise RtspError("media.bad_address", reason="scheme")
    if "@" in parts.netloc:
        raise RtspError("media.bad_address", reason="user_info")
    if not host or "%" in host:
        raise RtspError("media.bad_address", reason="host")
    if parts.fragment:
        raise RtspError("media.bad_address", reason="fragment")
    try:
        port = parts.port
    except ValueError:
        raise RtspError("media.bad_address", reason="port") from None
    if port == 0:
        raise RtspError("media.bad_address", reason="port")
    query = f"?{parts.query}" if parts.query else ""
    return CameraAddress(host=host, port=port or DEFAULT_PORT, path_and_query=(parts.path or "/") + query)
