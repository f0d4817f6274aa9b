"""The catalogue is whole: ids, provisions, both languages, and the figures that the text fixes."""

import re

import pytest

from mingjian.regulation import articles
from mingjian.regulation.articles import PROVISIONS, RULES, Source, family, provision_of


def test_every_constant_is_in_the_catalogue_under_its_own_name():
    constants = {name: value for name, value in vars(articles).items() if isinstance(value, articles.Rule)}
    assert {rule.id for rule in constants.values()} == set(RULES)
    for name, rule in constants.items():
        assert name == rule.id.replace(".", "_").upper()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_a_rule_belongs_to_its_provision_and_speaks_both_languages(rule):
    assert re.fullmatch(r"A\d\d(\.\d)*(\.?[a-z])?", rule.id)
    assert rule.id.startswith(rule.provision.id)
    assert PROVISIONS[rule.provision.id] is rule.provision
    assert re.search(r"[\u4e00-\u9fff]", rule.summary_zh)
    assert rule.summary_zh.endswith("。")
    assert rule.summary_en.isascii()
    assert rule.summary_en.endswith(".")


def test_figures_are_those_of_the_text():
    figures = {number.name: (number.value, number.is_principle) for rule in RULES.values() for number in rule.numbers}
    assert figures == {
        "operation": (24, False),
        "retention_floor": (30, False),
        "key_location_retention_floor": (90, False),
        "viewers_at_once": (3, True),
    }
    assert {number.source for rule in RULES.values() for number in rule.numbers} == {Source.REGULATION}


def test_a_rule_and_its_family_are_cited_alike():
    assert provision_of("A15.1.2a") is provision_of("A15.1.2")
    assert provision_of("A15.1.2").citation_zh == "第十五条（一）查阅程序与纪律第2项"


def test_a_foreign_id_is_refused():
    with pytest.raises(KeyError):
        provision_of("A99")


def test_a_family_lists_its_rules_in_order():
    assert [rule.id for rule in family("A13")] == ["A13.a", "A13.b", "A13.c", "A13.d"]
    assert family("A99") == ()
