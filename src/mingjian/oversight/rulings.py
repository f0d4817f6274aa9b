"""Values and open points as a page shows them: what is in force since when, by whose decision, and what is to come."""

from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _

from mingjian.base import ids
from mingjian.oversight import words
from mingjian.oversight.speech import spoken
from mingjian.people import policy
from mingjian.people.policy import Standing
from mingjian.people.ruling import Ruling
from mingjian.regulation.articles import CATALOGUE, Rule, Unit
from mingjian.regulation.articles import Standing as InForce
from mingjian.regulation.policies import POLICIES, Policy
from mingjian.regulation.readings import READINGS, Reading


def require_known(topic: str) -> None:
    """Raise Http404 for what is neither a value nor an open point."""
    if is_foreign(topic):
        raise Http404


def access_ruling(ruling_id: str) -> Ruling:
    """Return a ruling, which everybody may read, or raise Http404."""
    found = Ruling.objects.filter(pk=ruling_id).first() if ids.is_id(ruling_id) else None
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Cited:
    """A rule as it is linked."""

    id: str
    citation: str


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One value. `standing` is empty for one that this version acts on."""

    topic: str
    label: str
    value: str
    bounds: str
    source: str
    floor: Cited | None
    rule: Cited
    standing: str
    held: Standing


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One open point: the question, what holds now, and whether that is our default or an interpretation."""

    topic: str
    question: str
    answer: str
    is_interpreted: bool
    rules: tuple[Cited, ...]
    policies: tuple[tuple[str, str], ...]
    held: Standing


@dataclass(frozen=True, slots=True)
class RulingLine:
    """One ruling in the history of a topic."""

    ruling: Ruling
    said: str
    state: str
    tone: str


def policy_lines(*, now_90k: int) -> list[PolicyLine]:
    """Return every value, in the order of the catalogue."""
    held = policy.standings(now_90k=now_90k)
    return [_policy_line(one, held[name]) for name, one in POLICIES.items()]


def reading_lines(*, now_90k: int) -> list[ReadingLine]:
    """Return every open point."""
    held = policy.standings(now_90k=now_90k)
    return [_reading_line(one, held[name]) for name, one in READINGS.items()]


def line_of(topic: str, *, now_90k: int) -> PolicyLine | ReadingLine | None:
    """Return the one of this topic, None for a foreign one."""
    held = policy.standings(now_90k=now_90k).get(topic)
    if held is None:
        return None
    return _policy_line(POLICIES[topic], held) if topic in POLICIES else _reading_line(READINGS[topic], held)


def is_foreign(topic: str) -> bool:
    """Say whether there is neither such a value nor such an open point."""
    return topic not in POLICIES and topic not in READINGS


def history_of(topic: str, *, now_90k: int) -> list[RulingLine]:
    """Return everything ever proposed on the topic, the newest first."""
    current = policy.standings(now_90k=now_90k)[topic].current
    return [_ruling_line(one, is_current=one == current, now_90k=now_90k) for one in policy.history(topic)]


def said(topic: str, ruling: Ruling) -> str:
    """Return what a ruling says: a value with its unit, or an answer."""
    known = POLICIES.get(topic)
    if ruling.value is None or known is None:
        return ruling.answer if ruling.value is None else str(ruling.value)
    return _counted(known, ruling.value)


def cited(rule: Rule) -> Cited:
    """Return the rule as it is linked, in the reader's language."""
    return Cited(rule.id, spoken(rule.provision.cited_zh, rule.provision.citation_en))


def _policy_line(known: Policy, held: Standing) -> PolicyLine:
    ruled = None if held.current is None else held.current.value
    value = known.within(known.default if ruled is None else ruled)
    bounds = ""
    if known.unit not in {Unit.SWITCH, Unit.CHOICE}:
        bounds = _("%(least)s 至 %(most)s") % {"least": known.least, "most": _counted(known, known.most)}
    return PolicyLine(
        topic=known.name,
        label=spoken(known.label_zh, known.label_en[:1].upper() + known.label_en[1:]),
        value=_counted(known, value),
        bounds=bounds,
        source=str(words.SOURCES[known.floor_source] if known.floor_rule else words.OURS),
        floor=None if known.floor_rule is None else cited(known.floor_rule),
        rule=cited(known.rule),
        standing="" if known.standing is InForce.IN_FORCE else _("留待后续版本使用"),
        held=held,
    )


def _reading_line(known: Reading, held: Standing) -> ReadingLine:
    return ReadingLine(
        topic=known.id,
        question=spoken(known.question_zh, known.question_en),
        answer=spoken(known.default_zh, known.default_en) if held.current is None else held.current.answer,
        is_interpreted=held.current is not None,
        # Rules of one place in the text are one link.
        rules=tuple({one.citation: one for one in (cited(CATALOGUE[rule]) for rule in known.rules)}.values()),
        policies=tuple((name, spoken(POLICIES[name].label_zh, POLICIES[name].label_en)) for name in known.policies),
        held=held,
    )


def _ruling_line(ruling: Ruling, *, is_current: bool, now_90k: int) -> RulingLine:
    if ruling.is_open:
        state, tone = _("等待决定"), "pending"
    elif ruling.version is None:
        state, tone = _("没有采用"), "quiet"
    elif ruling.effective_at_90k is not None and ruling.effective_at_90k > now_90k:
        state, tone = _("尚未生效"), "pending"
    elif is_current:
        state, tone = _("现行"), "good"
    else:
        state, tone = _("已被取代"), "quiet"
    return RulingLine(ruling, said(ruling.topic, ruling), state, tone)


def _counted(known: Policy, value: int) -> str:
    if known.unit is Unit.SWITCH:
        return _("开") if value else _("关")
    if known.unit is Unit.CHOICE:
        return spoken(*known.choices[value])
    return _("%(value)s %(unit)s") % {"value": value, "unit": words.UNITS[known.unit]}
