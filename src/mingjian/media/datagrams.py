"""RTP over UDP, for cameras that know nothing else: two sockets whose datagrams are handed on as interleaved frames."""

import contextlib
import re
import secrets
import socket
import struct

from mingjian.media.rtsp_error import RtspError

MEDIA_CHANNEL, CONTROL_CHANNEL = 0, 1
_LARGEST_FRAME_BYTES = 4 + (1 << 16)
_RECEIVE_BUFFER_BYTES = 2 << 20
# Linux, for a process with CAP_NET_ADMIN: beyond net.core.rmem_max. Not named by Python's socket module.
_SO_RCVBUFFORCE = 33
_MOST_TRIES = 50
_FIRST_PORT, _LAST_PORT = 30_000, 60_000

_FRAME_HEADER = struct.Struct(">BBH")
_SERVER_PORT = re.compile(r"server_port\s*=\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?", re.IGNORECASE)


class DatagramPair:
    """An even port for media and the odd one after it for reports (RFC 3550 §11), bound, later bound to the camera."""

    def __init__(self, *, local_ip: str) -> None:
        """Bind two neighbouring ports. Raises RtspError `media.no_tcp` when none are free."""
        family = socket.AF_INET6 if ":" in local_ip else socket.AF_INET
        for _ in range(_MOST_TRIES):
            port = _FIRST_PORT + 2 * secrets.randbelow((_LAST_PORT - _FIRST_PORT) // 2)
            self._media, self._control = _fresh(family), _fresh(family)
            try:
                self._media.bind((local_ip, port))
                self._control.bind((local_ip, port + 1))
            except OSError:
                self.close()
                continue
            self.port = port
            return
        raise RtspError("media.no_tcp", reason="no_ports")

    @property
    def transport(self) -> str:
        """What to ask for in SETUP."""
        return f"RTP/AVP;unicast;client_port={self.port}-{self.port + 1}"

    def accept(self, transport: str, *, camera_ip: str) -> None:
        """Take what the camera agreed to: from now on only its own datagrams, from the ports it names, are received.

        Where the answer names another source, it is not believed. Raises RtspError `media.no_tcp`.
        """
        found = _SERVER_PORT.search(transport)
        if found is None:
            raise RtspError("media.no_tcp", reason="transport")
        media_port = int(found[1])
        control_port = int(found[2]) if found[2] else media_port + 1
        if not (0 < media_port < 1 << 16 and 0 < control_port < 1 << 16):
            raise RtspError("media.no_tcp", reason="ports")
        try:
            self._media.connect((camera_ip, media_port))
            self._control.connect((camera_ip, control_port))
        except OSError as error:
            raise RtspError("media.no_tcp", reason="ports") from error

    def fill(self, scratch: memoryview) -> int:
        """Write what has come into `scratch` as interleaved frames and return how many bytes. Never blocks."""
        filled = 0
        for channel, receiving in ((MEDIA_CHANNEL, self._media), (CONTROL_CHANNEL, self._control)):
            while filled + _LARGEST_FRAME_BYTES <= len(scratch):
                try:
                    size = receiving.recv_into(scratch[filled + 4 :])
                except OSError:
                    # Nothing more, or word that a report of ours was not wanted.
                    break
                _FRAME_HEADER.pack_into(scratch, filled, 0x24, channel, size)
                filled += 4 + size
        return filled

    def close(self) -> None:
        """Close both sockets; safe to repeat."""
        self._media.close()
        self._control.close()


def _fresh(family: int) -> socket.socket:
    fresh = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    try:
        fresh.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _RECEIVE_BUFFER_BYTES)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
    return fresh
