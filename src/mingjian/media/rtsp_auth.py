"""Answering a camera's challenge: digest with MD5 or SHA-256, and basic (RFC 7616, RFC 2617, RFC 7617)."""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from mingjian.media.rtsp_address import Credentials
from mingjian.media.rtsp_error import RtspError

_SCHEME = re.compile(r"\s*(Digest|Basic)\b\s*(.*)", re.IGNORECASE | re.DOTALL)
_PARAMETER = re.compile(r'([A-Za-z][A-Za-z0-9_-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))')
_NEXT_CHALLENGE = re.compile(r",\s*(?=(?:Digest|Basic)\s)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a camera demands. `algorithm` is a name of hashlib, empty for basic."""

    algorithm: str
    is_session: bool = False
    realm: str = ""
    nonce: str = ""
    opaque: str | None = None
    has_quality: bool = False
    is_stale: bool = False
    name: str = field(default="", repr=False)


def strongest_challenge(values: Iterable[str]) -> Challenge | None:
    """Return the strongest challenge of WWW-Authenticate headers that we can answer, or None."""
    parts = [part for value in values for part in _NEXT_CHALLENGE.split(value)]
    challenges = [challenge for part in parts if (challenge := _parse(part)) is not None]
    order = {"sha256": 2, "md5": 1, "": 0}
    return max(challenges, key=lambda challenge: order[challenge.algorithm], default=None)


def _parse(value: str) -> Challenge | None:
    matched = _SCHEME.fullmatch(value[:4096])
    if matched is None:
        return None
    parameters: Mapping[str, str] = {
        name.lower(): _ESCAPED.sub(r"\1", quoted) if quoted else bare
        for name, quoted, bare in _PARAMETER.findall(matched[2])
    }
    if matched[1].lower() == "basic":
        return Challenge(algorithm="", realm=parameters.get("realm", ""))
    written = parameters.get("algorithm", "")
    name, _, suffix = written.upper().partition("-SESS")
    algorithm = {"": "md5", "MD5": "md5", "SHA-256": "sha256"}.get(name)
    qualities = {word.strip().lower() for word in parameters.get("qop", "").split(",") if word.strip()}
    if algorithm is None or suffix or "nonce" not in parameters or (qualities and "auth" not in qualities):
        return None
    return Challenge(
        algorithm=algorithm,
        is_session=written.upper().endswith("-SESS"),
        realm=parameters.get("realm", ""),
        nonce=parameters["nonce"],
        opaque=parameters.get("opaque"),
        has_quality=bool(qualities),
        is_stale=parameters.get("stale", "").lower() == "true",
        name=written,
    )


class Authenticator:
    """Writes the Authorization header of each request, once a challenge is known."""

    def __init__(
        self, *, credentials: Credentials | None, client_nonce: Callable[[], str] = lambda: secrets.token_hex(8)
    ) -> None:
        self._credentials = credentials
        self._client_nonce = client_nonce
        self._challenge: Challenge | None = None
        self._count = 0
        self._is_accepted = False

    def meet(self, values: Iterable[str]) -> bool:
        """Take the challenge of a 401; False when answering again would be no use.

        Raises RtspError `media.unauthorized`, `reason` `no_credentials` or `unknown_scheme`.
        """
        challenge = strongest_challenge(values)
        if self._credentials is None:
            raise RtspError("media.unauthorized", reason="no_credentials")
        if challenge is None:
            raise RtspError("media.unauthorized", reason="unknown_scheme")
        former, self._challenge = self._challenge, challenge
        self._count = 0
        was_accepted, self._is_accepted = self._is_accepted, False
        # A nonce that was good until now has run out, whether the camera calls it stale or not.
        return former is None or (challenge.nonce != former.nonce and (challenge.is_stale or was_accepted))

    def note_accepted(self) -> None:
        """The answer to the last challenge, if there was one, was right."""
        self._is_accepted = self._challenge is not None

    def header(self, *, method: str, url: str) -> str | None:
        """Return the value for this request, None before any challenge."""
        challenge, credentials = self._challenge, self._credentials
        if challenge is None or credentials is None:
            return None
        if not challenge.algorithm:
            pair = f"{credentials.user}:{credentials.password}".encode()
            return "Basic " + base64.b64encode(pair).decode("ascii")
        self._count += 1
        return self._digest(challenge, credentials, method, url)

    def _digest(self, challenge: Challenge, credentials: Credentials, method: str, url: str) -> str:
        def hashed(*parts: str) -> str:
            return hashlib.new(challenge.algorithm, ":".join(parts).encode(), usedforsecurity=False).hexdigest()

        client_nonce, count = self._client_nonce(), f"{self._count:08x}"
        secret = hashed(credentials.user, challenge.realm, credentials.password)
        if challenge.is_session:
            secret = hashed(secret, challenge.nonce, client_nonce)
        request = hashed(method, url)
        if challenge.has_quality:
            answer = hashed(secret, challenge.nonce, count, client_nonce, "auth", request)
        else:
            answer = hashed(secret, challenge.nonce, request)
        fields = {
            "username": credentials.user,
            "realm": challenge.realm,
            "nonce": challenge.nonce,
            "uri": url,
            "response": answer,
        }
        if challenge.opaque is not None:
            fields["opaque"] = challenge.opaque
        if challenge.has_quality or challenge.is_session:
            fields["cnonce"] = client_nonce
        written = ", ".join(f"{name}={_quoted(value)}" for name, value in fields.items())
        if challenge.has_quality:
            written += f", qop=auth, nc={count}"
        # Old servers stumble over an algorithm they did not name themselves.
        if challenge.name:
            written += f", algorithm={challenge.name}"
        return "Digest " + written


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
