"""A sign-in that goes on elsewhere: what the browser brings back has to fit what it left with.

It lies in a cookie of its own, signed, for ten minutes. The session's would not come along: it is never sent on a way
back from another site (SameSite=Strict), and stays so.
"""

import secrets
from dataclasses import dataclass, field

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from mingjian.people.doors import Door, DoorError

COOKIE = "mingjian_begun"
PATH = "/sign-in/"
LASTS_S = 600
_SALT = "mingjian.people.begun"


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in begun at a door, and where the person wanted to go. All that goes out follows from `seed`."""

    door: Door
    wanted: str
    seed: str = field(repr=False)

    @property
    def state(self) -> str:
        """What the browser brings back in its address."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """What an ID token has to repeat."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What proves to the token endpoint that we are who began (RFC 7636)."""
        return self._derived("verifier")

    def _derived(self, purpose: str) -> str:
        return salted_hmac(f"{_SALT}.{purpose}", self.seed, algorithm="sha256").hexdigest()


def begin(*, door: Door, wanted: str) -> Begun:
    """Return a fresh one; `wanted` is a local address."""
    return Begun(door, wanted, secrets.token_urlsafe(32))


def keep(response: HttpResponse, begun: Begun) -> None:
    """Give it to the browser that began."""
    response.set_cookie(
        COOKIE,
        signing.dumps([begun.door, begun.wanted, begun.seed], salt=_SALT),
        max_age=LASTS_S,
        path=PATH,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )


def forget(response: HttpResponse) -> None:
    """Take it from the browser: it is good for one return."""
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")


def found(request: HttpRequest, *, door: Door) -> Begun:
    """Return what this browser began at this door. Raises DoorError("people.door_stale") for anything else."""
    try:
        kept, wanted, seed = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LASTS_S)
        begun = Begun(Door(kept), wanted, seed)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise DoorError("people.door_stale", door=door) from error
    if begun.door is not door or not constant_time_compare(request.GET.get("state", ""), begun.state):
        raise DoorError("people.door_stale", door=door)
    return begun
