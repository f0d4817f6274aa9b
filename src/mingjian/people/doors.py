"""Which doors lead in besides the local password, as the settings say: campus CAS, OIDC, a directory (LDAP).

A door whose settings have a fault stays shut, the others do not mind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from mingjian.base.errors import MingjianError
from mingjian.host import secrets

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SETTINGS = (
    "MINGJIAN_CAS_URL",
    "MINGJIAN_CAS_ATTRIBUTE",
    "MINGJIAN_OIDC_ISSUER",
    "MINGJIAN_OIDC_CLIENT_ID",
    "MINGJIAN_OIDC_SECRET_FILE",
    "MINGJIAN_OIDC_CLAIM",
    "MINGJIAN_OIDC_HOSTS",
    "MINGJIAN_LDAP_URL",
    "MINGJIAN_LDAP_BASE",
    "MINGJIAN_LDAP_ATTRIBUTE",
    "MINGJIAN_LDAP_BIND_DN",
    "MINGJIAN_LDAP_SECRET_FILE",
    "MINGJIAN_DOORS_CA_FILE",
)


class Door(StrEnum):
    """The way somebody came in. Stored in sessions and in the kinds of acts."""

    PASSWORD = "password"  # noqa: S105 - the name of a door
    CAS = "cas"
    OIDC = "oidc"
    LDAP = "ldap"


class DoorError(MingjianError):
    """Nobody came in through a door outside. `reason` is for the log: a word, never what somebody sent.

    Codes: "people.door_away", "people.door_certificate", "people.door_answer", "people.door_ticket",
    "people.door_stale", "people.door_declined", "people.door_no_account", "people.door_locked", "people.door_busy",
    "people.door_secret".
    """

    def __init__(self, code: str, *, door: Door, reason: str = "") -> None:
        super().__init__(code, door=door.name, reason=reason)


@dataclass(frozen=True, slots=True)
class Cas:
    """A CAS 3.0 server. `url` ends in "/"; `attribute` names whom it means, empty for its own user name."""

    url: str
    attribute: str
    ca_file: Path | None

    @property
    def host(self) -> str:
        """The one host that is asked."""
        return _host(urlsplit(self.url))


@dataclass(frozen=True, slots=True)
class Oidc:
    """An OpenID provider. `hosts` may be asked: the issuer's and those that the settings add."""

    issuer: str
    client_id: str
    secret_file: Path | None
    claim: str
    hosts: frozenset[str]
    ca_file: Path | None


@dataclass(frozen=True, slots=True)
class Ldap:
    """A directory, asked over TLS only: `is_tls_at_once` for ldaps, StartTLS before anything else for ldap."""

    host: str
    port: int
    is_tls_at_once: bool
    base: str
    attribute: str
    bind_dn: str
    secret_file: Path | None
    ca_file: Path | None


@dataclass(frozen=True, slots=True)
class Doors:
    """The doors that stand open, and the settings at fault that keep others shut."""

    cas: Cas | None
    oidc: Oidc | None
    ldap: Ldap | None
    faults: tuple[str, ...]


def read(settings: Mapping[str, str]) -> Doors:
    """Return the doors of these settings; none is asked for anything yet."""
    faults: list[str] = []
    return Doors(_cas(settings, faults), _oidc(settings, faults), _ldap(settings, faults), tuple(faults))


def secret(path: Path, *, door: Door) -> str:
    """Return the text of a door's secret file, which the owner alone may read. Raises DoorError."""
    try:
        return secrets.read(path)
    except (secrets.SecretError, OSError, ValueError) as error:
        raise DoorError("people.door_secret", door=door) from error


def is_safe(url: str, *, hosts: frozenset[str]) -> bool:
    """Say whether an address is one of these hosts' and over TLS; without TLS only on this very machine."""
    try:
        parts = urlsplit(url)
        host = _host(parts)
    except ValueError:
        return False
    is_private = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    return is_private and host in hosts and "@" not in parts.netloc


def _cas(settings: Mapping[str, str], faults: list[str]) -> Cas | None:
    url = settings.get("MINGJIAN_CAS_URL", "").strip()
    if not url:
        return None
    if not _is_sound(url):
        faults.append("MINGJIAN_CAS_URL")
        return None
    return Cas(f"{url.rstrip('/')}/", settings.get("MINGJIAN_CAS_ATTRIBUTE", "").strip(), _file(settings, _CA))


def _oidc(settings: Mapping[str, str], faults: list[str]) -> Oidc | None:
    issuer, client = (settings.get(f"MINGJIAN_OIDC_{name}", "").strip() for name in ("ISSUER", "CLIENT_ID"))
    if not issuer:
        return None
    if not _is_sound(issuer) or not client:
        faults.append("MINGJIAN_OIDC_CLIENT_ID" if _is_sound(issuer) else "MINGJIAN_OIDC_ISSUER")
        return None
    more = (host.strip().lower() for host in settings.get("MINGJIAN_OIDC_HOSTS", "").split(","))
    return Oidc(
        issuer=issuer,
        client_id=client,
        secret_file=_file(settings, "MINGJIAN_OIDC_SECRET_FILE"),
        claim=settings.get("MINGJIAN_OIDC_CLAIM", "").strip() or "preferred_username",
        hosts=frozenset({_host(urlsplit(issuer)), *(host for host in more if host)}),
        ca_file=_file(settings, _CA),
    )


def _ldap(settings: Mapping[str, str], faults: list[str]) -> Ldap | None:
    url, base = (settings.get(f"MINGJIAN_LDAP_{name}", "").strip() for name in ("URL", "BASE"))
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None or parts.scheme not in ("ldap", "ldaps") or parts.path.strip("/") or "@" in parts.netloc:
        faults.append("MINGJIAN_LDAP_URL")
        return None
    attribute = settings.get("MINGJIAN_LDAP_ATTRIBUTE", "").strip() or "uid"
    if not base or not attribute.replace("-", "").isalnum():
        faults.append("MINGJIAN_LDAP_ATTRIBUTE" if base else "MINGJIAN_LDAP_BASE")
        return None
    is_tls_at_once = parts.scheme == "ldaps"
    return Ldap(
        host=host,
        port=port or (636 if is_tls_at_once else 389),
        is_tls_at_once=is_tls_at_once,
        base=base,
        attribute=attribute,
        bind_dn=settings.get("MINGJIAN_LDAP_BIND_DN", "").strip(),
        secret_file=_file(settings, "MINGJIAN_LDAP_SECRET_FILE"),
        ca_file=_file(settings, _CA),
    )


_CA = "MINGJIAN_DOORS_CA_FILE"


def _is_sound(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return not parts.query and not parts.fragment and is_safe(url, hosts=frozenset({_host(parts)}))
    except ValueError:
        return False


def _file(settings: Mapping[str, str], name: str) -> Path | None:
    written = settings.get(name, "").strip()
    return Path(written) if written else None


def _host(parts: SplitResult) -> str:
    """Return host and, where it is not the scheme's own, port. Raises ValueError for a port that is no number."""
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    port = parts.port or usual
    return (parts.hostname or "") if port == usual else f"{parts.hostname or ''}:{port}"
