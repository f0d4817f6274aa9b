"""The regulation as data: all its rules under their ids, each with what the software does about it, and why.

Source: 《大连理工大学校园视频监控系统管理办法》, revised by the president's meeting on 2024-09-29. Summaries are ours.
Ids are stable and stand in grants, ledger entries and tests: A15_1_2A is "A15.1.2a"; its family "A15.1.2" is the
provision itself and may be cited as well. The constants stand in `chapters` and are read from here.
"""

from collections.abc import Mapping

from mingjian.regulation.chapters.accountability import *
from mingjian.regulation.chapters.bodies import *
from mingjian.regulation.chapters.closing import *
from mingjian.regulation.chapters.construction import *
from mingjian.regulation.chapters.footage_use import *
from mingjian.regulation.chapters.general import *
from mingjian.regulation.provisions import ARTICLES as ARTICLES
from mingjian.regulation.provisions import CHAPTERS as CHAPTERS
from mingjian.regulation.provisions import PROVISIONS as PROVISIONS
from mingjian.regulation.terms import Article as Article
from mingjian.regulation.terms import Kind as Kind
from mingjian.regulation.terms import Mechanism as Mechanism
from mingjian.regulation.terms import Number as Number
from mingjian.regulation.terms import Principle as Principle
from mingjian.regulation.terms import Provision as Provision
from mingjian.regulation.terms import Rule as Rule
from mingjian.regulation.terms import Source as Source
from mingjian.regulation.terms import Unit as Unit

# Ids sort as the text runs: two-digit articles, items below ten.
RULES: Mapping[str, Rule] = {
    rule.id: rule
    for rule in sorted((value for value in list(globals().values()) if isinstance(value, Rule)), key=lambda one: one.id)
}


def provision_of(rule_or_provision_id: str) -> Provision:
    """Return where a rule, or a whole provision cited as such, stands in the text. Raises KeyError for a foreign id."""
    rule = RULES.get(rule_or_provision_id)
    return rule.provision if rule is not None else PROVISIONS[rule_or_provision_id]


def family(cited_id: str) -> tuple[Rule, ...]:
    """Return the rules that a citation covers, in the order of the text; none for a foreign id.

    "A13" has four, "A15.1.2" two, "A15.1.2a" itself; "A1" and "A15.1.22" have none.
    """
    return tuple(rule for rule in RULES.values() if is_covered(rule.id, by=cited_id))


def is_covered(rule_id: str, *, by: str) -> bool:
    """Say whether the citation is the rule itself or a provision above it."""
    rest = rule_id.removeprefix(by)
    return rule_id == by or (bool(by) and by[-1] not in "A." and rest != rule_id and not rest[0].isdigit())
