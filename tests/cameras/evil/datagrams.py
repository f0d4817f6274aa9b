"""Cameras that know only UDP, and what strangers may send to the ports of their client."""

import re
import socket

from evil.behaviour import Behaviour, Frames, Packets
from evil.connection import Connection, ordinary_frames

_STRANGERS = b"\x80\x60" + bytes(200)


async def refuse_tcp(connection: Connection, request: str) -> bool:
    """Refuse SETUP over TCP, and take the client's ports where it offers them."""
    found = re.search(r"client_port=(\d+)", request)
    if found is None:
        await connection.reply(request, "461 Unsupported Transport")
        return True
    connection.datagrams.connect(("127.0.0.1", int(found[1])))
    port = connection.datagrams.getsockname()[1]
    transport = f"Transport: RTP/AVP;unicast;client_port={found[1]};server_port={port}-{port ^ 1}\r\n"
    await connection.reply(request, "200 OK", transport + "Session: 1234;timeout=60\r\n")
    return True


def in_datagrams_of(made: Frames) -> Frames:
    """Send each of the packets that these frames would hold by itself, and nothing over the connection."""

    def frames(connection: Connection, picture: Packets, time: int) -> bytes:
        framed, at = made(connection, picture, time), 0
        while at < len(framed):
            end = at + 4 + int.from_bytes(framed[at + 2 : at + 4], "big")
            connection.datagrams.send(framed[at + 4 : end])
            at = end
        return b""

    return frames


in_datagrams = in_datagrams_of(ordinary_frames)


def among_forged(connection: Connection, picture: Packets, time: int) -> bytes:
    """Send a hundred packets of a stranger before each picture."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for _ in range(100):
            stranger.sendto(_STRANGERS, connection.datagrams.getpeername())
    return in_datagrams(connection, picture, time)


def to_nowhere(connection: Connection, picture: Packets, time: int) -> bytes:
    return b""


_SETUP = {"SETUP": refuse_tcp}

BEHAVIOURS: dict[str, Behaviour] = {
    "udp_only": Behaviour("sends over UDP only", flaw="media.datagrams", answers=_SETUP, frames=in_datagrams),
    "udp_forged": Behaviour(
        "sends over UDP, while a stranger sends to the same port",
        flaw="media.datagrams",
        answers=_SETUP,
        frames=among_forged,
    ),
    "udp_lost": Behaviour("agrees to UDP, and nothing arrives", "recorder.silent", answers=_SETUP, frames=to_nowhere),
}
