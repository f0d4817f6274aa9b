"""Whose a system may be: one owner of the tier that its class asks for, and special kinds their named unit's."""

from dataclasses import dataclass

from mingjian.regulation import articles
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import Tier
from mingjian.regulation.systems import SystemClass


@dataclass(frozen=True, slots=True, kw_only=True)
class OwningFacts:
    """A system as it would be entered. `owner_tier` None: nobody owns it.

    `named_owner` is the unit that the university names for this kind (Article 21), empty where it names none.
    """

    system_class: SystemClass
    owner: str
    owner_tier: Tier | None
    named_owner: str = ""


def may_own(facts: OwningFacts) -> Decision:
    """Decide on class and owner (A02, A04.p1, A04.p2, A04.p4, A21.a)."""
    if facts.owner_tier is None:
        return decide(grounds=(), obstacles=(_WITHOUT_OWNER,))
    is_school = facts.system_class is SystemClass.SCHOOL
    obstacles = []
    if facts.owner_tier is not facts.system_class.owner_tier:
        obstacles.append(_SCHOOL_BUILT_IS_TIER_2 if is_school else _UNIT_BUILT_IS_TIER_3)
    if facts.named_owner and facts.owner != facts.named_owner:
        obstacles.append(_ANOTHER_IS_NAMED)
    grounds = [_HAS_OWNER, _RUN_BY_TIER_2 if is_school else _RUN_BY_ITS_UNIT]
    if facts.named_owner:
        grounds.append(_NAMED)
    return decide(grounds=grounds, obstacles=obstacles)


_WITHOUT_OWNER = Reason(
    rule=articles.A02,
    code="owning.nobody",
    text_zh="系统没有责任机构，不能登记。请写明由哪个机构负责。",
    text_en="Nobody answers for the system, so it is not entered. Name the body that does.",
)
_SCHOOL_BUILT_IS_TIER_2 = Reason(
    rule=articles.A04_P2,
    code="owning.school_built",
    text_zh="校建系统由所在校区的二级管理机构直接负责，不能登记到别的机构。请改为该二级管理机构。",
    text_en="A school-built system is run by the tier-2 body of its campus and by no other. Enter that body.",
)
_UNIT_BUILT_IS_TIER_3 = Reason(
    rule=articles.A04_P4,
    code="owning.unit_built",
    text_zh="自建系统由建设它的单位负责，不能登记到二级管理机构。请改为该单位，或按校建系统登记。",
    text_en="A unit-built system is its unit's and not a tier-2 body's. Enter the unit, or enter it as school-built.",
)
_ANOTHER_IS_NAMED = Reason(
    rule=articles.A21_A,
    code="owning.another_is_named",
    text_zh="这类专用系统由学校指定的部门负责，不能登记到别的单位。请改为指定的部门。",
    text_en="The university names the unit for this kind of system; no other is entered. Enter that unit.",
)
_HAS_OWNER = Reason(
    rule=articles.A02,
    code="owning.one_owner",
    text_zh="系统归属一个责任机构。",
    text_en="One body answers for the system.",
)
_RUN_BY_TIER_2 = Reason(
    rule=articles.A04_P2,
    code="owning.by_tier_2",
    text_zh="校建系统由二级管理机构负责。",
    text_en="The school-built system is run by a tier-2 body.",
)
_RUN_BY_ITS_UNIT = Reason(
    rule=articles.A04_P4,
    code="owning.by_unit",
    text_zh="自建系统由建设它的单位负责。",
    text_en="The unit-built system is run by its unit.",
)
_NAMED = Reason(
    rule=articles.A21_A,
    code="owning.by_named_unit",
    text_zh="专用系统由学校指定的部门负责。",
    text_en="The special system is run by the unit that the university names.",
)
