"""The signer's door, a Unix socket: the same text as a witness is asked with, answered by a note or a code."""

import json
import os
import socket
import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from mingjian.base.errors import MingjianError
from mingjian.host import unix_door
from mingjian.ledger import asking, checkpoint
from mingjian.ledger.checkpoint import Checkpoint
from mingjian.ledger.heads import HeadError
from mingjian.ledger.signer import Signer

_TIMEOUT_S = 5.0
_POLL_S = 0.5
_BACKLOG = 8
_LATEST = "latest "


class SignerLink:
    """A signer in another process."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def latest(self, *, origin: str) -> str | None:
        """Return the last note signed for a log. Raises OSError when the signer is away."""
        note = self._ask(f"{_LATEST}{origin}".encode()).get("note")
        return None if note is None else str(note)

    def sign(self, head: Checkpoint, *, old_size: int, proof: Sequence[bytes]) -> str:
        """Have a head signed. Raises HeadError with the signer's code, OSError when it is away."""
        return str(self._ask(asking.write(old_size=old_size, proof=proof, note=head.text()))["note"])

    def is_apart(self) -> bool:
        """Say whether the signer runs under another OS user than we do, by what the kernel says of the socket."""
        with self._connected() as line:
            told = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return int(struct.unpack("3i", told)[1]) != os.geteuid()

    def _ask(self, body: bytes) -> dict[str, Any]:
        with self._connected() as line:
            line.sendall(body)
            line.shutdown(socket.SHUT_WR)
            answer: dict[str, Any] = json.loads(_all_of(line) or b'{"code": "ledger.signer_away"}')
        if "code" in answer:
            code = str(answer.pop("code"))
            if code == "ledger.signer_away":
                raise ConnectionResetError(code)
            raise HeadError(code, **answer)
        return answer

    def _connected(self) -> socket.socket:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(_TIMEOUT_S)
        try:
            line.connect(str(self._path))
        except OSError:
            line.close()
            raise
        return line


def serve(signer: Signer, *, path: Path, is_stopping: Callable[[], bool]) -> None:
    """Answer one asker after the other until told to stop. Who may connect is said by the folder's permissions."""
    with unix_door.listening(path, backlog=_BACKLOG) as door:
        door.settimeout(_POLL_S)
        while not is_stopping():
            with suppress(TimeoutError):
                line, _address = door.accept()
                with line, suppress(OSError):
                    line.settimeout(_TIMEOUT_S)
                    line.sendall(json.dumps(_answer(signer, _all_of(line))).encode())


def _answer(signer: Signer, body: bytes) -> dict[str, object]:
    try:
        if body.startswith(_LATEST.encode()):
            return {"note": signer.latest(origin=body[len(_LATEST) :].decode("utf-8", errors="replace"))}
        request = asking.read(body)
        head = checkpoint.parse(request.note)
        return {"note": signer.sign(head, old_size=request.old_size, proof=request.proof)}
    except MingjianError as error:
        return {"code": error.code, **error.facts}


def _all_of(line: socket.socket) -> bytes:
    parts = bytearray()
    while len(parts) <= asking.MAX_BYTES and (part := line.recv(65_536)):
        parts += part
    return bytes(parts)
