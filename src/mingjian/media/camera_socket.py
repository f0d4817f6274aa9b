"""The TCP connection to a camera: resolved once, checked, with a receive window that a tick-wise reader needs."""

import asyncio
import contextlib
import errno
import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass

from mingjian.media.rtsp_address import CameraAddress
from mingjian.media.rtsp_error import RtspError

# Linux, for a process with CAP_NET_ADMIN: beyond net.core.rmem_max. Not named by Python's socket module.
_SO_RCVBUFFORCE = 33
_ENOUGH_BYTES = 1 << 20
_LOW_WATER_BYTES = 1 << 20

_SocketAddress = tuple[str | int | bytes, ...]


@dataclass(frozen=True, slots=True)
class CameraSocket:
    """A connected, non-blocking socket. `granted_bytes` is the fixed receive buffer, 0 where the kernel tunes it."""

    socket: socket.socket
    ip: str
    granted_bytes: int

    def widen(self) -> None:
        """Let the window grow where no fixed buffer was granted. Only for a reader that comes by itself.

        A low-water mark raises the window (tcp(7), SO_RCVLOWAT), and holds back wake-ups: not during the dialogue.
        """
        if self.granted_bytes == 0:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, _LOW_WATER_BYTES)

    def narrow(self) -> None:
        """Take `widen` back, so that short answers wake a waiting reader again."""
        with contextlib.suppress(OSError):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)


async def connect(
    *, address: CameraAddress, receive_buffer_bytes: int, addresses_allowed: Callable[[str, int], bool]
) -> CameraSocket:
    """Connect to the camera. The name is resolved once, and what was checked is what is connected to.

    Raises RtspError `media.unreachable`, `media.address_not_allowed`, `media.refused`. Without a time limit of its own.
    """
    loop = asyncio.get_running_loop()
    family, target = await _resolve(address)
    ip = str(target[0])
    if not addresses_allowed(ip, address.port):
        raise RtspError("media.address_not_allowed", host=address.host, ip=ip, port=address.port)
    connection, granted_bytes = _prepared_socket(family, receive_buffer_bytes)
    try:
        await loop.sock_connect(connection, target)
    except ConnectionRefusedError as error:
        connection.close()
        raise RtspError("media.refused", ip=ip, port=address.port) from error
    except OSError as error:
        connection.close()
        reason = errno.errorcode.get(error.errno or 0, "")
        raise RtspError("media.unreachable", ip=ip, port=address.port, reason=reason) from error
    except BaseException:
        connection.close()
        raise
    return CameraSocket(connection, ip, granted_bytes)


async def _resolve(address: CameraAddress) -> tuple[int, _SocketAddress]:
    """Return family and socket address. Only names go to the resolver: numbers never wait behind a dead one."""
    try:
        version = ipaddress.ip_address(address.host).version
    except ValueError:
        return await _look_up(address)
    if version == 6:
        return socket.AF_INET6, (address.host, address.port, 0, 0)
    return socket.AF_INET, (address.host, address.port)


async def _look_up(address: CameraAddress) -> tuple[int, _SocketAddress]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise RtspError("media.unreachable", host=address.host, reason="name") from error
    return found[0][0], found[0][4]


def _prepared_socket(family: int, wanted_bytes: int) -> tuple[socket.socket, int]:
    """Return a socket with its receive buffer set before connect (the window scale is fixed in the SYN).

    Where too little is granted the socket is made anew without a fixed buffer: a fixed small one would also keep the
    kernel from growing it.
    """
    connection = _fresh(family)
    try:
        connection.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, wanted_bytes)
    except OSError:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, wanted_bytes)
    # The kernel reports twice what it lets a reader count on (socket(7)).
    granted_bytes = connection.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2
    if granted_bytes >= min(wanted_bytes, _ENOUGH_BYTES):
        return connection, granted_bytes
    connection.close()
    return _fresh(family), 0


def _fresh(family: int) -> socket.socket:
    connection = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return connection
