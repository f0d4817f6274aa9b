"""A grant as a token: minted by the control plane, verified by whoever serves media. Short-lived, never in a URL.

Form: `mj1.<kid>.<claims>.<signature>`, the last two in unpadded base64url; claims are compact JSON in UTF-8. The
signature covers the exact bytes of the claims under the kind "grant". Nothing is believed before it has been checked.
"""

import base64
import binascii
import hmac
import json
import re
from typing import Any

from mingjian.base.errors import MingjianError
from mingjian.base.ids import CameraId, DeploymentId, GrantId, PersonId, is_id
from mingjian.base.ticks import TICKS_PER_S, Ticks90k
from mingjian.grants.claims import LEASE_90K, Grant, GrantedCamera, Purpose
from mingjian.grants.signing import SIGNATURE_BYTES, PaperError, Signer, Verifier, is_key_id

GRANT_VERSION = 2
ACCEPTED_VERSIONS = frozenset({GRANT_VERSION})
MAX_TOKEN_CHARACTERS = 16_384
MAX_CAMERAS = 64
MAX_ARTICLES = 16
CLOCK_TOLERANCE_90K = TICKS_PER_S

_FORM = "mj1"
_KIND = "grant"
_TRACKS = frozenset({"video", "audio"})
_SESSION_HASH = re.compile(r"[0-9a-f]{64}")
_ARTICLE = re.compile(r"A[0-9]{2}[0-9A-Za-z.]{0,12}")
_HOST = re.compile(r"[0-9A-Za-z.:_\[\]-]{1,255}")
_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,64}")
_CAPACITY = re.compile(r"[0-9A-Za-z@._-]{1,128}")
_BASE64URL = re.compile(r"[0-9A-Za-z_-]+")
_MAX_TICKS = (1 << 53) - 1


class GrantError(MingjianError):
    """A grant opens nothing. Codes: grants.malformed, .bad_signature, .unknown_key, .expired, .not_yet,
    .foreign_deployment, .foreign_session, .foreign_host.
    """


