"""OpenID Connect: the code flow with PKCE, state and nonce, and who an ID token says it is.

See OpenID Connect Core 1.0 §3.1 and §5.3, Discovery 1.0 §4, RFC 7636 (PKCE), RFC 9207 (`iss` of the answer).
"""

import base64
import hashlib
import json
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from mingjian.base.clock import Clock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import doors, fetching
from mingjian.people.doors import Door, DoorError, Oidc
from mingjian.people.fetching import Answer, Ask

# Signatures with a key of the provider's own. None of a shared secret, and never "none".
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY_S = 60
LONGEST_CODE = 2048
_KEPT_90K = 300 * TICKS_PER_S


@dataclass(frozen=True, slots=True)
class Begun:
    """What one sign-in was begun with, known to us and to the browser that began it."""

    state: str
    nonce: str
    verifier: str = field(repr=False)
    back: str


@dataclass(frozen=True, slots=True)
class _Provider:
    authorization: str
    token: str
    keys: str
    userinfo: str


_lock = threading.Lock()
_known: dict[Oidc, tuple[int, _Provider]] = {}


def sign_in_url(oidc: Oidc, *, begun: Begun, clock: Clock) -> str:
    """Return where the browser is sent; it comes back to `begun.back` with a code. Raises DoorError."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": oidc.client_id,
        "redirect_uri": begun.back,
        "scope": "openid profile",
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    address = _provider(oidc, clock=clock).authorization
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def username_of(oidc: Oidc, *, code: str, issuer: str, begun: Begun, clock: Clock) -> str:
    """Return whom the code stands for, by the claim of the settings. `issuer` is the answer's, empty without one.

    Raises DoorError.
    """
    if issuer and issuer != oidc.issuer:
        raise _error("people.door_answer", "issuer")
    if not 0 < len(code) <= LONGEST_CODE:
        raise _error("people.door_ticket", "code_form")
    provider = _provider(oidc, clock=clock)
    tokens = _tokens(oidc, provider, code=code, begun=begun)
    claims = _claims(oidc, provider, text=tokens.get("id_token"), nonce=begun.nonce, clock=clock)
    if oidc.claim not in claims and provider.userinfo:
        claims = _more_claims(oidc, provider, access=tokens.get("access_token"), subject=claims["sub"])
    named = claims.get(oidc.claim)
    if not isinstance(named, str) or not named:
        raise _error("people.door_answer", "no_one_name")
    return named


def _provider(oidc: Oidc, *, clock: Clock) -> _Provider:
    now_90k = clock.monotonic()
    with _lock:
        read_90k, provider = _known.get(oidc, (0, None))
    if provider is not None and now_90k - read_90k < _KEPT_90K:
        return provider
    told = _object(_fetch(oidc, f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration"))
    if told.get("issuer") != oidc.issuer:
        raise _error("people.door_answer", "issuer")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
    authorization, token, keys, userinfo = (str(told.get(name) or "") for name in names)
    for address in (authorization, token, keys, *([userinfo] if userinfo else [])):
        if not doors.is_safe(address, hosts=oidc.hosts):
            raise _error("people.door_answer", "foreign_address")
    provider = _Provider(authorization, token, keys, userinfo)
    with _lock:
        _known[oidc] = (now_90k, provider)
    return provider


def _tokens(oidc: Oidc, provider: _Provider, *, code: str, begun: Begun) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": begun.back,
        "code_verifier": begun.verifier,
    }
    headers = {"Accept": "application/json"}
    if oidc.secret_file is None:
        form["client_id"] = oidc.client_id
    else:
        secret = doors.secret(oidc.secret_file, door=Door.OIDC)
        pair = f"{quote(oidc.client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    body = urlencode(form).encode()
    answer = fetching.fetch(Ask(Door.OIDC, provider.token, oidc.hosts, oidc.ca_file, headers, body))
    if answer.status in (400, 401, 403):
        # The provider's word for it is a short code; anything longer is not repeated.
        word = str(_object(answer).get("error") or "")[:32]
        is_ours = word in ("invalid_client", "unauthorized_client")
        raise _error("people.door_answer" if is_ours else "people.door_ticket", word)
    _require_ok(answer)
    return _object(answer)


def _claims(oidc: Oidc, provider: _Provider, *, text: object, nonce: str, clock: Clock) -> dict[str, Any]:
    told = _fetch(oidc, provider.keys)
    try:
        if not isinstance(text, str):
            raise ValueError("no ID token")
        listed = _object(told).get("keys") or []
        own = [key for key in listed if isinstance(key, dict) and key.get("kty") != "oct"]
        claims = jwt.decode(text, KeySet.import_key_set({"keys": own}), algorithms=ALGORITHMS).claims
        registry = jwt.JWTClaimsRegistry(
            now=clock.utc() // TICKS_PER_S,
            leeway=LEEWAY_S,
            iss={"essential": True, "value": oidc.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": oidc.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(claims)
        others = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if claims.get("azp", oidc.client_id) != oidc.client_id or (len(others) > 1 and "azp" not in claims):
            raise ValueError("made out to another")
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise _error("people.door_answer", type(error).__name__) from error
    return dict(claims)


def _more_claims(oidc: Oidc, provider: _Provider, *, access: object, subject: object) -> dict[str, Any]:
    """Ask for the claims that the ID token leaves out; they count for the same subject only."""
    if not isinstance(access, str) or not access.isascii() or not access.isprintable():
        raise _error("people.door_answer", "no_access_token")
    bearer = {"Authorization": f"Bearer {access}", "Accept": "application/json"}
    claims = _object(_require_ok(fetching.fetch(Ask(Door.OIDC, provider.userinfo, oidc.hosts, oidc.ca_file, bearer))))
    if claims.get("sub") != subject:
        raise _error("people.door_answer", "subject")
    return claims


def _fetch(oidc: Oidc, url: str) -> Answer:
    return _require_ok(fetching.fetch(Ask(Door.OIDC, url, oidc.hosts, oidc.ca_file, {"Accept": "application/json"})))


def _require_ok(answer: Answer) -> Answer:
    if answer.status >= 500:
        raise _error("people.door_away", f"status_{answer.status}")
    if answer.status != 200:
        raise _error("people.door_answer", f"status_{answer.status}")
    return answer


def _object(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise _error("people.door_answer", "no_json") from error
    if not isinstance(found, dict):
        raise _error("people.door_answer", "no_json")
    return found


def _error(code: str, reason: str) -> DoorError:
    return DoorError(code, door=Door.OIDC, reason=reason)
