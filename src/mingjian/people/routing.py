"""Every address declares the rule that opens it. There is no other way to enter a view."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.urls import URLPattern, path, reverse

from mingjian.base.clock import SystemClock
from mingjian.base.errors import MingjianError
from mingjian.people import proving, scope, session, usecases
from mingjian.people.capacity import Acting
from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import Post

_CLOCK = SystemClock()


class Proof(Enum):
    """What somebody has to have given besides being signed in. A second factor holds for some minutes.

    `IN_SESSION`: given at some time in this web session, so that nobody is interrupted in the middle of a viewing.
    `STANDING_FACTOR` asks only who has one: adding the first cannot ask for it.
    """

    NONE = "none"
    SECOND_FACTOR = "second_factor"
    IN_SESSION = "in_session"
    STANDING_FACTOR = "standing_factor"


class RuleRefused(Exception):
    """Carries a refusing decision from the rule of a route to the edge."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        super().__init__(decision.reasons[0].code)


class NotSignedIn(MingjianError):
    """A caller of the API without a session: "people.not_signed_in"."""


def is_api(request: HttpRequest) -> bool:
    """Say whether a program asks, and not a page."""
    return request.path.startswith(API)


class Rule(Protocol):
    """What a route asks before its view runs. Outside the scope of the capacity it raises Http404."""

    @property
    def name(self) -> str:
        """A stable word for tables of routes."""
        ...

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        """Return the decision, or None when there is nothing to weigh once the scope is right."""
        ...


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Anybody with an account."""

    name: str = "signed_in"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        return None


@dataclass(frozen=True, slots=True)
class Operator:
    """Whoever acts as operator, of a campus or a unit, on shift or not. For others the page does not exist."""

    name: str = "operator"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        if Post.OPERATOR not in acting.posts:
            raise Http404
        return None


@dataclass(frozen=True, slots=True)
class Staff:
    """Whoever acts for a body of tier 1 or 2 and is no administrator. For others the page does not exist."""

    name: str = "staff"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        if not acting.is_staff:
            raise Http404
        return None


@dataclass(frozen=True, slots=True)
class OfBody:
    """Whoever acts for a body of any tier and is no administrator. For others the page does not exist."""

    name: str = "of_body"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        if not acting.is_of_body:
            raise Http404
        return None


ANYONE = "anyone"
# Below this address answers are JSON, whatever the caller accepts.
API = "/api/"

# What a one-time password opens: choosing another, and leaving.
_OPEN_TO_ONE_TIME_PASSWORD = frozenset({"own_password", "sign_out"})

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """How a route is declared, for the table that tests walk."""

    rule: str
    methods: tuple[str, ...]
    proof: Proof = Proof.NONE


def route(
    pattern: str,
    view: View,
    *,
    name: str,
    rule: Rule,
    methods: Sequence[str] = ("GET",),
    proof: Proof = Proof.NONE,
) -> URLPattern:
    """Declare a page for signed-in persons; the view is called as `view(request, acting=…, **captured)`.

    Nobody signed in: to the sign-in page. A refusal is recorded and told with its article. Where a proof is due, it is
    asked for before the view runs, and what was sent goes on with it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, **captured: str) -> HttpResponseBase:
        if _allowed(request, methods) is None:
            return HttpResponseNotAllowed(methods)
        if any("\x00" in str(name) for name in captured.values()):
            # No row is called so, and the database would not even compare it.
            raise Http404
        acting = session.acting_of(request)
        if acting is None:
            return _sign_in_first(request)
        # Left by the middleware, so that the page of a refusal still knows who reads it.
        scope.enter(acting)
        if session.owes_password(request) and name not in _OPEN_TO_ONE_TIME_PASSWORD:
            return _choose_password_first(request)
        session.note_activity(request)
        decision = rule.ask(acting=acting, captured=captured)
        if decision is not None and not decision.allowed:
            usecases.record_refusal(acting=acting, decision=decision, path=request.path, clock=_CLOCK)
            raise RuleRefused(decision)
        if (asking := _asking(request, acting, proof)) is not None:
            return asking
        return view(request, acting=acting, **captured)

    return _declared(pattern, guarded, name=name, facts=RouteFacts(rule.name, tuple(methods), proof))


def _asking(request: HttpRequest, acting: Acting, proof: Proof) -> HttpResponse | None:
    """Return the question that comes before the view, None when nothing is to be asked."""
    match proof:
        case Proof.NONE:
            return None
        case Proof.IN_SESSION if proving.has_proved(acting, under=proving.signed_in(request).session):
            return None
        case Proof.STANDING_FACTOR if not proving.has_any(acting):
            return None
    return proving.ask(request, is_api=is_api(request))


def open_route(pattern: str, view: View, *, name: str, methods: Sequence[str] = ("GET",)) -> URLPattern:
    """Declare a page for anyone; the view is called as `view(request, **captured)`."""

    @wraps(view)
    def opened(request: HttpRequest, **captured: str) -> HttpResponseBase:
        if _allowed(request, methods) is None:
            return HttpResponseNotAllowed(methods)
        return view(request, **captured)

    return _declared(pattern, opened, name=name, facts=RouteFacts(ANYONE, tuple(methods)))


def facts_of(pattern: URLPattern) -> RouteFacts | None:
    """Return how the route was declared, or None when somebody went around this module."""
    facts = getattr(pattern.callback, "route_facts", None)
    return facts if isinstance(facts, RouteFacts) else None


def _declared(pattern: str, callback: View, *, name: str, facts: RouteFacts) -> URLPattern:
    callback.route_facts = facts  # type: ignore[attr-defined]  # functions carry attributes; the table reads this one
    return path(pattern, callback, name=name)


def _allowed(request: HttpRequest, methods: Sequence[str]) -> str | None:
    method = "GET" if request.method == "HEAD" else request.method
    return method if method in methods else None


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if is_api(request):
        raise NotSignedIn("people.not_signed_in")
    accepted = request.headers.get("Accept", "*/*")
    if request.headers.get("HX-Request") == "true" or not ("text/html" in accepted or "*/*" in accepted):
        return HttpResponse(status=401)
    wanted = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{wanted}" if wanted else settings.LOGIN_URL)


def _choose_password_first(request: HttpRequest) -> HttpResponse:
    if is_api(request):
        raise NotSignedIn("people.password_to_change")
    return HttpResponseRedirect(reverse("own_password"))
