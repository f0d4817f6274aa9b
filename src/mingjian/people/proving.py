"""The second factor as a route asks for it (step-up): nothing that was typed is lost by being asked.

A page is shown after the proof. A form that was sent comes back with the question below it, and goes on from there.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from mingjian.base.clock import SystemClock
from mingjian.base.errors import MingjianError
from mingjian.people import factors, policy, session, web_sessions, workflow
from mingjian.people.capacity import Acting
from mingjian.people.factors import FactorError
from mingjian.people.models import WebSession
from mingjian.people.passkeys import Site
from mingjian.people.session import SignedIn

_CLOCK = SystemClock()
_STATE = "passkey_state"
CODE, PASSKEY = "second_factor_code", "second_factor_passkey"
# What the asked page adds to a form or renews in it.
_OURS = frozenset({CODE, PASSKEY, "csrfmiddlewaretoken"})


class ProofNeeded(MingjianError):
    """An act over the API wants a second factor first: "people.proof_needed"."""


def is_demanded(acting: Acting) -> bool:
    """Say whether this person has to give a second factor: everybody, or where so set who has one."""
    return settings.SECOND_FACTOR != "enrolled" or has_any(acting)


def has_any(acting: Acting) -> bool:
    """Say whether the person has a second factor."""
    return factors.standing(acting.person).exists()


def is_due(acting: Acting, *, under: WebSession) -> bool:
    """Say whether the person has to give it now, the last one being too long ago."""
    now_90k = _CLOCK.utc()
    holds_90k = workflow.proof_holds_90k(policy.in_force(at_90k=now_90k), is_console=under.console_id is not None)
    is_fresh = workflow.is_proof_fresh(proved_at_90k=under.proved_at_90k, holds_90k=holds_90k, now_90k=now_90k)
    return not is_fresh and is_demanded(acting)


def has_proved(acting: Acting, *, under: WebSession) -> bool:
    """Say whether the session may show footage: proved in it at any time, or nothing is demanded."""
    return under.proved_at_90k is not None or not is_demanded(acting)


def ask(request: HttpRequest, *, is_api: bool) -> HttpResponse | None:
    """Return the page that asks, None when the act may go on. Raises ProofNeeded for a program."""
    found = signed_in(request)
    if not is_due(found.acting, under=found.session):
        return None
    if is_api:
        raise ProofNeeded("people.proof_needed")
    if request.method != "POST":
        target = f"{reverse('prove')}?{urlencode({'next': request.get_full_path()})}"
        # A part of a page cannot ask: the whole page goes there.
        return HttpResponse(headers={"HX-Redirect": target}) if _is_part(request) else HttpResponseRedirect(target)
    if not {CODE, PASSKEY} & request.POST.keys():
        return page(request, status=403)
    try:
        take(request)
    except FactorError as error:
        return page(request, status=403, refused=error.code)
    return None


def take(request: HttpRequest) -> None:
    """Take the code or the passkey's answer that was sent. Raises FactorError."""
    found = signed_in(request)
    answer = request.POST.get(PASSKEY, "")
    if answer:
        factors.prove_by_passkey(
            acting=found.acting,
            session=found.session,
            site=site_of(request),
            state=take_state(request),
            answer=answer,
            clock=_CLOCK,
        )
    else:
        factors.prove_by_code(
            acting=found.acting, session=found.session, code=request.POST.get(CODE, "")[:16], clock=_CLOCK
        )


def page(request: HttpRequest, *, status: int = 200, refused: str = "", wanted: str = "") -> HttpResponse:
    """Return the page that asks for the second factor, carrying along the form that was sent."""
    found = signed_in(request)
    if refused and not web_sessions.stands(found.session):
        # The fifth wrong one has locked the account.
        session.end(request)
        return HttpResponseRedirect(settings.LOGIN_URL)
    question = factors.ask_for_proof(person=found.acting.person, site=site_of(request))
    if question is not None:
        keep_state(request, question.state)
    mine = list(factors.standing(found.acting.person))
    return render(
        request,
        "people/prove.html",
        {
            "refused": refused,
            "has_any": bool(mine),
            "has_app": any(not factor.is_passkey for factor in mine),
            "has_passkey_elsewhere": question is None and any(factor.is_passkey for factor in mine),
            "question": "" if question is None else question.options,
            "onward": wanted,
            "carried": [("next", wanted)] if wanted else _carried(request),
            "action": reverse("prove") if wanted else request.get_full_path(),
            "minutes": policy.in_force(at_90k=_CLOCK.utc()).value("proof_time"),
        },
        status=status,
    )


def site_of(request: HttpRequest) -> Site:
    """Return where the browser says it is, which ALLOWED_HOSTS has let in."""
    host = request.get_host()
    return Site(origin=f"{request.scheme}://{host}", host=host.rsplit(":", 1)[0] if not host.endswith("]") else host)


def keep_state(request: HttpRequest, state: object) -> None:
    """Keep a question's state until its answer."""
    request.session[_STATE] = dict(state) if isinstance(state, dict) else {}


def take_state(request: HttpRequest) -> dict[str, object]:
    """Return the state of the question asked last; it is good for one answer."""
    state = request.session.pop(_STATE, None)
    return state if isinstance(state, dict) else {}


def signed_in(request: HttpRequest) -> SignedIn:
    """Return who is signed in on a request that a route let in."""
    found = session.signed_in(request)
    if found is None:
        raise AssertionError("a route lets in nobody who is not signed in")
    return found


def _carried(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields of the form that was sent, to be sent again."""
    return [(name, value) for name in request.POST if name not in _OURS for value in request.POST.getlist(name)]


def _is_part(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
