"""The operator at the console of a session: who conducts it, and what has to be so before each of its turns."""

from dataclasses import replace

import pytest

from mingjian.regulation.posts import APART, Post
from mingjian.regulation.rules import session
from mingjian.regulation.rules.session import DeskFacts

DESK = DeskFacts(posts=frozenset({Post.OPERATOR}), is_present=True, is_decider=False, is_viewer=False)
# Every turn, once with all that it asks for and once without; the code of what is missing, and its grounds.
TURNS = {
    "supervise": (session.may_supervise, {}, None, "", ("A15.1.3b",)),
    "open": (session.may_open, {"is_approved": True}, {"is_approved": False}, "no_approval", ("A07.2.3", "A15.1.1a")),
    "search": (
        session.may_search,
        {"viewers_inside": 0},
        {"viewers_inside": 1},
        "search_is_alone",
        ("A07.2.3", "A15.1.1a"),
    ),
    "show": (
        session.may_begin_showing,
        {"segments_marked": 1},
        {"segments_marked": 0},
        "nothing_marked",
        ("A15.1.1a",),
    ),
    "take_over": (
        session.may_take_over,
        {"is_still_supervised": False},
        {"is_still_supervised": True},
        "still_supervised",
        ("A15.1.3b",),
    ),
}


def codes(decision):
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


@pytest.mark.article("A15.1.3b", shows=("allowed", "refused"))
@pytest.mark.parametrize("turn", TURNS)
def test_operator_at_the_console_takes_every_turn_and_somebody_else_none(turn):
    may, asked, _, _, articles = TURNS[turn]
    decision = may(DESK, **asked)
    assert (decision.allowed, decision.articles) == (True, articles)
    assert codes(may(replace(DESK, is_present=False), **asked)) == ["session.no_operator"]
    assert codes(may(replace(DESK, posts=frozenset({Post.REVIEWER})), **asked)) == ["session.no_operator"]


@pytest.mark.article("A14.c", shows="refused")
@pytest.mark.parametrize("turn", TURNS)
def test_who_decided_or_views_conducts_no_turn(turn):
    may, asked, _, _, _ = TURNS[turn]
    assert codes(may(replace(DESK, is_decider=True), **asked)) == ["session.operator_decided"]
    assert codes(may(replace(DESK, is_viewer=True), **asked)) == ["session.operator_is_viewer"]


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("post", sorted(APART))
def test_who_stands_apart_conducts_no_turn(turn, post):
    may, asked, _, _, _ = TURNS[turn]
    assert codes(may(replace(DESK, posts=frozenset({Post.OPERATOR, post})), **asked)) == ["media.administrator"]


@pytest.mark.parametrize("turn", [turn for turn, (_, _, without, _, _) in TURNS.items() if without])
def test_turn_waits_for_what_it_asks_for(turn):
    may, _, without, missing, _ = TURNS[turn]
    assert codes(may(DESK, **without)) == [f"session.{missing}"]
