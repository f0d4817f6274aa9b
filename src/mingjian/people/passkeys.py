"""Passkeys and hardware keys (W3C Web Authentication): what the browser is asked, and whether its answer is true.

A key belongs to the host name it was made for, and browsers take none for a bare IP address or without TLS, but for
localhost. The challenge stays in the web session between question and answer, and is good for one answer.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    UserVerificationRequirement,
)

_NAME = "明鉴"
_ADDRESS = re.compile(r"[0-9.]+|\[.*\]|.*:.*")
LONGEST_ANSWER = 16_384
# What the library raises for an answer that is cut, of another shape, or signed in a way that it does not know.
_MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, NotImplementedError, UnsupportedAlgorithm)


@dataclass(frozen=True, slots=True)
class Site:
    """Where the browser is: "https://video.example.edu:8443", host without port."""

    origin: str
    host: str

    @property
    def takes_passkeys(self) -> bool:
        """Whether browsers make and use passkeys here."""
        is_secure = self.origin.startswith("https://") or self.host == "localhost"
        return is_secure and not _ADDRESS.fullmatch(self.host)

    def server(self) -> Fido2Server:
        """Return the library's server for this site; an answer from any other origin is refused."""
        return Fido2Server(PublicKeyCredentialRpEntity(id=self.host, name=_NAME), verify_origin=self.origin.__eq__)


@dataclass(frozen=True, slots=True)
class Question:
    """What the browser is asked (JSON), and the state to keep until it answers."""

    options: str
    state: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """Whose key answered, and its counter: a key that counts never counts backwards."""

    credential_id: bytes
    credential: bytes
    counter: int


def ask_to_make(site: Site, *, user_id: bytes, username: str, name: str, known: Sequence[bytes]) -> Question:
    """Ask for a new key; those known already are not made again."""
    options, state = site.server().register_begin(
        PublicKeyCredentialUserEntity(id=user_id, name=username, display_name=name),
        credentials=[AttestedCredentialData(each) for each in known],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Question(json.dumps(dict(options)["publicKey"]), state)


def made(site: Site, *, state: Mapping[str, Any], answer: str) -> Answered | None:
    """Return the new key, None when the answer is not a true one."""
    try:
        data = site.server().register_complete(state, _read(answer))
    except _MALFORMED:
        return None
    credential = data.credential_data
    return None if credential is None else Answered(credential.credential_id, bytes(credential), data.counter)


def ask_to_use(site: Site, *, known: Sequence[bytes]) -> Question:
    """Ask for an answer by one of the known keys."""
    options, state = site.server().authenticate_begin(
        [AttestedCredentialData(each) for each in known], user_verification=UserVerificationRequirement.PREFERRED
    )
    return Question(json.dumps(dict(options)["publicKey"]), state)


def used(site: Site, *, state: Mapping[str, Any], known: Sequence[bytes], answer: str) -> Answered | None:
    """Return which key answered, None when the answer is not a true one."""
    try:
        response = AuthenticationResponse.from_dict(_read(answer))
        found = site.server().authenticate_complete(state, [AttestedCredentialData(each) for each in known], response)
    except _MALFORMED:
        return None
    return Answered(found.credential_id, bytes(found), response.response.authenticator_data.counter)


def _read(answer: str) -> Mapping[str, Any]:
    """Raises ValueError."""
    read = json.loads(answer[: LONGEST_ANSWER + 1])
    if len(answer) > LONGEST_ANSWER or not isinstance(read, dict):
        raise ValueError("no answer of a browser")
    return read
