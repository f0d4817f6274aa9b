"""The regulation as data: each rule that this product answers for, with its article, what it does about it, and why.

Source: 《大连理工大学校园视频监控系统管理办法》, revised by the president's meeting on 2024-09-29. Summaries are ours.
Ids are stable and stand in grants, ledger entries and tests: A15_1_2A is "A15.1.2a"; its family "A15.1.2" is the
provision itself and may be cited as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a rule is."""

    DEFINITION = "definition"
    ASSIGNMENT = "assignment"
    PERMISSION = "permission"
    DUTY = "duty"
    BAN = "ban"
    LIMIT = "limit"
    PROCEDURE = "procedure"


class Mechanism(StrEnum):
    """What the software mainly does about a rule: prevent a breach, notice it, write it down, or only warn."""

    ENFORCE = "enforce"
    DETECT = "detect"
    RECORD = "record"
    DECLARE = "declare"


class Source(StrEnum):
    """Where a number or a reading comes from. Our defaults may be changed by tier 1, never below a legal floor."""

    REGULATION = "regulation"
    NATIONAL_LAW = "national_law"
    OUR_DEFAULT = "our_default"


@dataclass(frozen=True, slots=True)
class Provision:
    """A place in the text, as people cite it."""

    id: str
    citation_zh: str
    citation_en: str


