"""Values and open points over the API: read by everybody, proposed and decided as on the pages."""

from dataclasses import dataclass

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from mingjian.base.clock import SystemClock
from mingjian.oversight import rulings
from mingjian.oversight.forms import ProposingForm, RemarkForm
from mingjian.oversight.rules import RulingBody
from mingjian.people import governing, policy
from mingjian.people.governing import Proposal
from mingjian.people.models import Ruling
from mingjian.people.resources import Call, Listed, OffsetForm, Operation, listed, resource
from mingjian.people.routing import Proof, SignedIn
from mingjian.regulation.policies import POLICIES
from mingjian.regulation.readings import READINGS

_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class PolicyBody:
    """A value in force with its bounds. `since_90k` is null while our default holds; `version` names the whole book."""

    topic: str
    label_zh: str
    label_en: str
    unit: str
    value: int
    default: int
    least: int
    most: int
    floor_source: str
    floor_rule: str | None
    rule: str
    standing: str
    since_90k: int | None
    version: int
    proposal: str | None


@dataclass(frozen=True, slots=True)
class ReadingBody:
    """An open point: what holds now, by our default or by an interpretation."""

    topic: str
    question_zh: str
    question_en: str
    default_zh: str
    default_en: str
    answer: str | None
    document: str | None
    since_90k: int | None
    rules: tuple[str, ...]
    policies: tuple[str, ...]
    proposal: str | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """One proposal and what became of it: "open", "accepted" with a number, or "turned_down"."""

    id: str
    topic: str
    value: int | None
    answer: str
    document: str
    reason: str
    state: str
    number: int | None
    effective_at_90k: int | None
    proposed_at_90k: int
    decided_at_90k: int | None
    remark: str


def policies(call: Call) -> Listed:
    """List the values in force."""
    now_90k = _CLOCK.utc()
    book, held = policy.in_force(at_90k=now_90k), policy.standings(now_90k=now_90k)
    return Listed(
        tuple(
            PolicyBody(
                topic=name,
                label_zh=known.label_zh,
                label_en=known.label_en,
                unit=known.unit.value,
                value=book.value(name),
                default=known.default,
                least=known.least,
                most=known.most,
                floor_source=known.floor_source.value,
                floor_rule=None if known.floor_rule is None else known.floor_rule.id,
                rule=known.rule.id,
                standing=known.standing.value,
                since_90k=_since(held[name].current),
                version=book.version,
                proposal=_id(held[name].proposed),
            )
            for name, known in POLICIES.items()
        )
    )


def readings(call: Call) -> Listed:
    """List the open points."""
    held = policy.standings(now_90k=_CLOCK.utc())
    return Listed(tuple(_reading(name, held[name].current, held[name].proposed) for name in READINGS))


def history(call: Call, *, topic: str) -> Listed:
    """List everything ever proposed on a topic, the newest first."""
    rulings.require_known(topic)
    return listed(policy.history(topic), call=call, shape=_ruling)


def propose(call: Call, *, topic: str) -> Proposed:
    """Put a proposal before the head of tier 1."""
    rulings.require_known(topic)
    proposal = Proposal(topic=topic, **dict(call.answers))
    return _ruling(governing.propose(proposal=proposal, acting=call.acting, clock=_CLOCK))


def confirm(call: Call, *, ruling_id: str) -> Proposed:
    """Put a proposal into force."""
    remark = call.answers["remark"]
    return _ruling(
        governing.confirm(ruling=rulings.access_ruling(ruling_id), remark=remark, acting=call.acting, clock=_CLOCK)
    )


def turn_down(call: Call, *, ruling_id: str) -> Proposed:
    """Turn a proposal down, or withdraw the own one."""
    remark = call.answers["remark"]
    return _ruling(
        governing.turn_down(ruling=rulings.access_ruling(ruling_id), remark=remark, acting=call.acting, clock=_CLOCK)
    )


def _reading(name: str, current: Ruling | None, proposed: Ruling | None) -> ReadingBody:
    known = READINGS[name]
    return ReadingBody(
        topic=name,
        question_zh=known.question_zh,
        question_en=known.question_en,
        default_zh=known.default_zh,
        default_en=known.default_en,
        answer=None if current is None else current.answer,
        document=None if current is None else current.document,
        since_90k=_since(current),
        rules=known.rules,
        policies=known.policies,
        proposal=_id(proposed),
    )


def _ruling(row: Ruling) -> Proposed:
    state = "open" if row.is_open else "turned_down" if row.version is None else "accepted"
    return Proposed(
        id=str(row.pk),
        topic=row.topic,
        value=row.value,
        answer=row.answer,
        document=row.document,
        reason=row.reason,
        state=state,
        number=row.version,
        effective_at_90k=row.effective_at_90k,
        proposed_at_90k=row.proposed_at_90k,
        decided_at_90k=row.decided_at_90k,
        remark=row.remark,
    )


def _since(ruling: Ruling | None) -> int | None:
    return None if ruling is None else ruling.effective_at_90k


def _id(ruling: Ruling | None) -> str | None:
    return None if ruling is None else str(ruling.pk)


urlpatterns: list[URLPattern] = [
    resource(
        "policies/",
        name="policies",
        rule=SignedIn(),
        get=Operation(policies, _("现行的规定值"), PolicyBody, is_list=True),
    ),
    resource(
        "readings/",
        name="readings",
        rule=SignedIn(),
        get=Operation(readings, _("待解释的事项"), ReadingBody, is_list=True),
    ),
    resource(
        "policies/<str:topic>/rulings/",
        name="rulings",
        rule=SignedIn(),
        get=Operation(history, _("历次规定和解释"), Proposed, takes=OffsetForm, is_list=True),
    ),
    resource(
        "policies/<str:topic>/propose/",
        name="propose_ruling",
        rule=RulingBody(),
        proof=Proof.SECOND_FACTOR,
        post=Operation(propose, _("提出规定值或解释"), Proposed, takes=ProposingForm),
    ),
    resource(
        "rulings/<str:ruling_id>/confirm/",
        name="confirm_ruling",
        rule=RulingBody(),
        proof=Proof.SECOND_FACTOR,
        post=Operation(confirm, _("采用提议"), Proposed, takes=RemarkForm),
    ),
    resource(
        "rulings/<str:ruling_id>/turn-down/",
        name="turn_down_ruling",
        rule=RulingBody(),
        proof=Proof.SECOND_FACTOR,
        post=Operation(turn_down, _("不采用提议"), Proposed, takes=RemarkForm),
    ),
]