def mint(grant: Grant, *, signer: Signer) -> str:
    """Return the signed token of one lease.

    Raises GrantError("grants.malformed") for claims that no verifier would take, a lease of more than five seconds
    included: better here than at the screen.
    """
    claims = json.dumps(_to_json(grant), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
    _from_json(claims)
    signature = signer.sign(kind=_KIND, payload=claims)
    token = f"{_FORM}.{signer.kid}.{_encode(claims)}.{_encode(signature)}"
    if len(token) > MAX_TOKEN_CHARACTERS:
        raise GrantError("grants.malformed", reason="too_long")
    return token


def verify(token: str, *, verifier: Verifier, deployment_id: str, host: str, now_90k: int, session_hash: str) -> Grant:
    """Return the grant when it is ours, for this host and session, and in force at `now_90k`; else raise GrantError.

    In force means issued_at <= now < expires_at; an issue time up to one second ahead is taken as clock difference
    between hosts. Which cameras and instants it opens is for the caller to ask (`Grant.covers`, the window).
    """
    if len(token) > MAX_TOKEN_CHARACTERS:
        raise GrantError("grants.malformed", reason="too_long")
    parts = token.split(".")
    if len(parts) != 4 or parts[0] != _FORM or not is_key_id(parts[1]):
        raise GrantError("grants.malformed", reason="form")
    claims, signature = _decode(parts[2]), _decode(parts[3])
    if len(signature) != SIGNATURE_BYTES:
        raise GrantError("grants.malformed", reason="signature_length")
    _check_signature(verifier, parts[1], claims, signature)
    grant = _from_json(claims)
    if grant.deployment_id != deployment_id:
        raise GrantError("grants.foreign_deployment", grant=grant.grant_id)
    if grant.host != host:
        raise GrantError("grants.foreign_host", grant=grant.grant_id, host=grant.host)
    if not hmac.compare_digest(grant.session_hash.encode(), session_hash.encode()):
        raise GrantError("grants.foreign_session", grant=grant.grant_id)
    if now_90k >= grant.expires_at_90k:
        raise GrantError("grants.expired", grant=grant.grant_id, expired_at_90k=grant.expires_at_90k)
    if now_90k + CLOCK_TOLERANCE_90K < grant.issued_at_90k:
        raise GrantError("grants.not_yet", grant=grant.grant_id, issued_at_90k=grant.issued_at_90k)
    return grant


def _check_signature(verifier: Verifier, kid: str, claims: bytes, signature: bytes) -> None:
    try:
        verifier.verify(kid=kid, kind=_KIND, payload=claims, signature=signature)
    except PaperError as error:
        code = "grants.unknown_key" if error.code == "grants.paper_unknown_key" else "grants.bad_signature"
        raise GrantError(code, kid=kid) from None


def _to_json(grant: Grant) -> dict[str, Any]:
    return {
        "v": grant.version,
        "deployment": grant.deployment_id,
        "epoch": grant.epoch,
        "grant": grant.grant_id,
        "person": grant.person_id,
        "name": grant.person_name,
        "capacity": grant.capacity,
        "session": grant.session_hash,
        "purpose": grant.purpose,
        "articles": list(grant.articles),
        "cameras": [[camera.camera_id, list(camera.tracks)] for camera in grant.cameras],
        "start_90k": grant.start_90k,
        "end_90k": grant.end_90k,
        "host": grant.host,
        "issued_at_90k": grant.issued_at_90k,
        "expires_at_90k": grant.expires_at_90k,
    }


_FIELDS = frozenset(
    {"v", "deployment", "epoch", "grant", "person", "name", "capacity", "session", "purpose", "articles", "cameras"}
    | {"start_90k", "end_90k", "host", "issued_at_90k", "expires_at_90k"}
)


def _from_json(claims: bytes) -> Grant:
    try:
        fields = json.loads(claims)
    except (ValueError, RecursionError):
        raise GrantError("grants.malformed", reason="not_json") from None
    if not isinstance(fields, dict) or set(fields) != _FIELDS:
        raise GrantError("grants.malformed", reason="fields")
    version = _integer(fields, "v")
    if version not in ACCEPTED_VERSIONS:
        raise GrantError("grants.malformed", reason="version")
    grant = Grant(
        version=version,
        deployment_id=DeploymentId(_id(fields, "deployment")),
        epoch=_integer(fields, "epoch"),
        grant_id=GrantId(_id(fields, "grant")),
        person_id=PersonId(_id(fields, "person")),
        person_name=_matching(fields["name"], _NAME, "name"),
        capacity=_matching(fields["capacity"], _CAPACITY, "capacity"),
        session_hash=_matching(fields["session"], _SESSION_HASH, "session"),
        purpose=_purpose(fields["purpose"]),
        articles=tuple(_matching(article, _ARTICLE, "articles") for article in _list(fields["articles"], "articles")),
        cameras=tuple(_camera(camera) for camera in _list(fields["cameras"], "cameras")),
        start_90k=Ticks90k(_integer(fields, "start_90k")),
        end_90k=Ticks90k(_integer(fields, "end_90k")),
        host=_matching(fields["host"], _HOST, "host"),
        issued_at_90k=Ticks90k(_integer(fields, "issued_at_90k")),
        expires_at_90k=Ticks90k(_integer(fields, "expires_at_90k")),
    )
    _check_sense(grant)
    return grant


def _check_sense(grant: Grant) -> None:
    """Refuse well-formed claims that no honest minter makes."""
    if not 1 <= len(grant.cameras) <= MAX_CAMERAS:
        raise GrantError("grants.malformed", reason="cameras")
    if not 1 <= len(grant.articles) <= MAX_ARTICLES:
        raise GrantError("grants.malformed", reason="articles")
    if not grant.start_90k < grant.end_90k:
        raise GrantError("grants.malformed", reason="window")
    if not 0 < grant.expires_at_90k - grant.issued_at_90k <= LEASE_90K:
        raise GrantError("grants.malformed", reason="lease")


def _id(fields: dict[str, Any], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str) or not is_id(value):
        raise GrantError("grants.malformed", reason=name)
    return value


def _integer(fields: dict[str, Any], name: str) -> int:
    value = fields[name]
    if type(value) is not int or not 0 <= value <= _MAX_TICKS:
        raise GrantError("grants.malformed", reason=name)
    return value


def _matching(value: object, form: re.Pattern[str], name: str) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise GrantError("grants.malformed", reason=name)
    return value


def _list(value: object, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise GrantError("grants.malformed", reason=name)
    return value


def _purpose(value: Any) -> Purpose:
    try:
        return Purpose(value)
    except ValueError:
        raise GrantError("grants.malformed", reason="purpose") from None


def _camera(value: object) -> GrantedCamera:
    if not isinstance(value, list) or len(value) != 2:
        raise GrantError("grants.malformed", reason="cameras")
    camera_id, tracks = value
    if not isinstance(camera_id, str) or not is_id(camera_id) or not isinstance(tracks, list):
        raise GrantError("grants.malformed", reason="cameras")
    if not tracks or not all(isinstance(track, str) and track in _TRACKS for track in tracks):
        raise GrantError("grants.malformed", reason="tracks")
    return GrantedCamera(camera_id=CameraId(camera_id), tracks=tuple(tracks))


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    if not _BASE64URL.fullmatch(text):
        raise GrantError("grants.malformed", reason="encoding")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise GrantError("grants.malformed", reason="encoding") from None
    if _encode(raw) != text:
        # Spare bits of the last character: two texts for the same bytes would be two tokens for one grant.
        raise GrantError("grants.malformed", reason="encoding")
    return raw
