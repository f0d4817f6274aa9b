"""The regulation as data: all its rules under their ids, each with what the software does about it, and why.

`RULES` are the 99 of the regulation, `NATIONAL` those of national law that bind this system, `CATALOGUE` both.

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
from mingjian.regulation.laws.data import *
from mingjian.regulation.laws.decree_799 import *
from mingjian.regulation.laws.limitation import *
from mingjian.regulation.laws.titles import LAWS as LAWS
from mingjian.regulation.provisions import ARTICLES as ARTICLES
from mingjian.regulation.provisions import CHAPTERS as CHAPTERS
from mingjian.regulation.provisions import PROVISIONS as PROVISIONS
from mingjian.regulation.terms import Article as Article
from mingjian.regulation.terms import Kind as Kind
from mingjian.regulation.terms import Law as Law
from mingjian.regulation.terms import Mechanism as Mechanism
from mingjian.regulation.terms import Number as Number
from mingjian.regulation.terms import Principle as Principle
from mingjian.regulation.terms import Provision as Provision
from mingjian.regulation.terms import Rule as Rule
from mingjian.regulation.terms import Source as Source
from mingjian.regulation.terms import Standing as Standing
from mingjian.regulation.terms import Unit as Unit

_ALL = [value for value in list(globals().values()) if isinstance(value, Rule)]
# Ids sort as the text runs: two-digit articles, items below ten.
RULES: Mapping[str, Rule] = {
    rule.id: rule for rule in sorted((one for one in _ALL if one.provision.law is None), key=lambda one: one.id)
}
NATIONAL: Mapping[str, Rule] = {
    rule.id: rule for law in LAWS.values() for rule in sorted(_ALL, key=lambda one: one.id) if rule.provision.law is law
}
CATALOGUE: Mapping[str, Rule] = {**RULES, **NATIONAL}


def provision_of(rule_or_provision_id: str) -> Provision:
    """Return where a rule, or a whole provision cited as such, stands in the text. Raises KeyError for a foreign id."""
    rule = CATALOGUE.get(rule_or_provision_id)
    return rule.provision if rule is not None else PROVISIONS[rule_or_provision_id]


def family(cited_id: str) -> tuple[Rule, ...]:
    """Return the rules that a citation covers, in the order of the text; none for a foreign id.

    "A13" has four, "A15.1.2" two, "A15.1.2a" itself, "D799" all of the decree; "A1" and "A15.1.22" have none.
    """
    return tuple(rule for rule in CATALOGUE.values() if is_covered(rule.id, by=cited_id))


def is_covered(rule_id: str, *, by: str) -> bool:
    """Say whether the citation is the rule itself or a provision above it."""
    rest = rule_id.removeprefix(by)
    if rest == rule_id:
        return False  # it does not begin so, or nothing was cited
    return not rest or rest[0] == "." or (by[-1].isdigit() and rest[0].isalpha())
