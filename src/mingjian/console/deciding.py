"""The database's side of the lease socket: who asks, what the rooms permit now, and the token or the refusal."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.db import close_old_connections, connection
from django.http import Http404
from django.utils import translation

from mingjian.base.clock import SystemClock
from mingjian.console.articles import cite, text_of
from mingjian.console.messages import words_for
from mingjian.duty import live
from mingjian.grants import signing
from mingjian.grants.signing import KeyPurpose
from mingjian.host import deployment
from mingjian.people import proving, scope, session, web_sessions
from mingjian.people.capacity import Acting
from mingjian.people.leasing import Issuer, Permission
from mingjian.people.session import SignedIn
from mingjian.regulation.decision import Decision
from mingjian.viewing import leases as viewing

_CLOCK = SystemClock()


class Lane(Enum):
    """Which queue work waits in: whoever sees a picture already is never behind those who would like to."""

    ASKING = "leases-asking"
    RENEWING = "leases-renewing"


_THREADS_PER_LANE = 3
_THREADS = {lane: ThreadPoolExecutor(max_workers=_THREADS_PER_LANE, thread_name_prefix=lane.value) for lane in Lane}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Want:
    """What a page would like to see: one viewing session, or the live picture of cameras."""

    name: str
    session_id: str | None
    camera_ids: tuple[str, ...]


async def in_database(work: Callable[[], T], *, lane: Lane = Lane.ASKING) -> T:
    """Run blocking work on one of a lane's few threads, with a sound connection that is given back afterwards."""

    def run() -> T:
        close_old_connections()
        try:
            return work()
        finally:
            connection.close()

    return await asyncio.get_running_loop().run_in_executor(_THREADS[lane], run)


def wait_until_idle() -> None:
    """Block until every thread has done what it was given before: a socket that is gone does not wait for its own."""
    for threads in _THREADS.values():
        together = threading.Barrier(_THREADS_PER_LANE)
        wait([threads.submit(together.wait) for _ in range(_THREADS_PER_LANE)])


def person_of(session_key: str) -> str | None:
    """Return whose session it is, None when it belongs to no active person any more."""
    found = session.signed_in_by_key(session_key)
    return None if found is None else str(found.acting.person.pk)


def answer(*, session_key: str, wants: Sequence[Want], language: str) -> list[dict[str, Any]] | None:
    """Return one answer per want, decided from the rows as they are now; None when nobody is signed in any more."""
    found = session.signed_in_by_key(session_key)
    if found is None:
        return None
    with scope.of(found.acting), translation.override(language):
        answers = [_answer(found, want) for want in wants]
    if found.session.console_id is not None and _is_any_live(wants, answers):
        # In a control room somebody watches without touching anything.
        web_sessions.note_seen(found.session, now_90k=_CLOCK.utc())
    return answers


def note_active(session_key: str) -> None:
    """Remember that the page of this session felt a hand: a key, a click."""
    found = session.signed_in_by_key(session_key)
    if found is not None:
        web_sessions.note_seen(found.session, now_90k=_CLOCK.utc())


def _is_any_live(wants: Sequence[Want], answers: Sequence[dict[str, Any]]) -> bool:
    return any(want.session_id is None and "lease" in answer for want, answer in zip(wants, answers, strict=True))


def _answer(signed_in: SignedIn, want: Want) -> dict[str, Any]:
    if want.session_id is not None and not proving.has_proved(signed_in.acting, under=signed_in.session):
        return _refused(want, "people.proof_needed", words_for("people.proof_needed").text, ())
    try:
        decided = _decide(signed_in.acting, want)
    except Http404:
        return _refused(want, "console.not_found", words_for("console.not_found").text, ())
    if isinstance(decided, Decision):
        reason = decided.reasons[0]
        return _refused(want, reason.code, text_of(reason), decided.articles)
    lease = issuer().lease(permission=decided, session_hash=signed_in.session.pk, clock=_CLOCK)
    return {"lease": {"for": want.name, "token": lease.token, "expires_at_90k": lease.expires_at_90k}}


def _refused(want: Want, code: str, message: str, articles: Sequence[str]) -> dict[str, Any]:
    forms = [cite(article).form for article in articles]
    return {"refused": {"for": want.name, "code": code, "message": message, "articles": forms}}


def _decide(acting: Acting, want: Want) -> Permission | Decision:
    now_90k = _CLOCK.utc()
    if want.session_id is None:
        return live.permission(acting=acting, camera_ids=want.camera_ids, now_90k=now_90k)
    return viewing.permission(acting=acting, wanted_id=want.session_id, now_90k=now_90k)


@cache
def issuer() -> Issuer:
    """Return who mints on this host; the key is read once per process."""
    founded = deployment.load(settings.HOME)
    return Issuer(
        signer=signing.load_signer(settings.HOME, purpose=KeyPurpose.GRANT),
        deployment_id=founded.deployment_id,
        epoch=founded.epoch,
        host=founded.host,
    )
