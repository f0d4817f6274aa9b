"""How long footage stays, and that nobody stops it from coming into being (Article 13)."""

from dataclasses import dataclass

from mingjian.regulation import articles
from mingjian.regulation.articles import Rule
from mingjian.regulation.decision import Decision, Reason, decide


@dataclass(frozen=True, slots=True)
class Floor:
    """The days below which nothing is deleted, and the rule that says so. A day is 24 hours after the footage ends."""

    days: int
    rule: Rule


_STANDARD = Floor(days=articles.A13_C.numbers[0].value, rule=articles.A13_C)
_NATIONAL_DAYS = articles.A13_C.numbers[1].value
_KEY_LOCATION = Floor(days=articles.A13_D.numbers[0].value, rule=articles.A13_D)


@dataclass(frozen=True, slots=True)
class RetentionFacts:
    """A retention that somebody wants to set for a camera."""

    days: float
    is_key_location: bool


def floor_of(*, is_key_location: bool) -> Floor:
    """Return the retention floor of a camera: 30 days, 90 at a key location."""
    return _KEY_LOCATION if is_key_location else _STANDARD


def may_set_retention(facts: RetentionFacts) -> Decision:
    """Decide on a retention: never below the floor, whoever asks (A13.c, A13.d, D799.17)."""
    floor = floor_of(is_key_location=facts.is_key_location)
    place_zh = "重点部位" if facts.is_key_location else "一般点位"
    place_en = "a key location" if facts.is_key_location else "an ordinary place"
    if facts.days >= floor.days:
        ground = Reason(
            rule=floor.rule,
            code="retention.above_floor",
            text_zh=f"不低于{place_zh}的最短保存期 {floor.days} 天。",
            text_en=f"Not below the {floor.days} days that {place_en} demands.",
        )
        return decide(grounds=(ground, _ABOVE_NATIONAL), obstacles=())
    obstacle = Reason(
        rule=floor.rule,
        code="retention.below_floor",
        text_zh=f"{place_zh}的录像至少保存 {floor.days} 天，不能更短。请改为 {floor.days} 天或更长。",
        text_en=f"Footage of {place_en} is kept for at least {floor.days} days. Choose {floor.days} days or more.",
    )
    national = (_BELOW_NATIONAL,) if not facts.days >= _NATIONAL_DAYS else ()
    return decide(grounds=(), obstacles=(obstacle, *national))


def may_pause_recording() -> Decision:
    """Refuse to pause or stop recording: there is nobody whom the text permits it, so there are no facts to weigh."""
    return decide(
        grounds=(),
        obstacles=(
            Reason(
                rule=articles.A13_B,
                code="recording.never_paused",
                text_zh="录像不能人为暂停或关闭。需要检修的，请报二级管理机构，缺失时段会连同原因记录在案。",
                text_en="Recording cannot be paused. Report repairs to the tier-2 body; the gap is kept with a cause.",
            ),
        ),
    )


_ABOVE_NATIONAL = Reason(
    rule=articles.D799_17,
    code="retention.above_national_floor",
    text_zh="不低于国家规定的最短保存期。",
    text_en="Not below the floor of national law.",
)
_BELOW_NATIONAL = Reason(
    rule=articles.D799_17,
    code="retention.below_national_floor",
    text_zh=f"国家规定至少保存 {_NATIONAL_DAYS} 天，学校也不能缩短。请改为 {_NATIONAL_DAYS} 天或更长。",
    text_en=f"National law asks for {_NATIONAL_DAYS} days, which no school may shorten. Choose that or more.",
)
