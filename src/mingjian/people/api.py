"""Who the caller is and acts as, over the API."""

from dataclasses import dataclass

from django import forms
from django.middleware.csrf import get_token
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from mingjian.base.clock import SystemClock
from mingjian.people import factors, proving, queries, session, web_sessions, withheld
from mingjian.people.capacity import Acting, appointments_of
from mingjian.people.models import Appointment
from mingjian.people.resources import Call, Operation, resource
from mingjian.people.routing import SignedIn

_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class CapacityBody:
    """A capacity one may act in. `id` is empty for a member of the university without a post."""

    id: str
    post: str
    body: str
    tier: int | None
    label: str


@dataclass(frozen=True, slots=True)
class CampusBody:
    """A campus in reach."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Me:
    """The caller, in the capacity acted in. `csrf_token` goes into the header X-CSRFToken of every POST."""

    id: str
    username: str
    name: str
    capacity: CapacityBody
    capacities: tuple[CapacityBody, ...]
    campuses: tuple[CampusBody, ...]
    csrf_token: str


class ProofForm(forms.Form):
    """The code that an app shows now."""

    code = forms.CharField(max_length=16)


class CapacityForm(forms.Form):
    """Which capacity: an appointment's id, or nothing for a member of the university."""

    appointment = forms.UUIDField(required=False)


def me(call: Call) -> Me:
    """Return who calls."""
    return _me(call, call.acting)


def choose(call: Call) -> Me:
    """Go on in another capacity. Raises CapacityError."""
    found = session.signed_in(call.request)
    if found is None:
        raise AssertionError("a route lets in nobody who is not signed in")
    chosen = call.answers["appointment"]
    withheld.require_in_hand(
        acting=call.acting,
        appointment_id=None if chosen is None else str(chosen),
        path=call.request.path,
        clock=_CLOCK,
    )
    acting = web_sessions.choose_capacity(
        acting=call.acting,
        session=found.session,
        appointment_id=None if chosen is None else str(chosen),
        clock=_CLOCK,
    )
    return _me(call, acting)


def prove(call: Call) -> Me:
    """Take a code of one of the caller's apps. Raises FactorError."""
    found = proving.signed_in(call.request)
    factors.prove_by_code(acting=call.acting, session=found.session, code=call.answers["code"], clock=_CLOCK)
    return _me(call, call.acting)


def _me(call: Call, acting: Acting) -> Me:
    person = acting.person
    held = appointments_of(person, now_90k=_CLOCK.utc())
    return Me(
        id=str(person.pk),
        username=person.username,
        name=person.display_name,
        capacity=_MEMBER if acting.appointment is None else _capacity(acting.appointment),
        capacities=(_MEMBER, *(_capacity(appointment) for appointment in held)),
        campuses=tuple(CampusBody(campus.pk, campus.label) for campus in queries.access_campuses(acting=acting)),
        csrf_token=get_token(call.request),
    )


def _capacity(appointment: Appointment) -> CapacityBody:
    return CapacityBody(str(appointment.pk), appointment.post, appointment.body_id, appointment.tier, appointment.label)


_MEMBER = CapacityBody(id="", post="", body="", tier=None, label="")

urlpatterns: list[URLPattern] = [
    resource("me/", name="me", rule=SignedIn(), get=Operation(me, _("我是谁，以什么身份办理"), Me)),
    resource(
        "me/proof/",
        name="proof",
        rule=SignedIn(),
        post=Operation(prove, _("提交二次验证码"), Me, takes=ProofForm),
    ),
    resource(
        "capacity/",
        name="capacity",
        rule=SignedIn(),
        post=Operation(choose, _("更换办理身份"), Me, takes=CapacityForm),
    ),
]
