"""A directory (LDAP, RFC 4511): whom a typed name means, and whether a password opens that entry.

Every word goes over verified TLS. Looking up and trying the password are two steps, so that the account's lock stands
between them whichever way the name was typed.
"""

import secrets
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ldap3
from ldap3.core.exceptions import LDAPException
from ldap3.utils.conv import escape_filter_chars

from mingjian.people import doors
from mingjian.people.doors import Door, DoorError, Ldap
from mingjian.people.fetching import PATIENCE_S, tls_of

AT_ONCE = 8
LONGEST_PASSWORD = 256
_INVALID_CREDENTIALS = 49
_NO_SUCH_OBJECT = 32
_ENOUGH = frozenset({0, 4})  # success, or more than the two that were asked for

_running = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One person's entry: its name in the directory, and whom it means here."""

    dn: str
    username: str


def find(ldap: Ldap, *, typed: str) -> Entry | None:
    """Return the one entry that bears the typed name, None without one or with several. Raises DoorError."""
    with _connection(ldap, user=ldap.bind_dn, password=_service_password(ldap)) as line:
        if not line.bind():
            raise _error("people.door_answer", "service_bind")
        line.search(
            ldap.base,
            f"({ldap.attribute}={escape_filter_chars(typed)})",
            search_scope=ldap3.SUBTREE,
            attributes=[ldap.attribute],
            size_limit=2,
            time_limit=int(PATIENCE_S),
        )
        if line.result["result"] not in _ENOUGH:
            raise _error("people.door_answer", f"result_{line.result['result']}")
        found = [item for item in line.response or () if item.get("type") == "searchResEntry"]
    if len(found) != 1:
        return None
    raw = found[0]["raw_attributes"]
    values = [value.decode() for name in raw if name.lower() == ldap.attribute.lower() for value in raw[name]]
    named = values if len(values) == 1 else [value for value in values if value.casefold() == typed.casefold()]
    return Entry(str(found[0]["dn"]), named[0]) if len(named) == 1 else None


def is_right(ldap: Ldap, *, entry: Entry | None, password: str) -> bool:
    """Say whether the password opens the entry; without one, ask for an entry that is not there and say no.

    An empty password is a bind of nobody, which directories grant: it never gets there. Raises DoorError.
    """
    if not 0 < len(password) <= LONGEST_PASSWORD or "\x00" in password:
        return False
    dn = f"{ldap.attribute}={secrets.token_hex(8)},{ldap.base}" if entry is None else entry.dn
    with _connection(ldap, user=dn, password=password) as line:
        is_bound = bool(line.bind())
        result = int(line.result["result"])
    if not is_bound and result not in (_INVALID_CREDENTIALS, _NO_SUCH_OBJECT):
        # Locked or expired over there, or out of order: the directory's reason is not the person's typing.
        raise _error("people.door_answer", f"result_{result}")
    return is_bound and entry is not None


class _Tls(ldap3.Tls):  # type: ignore[misc]  # ldap3 has no types
    """TLS as Python checks it, names included; ldap3's own check leans on what newer Pythons have dropped."""

    def __init__(self, ca_file: Path | None) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._context = tls_of(ca_file)

    def wrap_socket(self, connection: Any, do_handshake: object = None) -> None:
        """Put the connection's socket under TLS. Raises ssl.SSLError."""
        connection.socket = self._context.wrap_socket(connection.socket, server_hostname=connection.server.host)


@contextmanager
def _connection(ldap: Ldap, *, user: str, password: str) -> Iterator[ldap3.Connection]:
    if not _running.acquire(blocking=False):
        raise DoorError("people.door_busy", door=Door.LDAP)
    try:
        line = _line(ldap, user=user, password=password)
        try:
            line.open(read_server_info=False)
            if not ldap.is_tls_at_once and not line.start_tls(read_server_info=False):
                raise _error("people.door_certificate", "start_tls")
            yield line
        finally:
            with suppress(LDAPException):
                line.unbind()
            if line.socket is not None:
                # Left open where TLS did not come about.
                line.socket.close()
    except LDAPException as error:
        raise _away(error) from error
    except (OSError, ValueError) as error:
        raise _error("people.door_away", type(error).__name__) from error
    finally:
        _running.release()


def _line(ldap: Ldap, *, user: str, password: str) -> ldap3.Connection:
    server = ldap3.Server(
        ldap.host,
        port=ldap.port,
        use_ssl=ldap.is_tls_at_once,
        tls=_Tls(ldap.ca_file),
        get_info=ldap3.NONE,
        connect_timeout=PATIENCE_S,
    )
    return ldap3.Connection(
        server,
        user=user or None,
        password=password if user else None,
        authentication=ldap3.SIMPLE if user else ldap3.ANONYMOUS,
        auto_referrals=False,
        receive_timeout=int(PATIENCE_S),
        check_names=False,
    )


def _service_password(ldap: Ldap) -> str:
    return doors.secret(ldap.secret_file, door=Door.LDAP) if ldap.bind_dn and ldap.secret_file is not None else ""


def _away(error: LDAPException) -> DoorError:
    """Tell a certificate nobody should trust from a directory that does not answer; ldap3 says both in prose."""
    prose = str(error).lower()
    is_certificate = "certificate" in prose or "tls" in type(error).__name__.lower()
    return _error("people.door_certificate" if is_certificate else "people.door_away", type(error).__name__)


def _error(code: str, reason: str) -> DoorError:
    return DoorError(code, door=Door.LDAP, reason=reason)