@dataclass(frozen=True, slots=True)
class Number:
    """A figure that a rule fixes. `is_principle`: the text says 原则上, so a named authority may except it."""

    name: str
    value: int
    unit: str
    source: Source
    is_principle: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a provision."""

    id: str
    provision: Provision
    kind: Kind
    mechanism: Mechanism
    summary_zh: str
    summary_en: str
    numbers: tuple[Number, ...] = ()


_VIEWING_ZH = "第十五条（一）查阅程序与纪律"

_PROVISIONS = (
    Provision("A07.2", "第七条（二）", "Article 7 (2)"),
    Provision("A07.3", "第七条（三）", "Article 7 (3)"),
    Provision("A13", "第十三条", "Article 13"),
    Provision("A14", "第十四条", "Article 14"),
    Provision("A15.1.1", f"{_VIEWING_ZH}第1项", "Article 15 (1) item 1"),
    Provision("A15.1.2", f"{_VIEWING_ZH}第2项", "Article 15 (1) item 2"),
    Provision("A15.1.3", f"{_VIEWING_ZH}第3项", "Article 15 (1) item 3"),
    Provision("A15.1.4", f"{_VIEWING_ZH}第4项", "Article 15 (1) item 4"),
    Provision("A15.1.5", f"{_VIEWING_ZH}第5项", "Article 15 (1) item 5"),
    Provision("A18.1", "第十八条（一）", "Article 18 (1)"),
    Provision("A18.2", "第十八条（二）", "Article 18 (2)"),
    Provision("A18.4", "第十八条（四）", "Article 18 (4)"),
    Provision("A20.5", "第二十条（五）", "Article 20 (5)"),
)

PROVISIONS: Mapping[str, Provision] = {provision.id: provision for provision in _PROVISIONS}

A07_2_0 = Rule(
    id="A07.2.0",
    provision=PROVISIONS["A07.2"],
    kind=Kind.ASSIGNMENT,
    mechanism=Mechanism.ENFORCE,
    summary_zh="三个二级管理机构各管各的校区，不得越区行使职权。",
    summary_en="Each of the three tier-2 bodies has its own campuses and no power over the others.",
)
A07_2_3 = Rule(
    id="A07.2.3",
    provision=PROVISIONS["A07.2"],
    kind=Kind.PERMISSION,
    mechanism=Mechanism.ENFORCE,
    summary_zh="对本校区的监控数据，查阅权与调取权属于二级管理机构。",
    summary_en="The right to view and to retrieve a campus's footage belongs to its tier-2 body.",
)
A13_A = Rule(
    id="A13.a",
    provision=PROVISIONS["A13"],
    kind=Kind.DUTY,
    mechanism=Mechanism.DETECT,
    summary_zh="监控系统昼夜连续运行；每一秒缺失的录像都要有原因可查。",
    summary_en="Systems run day and night; every missing second of footage has a cause on record.",
    numbers=(Number("operation", 24, "h/day", Source.REGULATION),),
)
A13_B = Rule(
    id="A13.b",
    provision=PROVISIONS["A13"],
    kind=Kind.BAN,
    mechanism=Mechanism.ENFORCE,
    summary_zh="任何人不能人为停下本地录像；本系统不提供这样的按钮、接口或权限。",
    summary_en="Nobody may pause or close local recording; the product has no button, interface or right for it.",
)
A13_C = Rule(
    id="A13.c",
    provision=PROVISIONS["A13"],
    kind=Kind.LIMIT,
    mechanism=Mechanism.ENFORCE,
    summary_zh="录像至少保存三十天。",
    summary_en="Footage is kept for thirty days at least.",
    numbers=(Number("retention_floor", 30, "day", Source.REGULATION),),
)
A13_D = Rule(
    id="A13.d",
    provision=PROVISIONS["A13"],
    kind=Kind.LIMIT,
    mechanism=Mechanism.ENFORCE,
    summary_zh="重点部位的录像至少保存九十天。",
    summary_en="Footage of key locations is kept for ninety days at least.",
    numbers=(Number("key_location_retention_floor", 90, "day", Source.REGULATION),),
)
A14_B = Rule(
    id="A14.b",
    provision=PROVISIONS["A14"],
    kind=Kind.BAN,
    mechanism=Mechanism.ENFORCE,
    summary_zh="监控数据只为安全保卫部门处理案（事）件而用，没有说明用途就不出示。",
    summary_en="Footage serves the security departments' work on incidents only; no purpose, no picture.",
)
A14_C = Rule(
    id="A14.c",
    provision=PROVISIONS["A14"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    summary_zh="查阅与调取先登记、经审批，并守保密要求；没有有效的批准就看不到画面。",
    summary_en="Viewing and retrieval are registered and approved first; no picture without a valid approval.",
)
A14_D = Rule(
    id="A14.d",
    provision=PROVISIONS["A14"],
    kind=Kind.BAN,
    mechanism=Mechanism.DECLARE,
    summary_zh="未获许可不得拷贝、翻拍或截取画面；本系统不给下载，翻拍只能告诫与追溯。",
    summary_en="No unapproved copies: there is no download; photographing the screen can only be warned of and traced.",
)
A15_1_1A = Rule(
    id="A15.1.1a",
    provision=PROVISIONS["A15.1.1"],
    kind=Kind.PROCEDURE,
    mechanism=Mechanism.ENFORCE,
    summary_zh="校内人员说明事由后提出申请，由二级管理机构按需要出示相关内容。",
    summary_en="A member of the university applies with a reason; the tier-2 body shows what is relevant, as needed.",
)
A15_1_2A = Rule(
    id="A15.1.2a",
    provision=PROVISIONS["A15.1.2"],
    kind=Kind.BAN,
    mechanism=Mechanism.ENFORCE,
    summary_zh="查阅申请一律由二级管理机构受理；三级单位只告知流程、协助提出。",
    summary_en="Only tier 2 accepts applications for viewing; a tier-3 unit explains and assists.",
)
A15_1_3B = Rule(
    id="A15.1.3b",
    provision=PROVISIONS["A15.1.3"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    summary_zh="查阅须有操作员在场监督。",
    summary_en="Viewing takes place under an operator's supervision.",
)
A15_1_4A = Rule(
    id="A15.1.4a",
    provision=PROVISIONS["A15.1.4"],
    kind=Kind.BAN,
    mechanism=Mechanism.ENFORCE,
    summary_zh="只有获准的本人可以查阅，不能代看或转给他人。",
    summary_en="Only the person permitted may view; nobody stands in for another.",
)
A15_1_4B = Rule(
    id="A15.1.4b",
    provision=PROVISIONS["A15.1.4"],
    kind=Kind.LIMIT,
    mechanism=Mechanism.ENFORCE,
    summary_zh="同一内容同时查阅的人数，一般以三人为限。",
    summary_en="As a rule at most three people view the same footage together.",
    numbers=(Number("viewers_at_once", 3, "person", Source.REGULATION, is_principle=True),),
)
A15_1_5 = Rule(
    id="A15.1.5",
    provision=PROVISIONS["A15.1.5"],
    kind=Kind.PROCEDURE,
    mechanism=Mechanism.ENFORCE,
    summary_zh="突发事件需要立即查阅时，由一级或二级管理机构的主要负责人同意。",
    summary_en="In an emergency, immediate viewing needs the consent of the head of a tier-1 or tier-2 body.",
)
A18_1 = Rule(
    id="A18.1",
    provision=PROVISIONS["A18.1"],
    kind=Kind.DUTY,
    mechanism=Mechanism.RECORD,
    summary_zh="操作员的每次使用都详细登记；台账由系统自动写成，只增不改。",
    summary_en="Every use by an operator is registered in detail; the system writes the register and only adds to it.",
)
A18_2 = Rule(
    id="A18.2",
    provision=PROVISIONS["A18.2"],
    kind=Kind.DUTY,
    mechanism=Mechanism.ENFORCE,
    summary_zh="操作员当班时用实时画面巡查重点部位。",
    summary_en="Operators on duty patrol key places by live video.",
)
A18_4A = Rule(
    id="A18.4a",
    provision=PROVISIONS["A18.4"],
    kind=Kind.BAN,
    mechanism=Mechanism.DETECT,
    summary_zh="操作员按班次在岗，离岗须有交接。",
    summary_en="Operators keep to their shifts and leave the post only by handing over.",
)
A20_5 = Rule(
    id="A20.5",
    provision=PROVISIONS["A20.5"],
    kind=Kind.BAN,
    mechanism=Mechanism.DETECT,
    summary_zh="擅自关闭系统、改变其用途或范围，或疏于检查致其长期失效，要被追责。",
    summary_en="Closing a system, changing its purpose or range, or letting it fail for long is answered for.",
)

RULES: Mapping[str, Rule] = {
    rule.id: rule
    for rule in (
        *(A07_2_0, A07_2_3, A13_A, A13_B, A13_C, A13_D, A14_B, A14_C, A14_D),
        *(A15_1_1A, A15_1_2A, A15_1_3B, A15_1_4A, A15_1_4B, A15_1_5),
        *(A18_1, A18_2, A18_4A, A20_5),
    )
}


def provision_of(rule_or_provision_id: str) -> Provision:
    """Return where a rule, or a whole provision cited as such, stands in the text. Raises KeyError for a foreign id."""
    rule = RULES.get(rule_or_provision_id)
    return rule.provision if rule is not None else PROVISIONS[rule_or_provision_id]


def family(provision_id: str) -> tuple[Rule, ...]:
    """Return the rules of a provision, in their order ("A13" has four)."""
    return tuple(rule for rule in RULES.values() if rule.provision.id == provision_id)
