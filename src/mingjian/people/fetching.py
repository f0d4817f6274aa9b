"""One request to a configured host of a door: over verified TLS, without redirects, within seconds and bytes.

No proxy of the environment is asked, no cookie kept. What goes wrong has a name that says what to look at.
"""

import http.client
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from mingjian.people import doors
from mingjian.people.doors import Door, DoorError

PATIENCE_S = 4.0
LONGEST_BYTES = 256 * 1024
AT_ONCE = 8
_CHUNK = 16 * 1024

_running = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of whom. A `body` makes it a POST of a form. Headers and body may hold secrets: never shown."""

    door: Door
    url: str
    hosts: frozenset[str]
    ca_file: Path | None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes = field(repr=False)


def tls_of(ca_file: Path | None) -> ssl.SSLContext:
    """Return how certificates are checked: by the university's own authority where one is named, or the system's."""
    context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def fetch(ask: Ask) -> Answer:
    """Return the answer, whatever its status. Raises DoorError."""
    if not doors.is_safe(ask.url, hosts=ask.hosts):
        raise DoorError("people.door_answer", door=ask.door, reason="foreign_address")
    if not _running.acquire(blocking=False):
        raise DoorError("people.door_busy", door=ask.door)
    try:
        return _fetch(ask)
    except ssl.SSLCertVerificationError as error:
        raise DoorError("people.door_certificate", door=ask.door, reason=error.verify_message) from error
    except (OSError, http.client.HTTPException) as error:
        raise DoorError("people.door_away", door=ask.door, reason=type(error).__name__) from error
    finally:
        _running.release()


def _fetch(ask: Ask) -> Answer:
    parts = urlsplit(ask.url)
    host = parts.hostname or ""
    line: http.client.HTTPConnection
    if parts.scheme == "https":
        line = http.client.HTTPSConnection(host, parts.port, timeout=PATIENCE_S, context=tls_of(ask.ca_file))
    else:
        line = http.client.HTTPConnection(host, parts.port, timeout=PATIENCE_S)
    deadline_s = time.monotonic() + 2 * PATIENCE_S
    try:
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        headers = {"Accept-Encoding": "identity", "User-Agent": "mingjian", **ask.headers}
        if ask.body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request("GET" if ask.body is None else "POST", target, body=ask.body, headers=headers)
        with line.getresponse() as response:
            return Answer(response.status, _read(response, ask.door, deadline_s=deadline_s))
    finally:
        line.close()


def _read(response: http.client.HTTPResponse, door: Door, *, deadline_s: float) -> bytes:
    body = bytearray()
    while chunk := response.read1(_CHUNK):
        body += chunk
        if len(body) > LONGEST_BYTES:
            raise DoorError("people.door_answer", door=door, reason="too_long")
        if time.monotonic() > deadline_s:
            raise TimeoutError
    return bytes(body)
