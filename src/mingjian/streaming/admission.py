"""The door: which page asks, in whose session, with which grant, for what. Refuses; opens nothing by itself."""

from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from mingjian.base.clock import Clock
from mingjian.grants import token as tokens
from mingjian.grants.claims import Grant, Purpose
from mingjian.grants.signing import Verifier
from mingjian.grants.token import GrantError
from mingjian.host.deployment import Deployment
from mingjian.streaming.playback import OUTSIDE_WINDOW
from mingjian.streaming.protocol import Mode, Open, Refusal

SESSION_COOKIE = "mingjian_session"
_SESSION_KEY_CHARACTERS_MAX = 128

# A duty grant spans a whole shift: were it good for history too, every look back would be free of application.
_MODE_OF_PURPOSE = {Purpose.DUTY_LIVE: Mode.LIVE, Purpose.VIEWING: Mode.HISTORY}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whose page this is: the hash of the web session that its cookie names."""

    session_hash: str


def visitor_of(headers: list[tuple[bytes, bytes]], *, web_port: int) -> Visitor | None:
    """Return the visitor when the page is ours and signed in; None is refused before the socket opens.

    The page's origin must be this very host on the web port; a foreign site's page carries the cookie nowhere, but
    is not to be answered either.
    """
    found = {name: [value for key, value in headers if key == name] for name in (b"origin", b"host", b"cookie")}
    if len(found[b"origin"]) != 1 or len(found[b"host"]) != 1:
        return None
    if not _is_our_page(found[b"origin"][0], host=found[b"host"][0], web_port=web_port):
        return None
    key = _session_key(b"; ".join(found[b"cookie"]))
    if key is None:
        return None
    return Visitor(session_hash=sha256(key.encode("ascii")).hexdigest())


@dataclass(frozen=True, slots=True)
class Door:
    """What every token is checked against."""

    verifier: Verifier
    deployment: Deployment
    clock: Clock

    def grant(self, token: str, *, visitor: Visitor) -> Grant | Refusal:
        """Return the grant of a token that is ours and in force, else why not."""
        try:
            return tokens.verify(
                token,
                verifier=self.verifier,
                deployment_id=self.deployment.deployment_id,
                host=self.deployment.host,
                now_90k=self.clock.utc(),
                session_hash=visitor.session_hash,
            )
        except GrantError as error:
            return Refusal(error.code)


def refuse_wish(wish: Open, grant: Grant) -> Refusal | None:
    """Say why the grant does not open what is wished for; None when it does."""
    if not grant.covers(camera_id=wish.camera_id, track=wish.track):
        return Refusal("streaming.not_granted", grant.articles)
    if wish.mode is not _MODE_OF_PURPOSE[grant.purpose]:
        return Refusal("streaming.purpose", grant.articles)
    if wish.at_90k is not None and not grant.start_90k <= wish.at_90k < grant.end_90k:
        return OUTSIDE_WINDOW
    return None


def _is_our_page(origin: bytes, *, host: bytes, web_port: int) -> bool:
    try:
        page = urlsplit(origin.decode("ascii"))
        asked = urlsplit(f"//{host.decode('ascii')}")
        if page.scheme not in {"http", "https"} or not page.hostname or page.path or page.query:
            return False
        port = page.port or {"http": 80, "https": 443}[page.scheme]
        return page.hostname == asked.hostname and port == web_port
    except ValueError:
        return False


def _session_key(header: bytes) -> str | None:
    """Return the key in our cookie. Whatever else this host's other pages left in the header is passed over.

    Of several the last one counts, as it does for the pages: both must speak of the same session.
    """
    found = None
    for pair in header.split(b";"):
        name, _, value = pair.partition(b"=")
        if name.strip() == SESSION_COOKIE.encode():
            found = value.strip()
    if found is None or not found.isalnum() or len(found) > _SESSION_KEY_CHARACTERS_MAX:
        return None
    return found.decode("ascii")
