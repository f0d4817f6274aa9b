"""Nothing is called enforced that is not: what the catalogue says of a rule is held against source and tests."""

import pytest

from mingjian.oversight import tracing
from mingjian.regulation.articles import CATALOGUE, Mechanism, Rule, Standing

TESTS = tracing.folder_of_tests()
IN_FORCE = [rule for rule in CATALOGUE.values() if rule.standing is Standing.IN_FORCE]


def shown(rule: Rule) -> frozenset[str]:
    assert TESTS is not None
    return tracing.shown_outcomes(rule.id, tests=TESTS)


def is_marked(rule: Rule) -> bool:
    assert TESTS is not None
    return bool(tracing.marked_tests(rule.id, tests=TESTS))


def is_asked(rule: Rule) -> bool:
    trace = tracing.traces()[rule.id]
    return bool(trace.decided and trace.called)


@pytest.mark.parametrize(
    "rule", [one for one in IN_FORCE if one.mechanism is Mechanism.ENFORCE], ids=lambda one: one.id
)
def test_an_enforced_rule_has_a_function_a_call_and_both_an_allowed_and_a_refused_test(rule: Rule) -> None:
    trace = tracing.traces()[rule.id]

    assert trace.decided, "no rule function weighs it"
    assert trace.called, "no room asks"
    assert shown(rule) == {"allowed", "refused"}


@pytest.mark.parametrize(
    "rule", [one for one in IN_FORCE if one.mechanism in {Mechanism.DETECT, Mechanism.RECORD}], ids=lambda one: one.id
)
def test_what_is_noticed_or_written_down_has_a_place_or_a_test(rule: Rule) -> None:
    assert tracing.traces()[rule.id].called or is_marked(rule)


@pytest.mark.parametrize(
    "rule", [one for one in CATALOGUE.values() if one.standing is Standing.BY_DESIGN], ids=lambda one: one.id
)
def test_what_the_product_has_no_way_to_break_is_proved_absent(rule: Rule) -> None:
    assert rule.mechanism is Mechanism.ENFORCE
    assert is_marked(rule)


@pytest.mark.parametrize(
    "rule", [one for one in CATALOGUE.values() if one.standing is Standing.LATER], ids=lambda one: one.id
)
def test_what_is_said_to_come_later_is_not_in_force_already(rule: Rule) -> None:
    assert not (is_asked(rule) and shown(rule) == {"allowed", "refused"})
