"""Training and pledge: who enters them, when a lapse is told, and when it closes duty."""

import pytest

from mingjian.base.ticks import TICKS_PER_S
from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import Post
from mingjian.regulation.rules.appointing import APPOINTERS
from mingjian.regulation.rules.training import RecordingFacts, ServingFacts, may_record, may_serve, step_of

DAY_90K = 86_400 * TICKS_PER_S
NOW = 1_000 * DAY_90K


def codes(decision: Decision) -> list[str]:
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


def serving(trained: int | None, pledged: int | None, *, closes: bool = True) -> Decision:
    return may_serve(
        ServingFacts(trained_until_90k=trained, pledged_until_90k=pledged, closes_duty=closes, now_90k=NOW)
    )


@pytest.mark.article("A08.d", "A16.2", shows="allowed")
@pytest.mark.parametrize("post", sorted(APPOINTERS))
def test_who_appoints_enters_the_training_of_the_staff(post: Post) -> None:
    decision = may_record(RecordingFacts(recorder_post=post, is_in_reach=True, is_oneself=False))
    assert (decision.allowed, decision.articles) == (True, ("A16.2", "A08.d"))


@pytest.mark.article("A08.d", shows="refused")
@pytest.mark.parametrize("post", [None, *(set(Post) - APPOINTERS)])
def test_nobody_else_enters_training(post: Post | None) -> None:
    facts = RecordingFacts(recorder_post=post, is_in_reach=True, is_oneself=False)
    assert codes(may_record(facts)) == ["training.not_responsible"]


@pytest.mark.article("A16.2", shows="refused")
def test_nobody_enters_their_own_nor_that_of_strangers() -> None:
    own = RecordingFacts(recorder_post=Post.PRINCIPAL, is_in_reach=True, is_oneself=True)
    strangers = RecordingFacts(recorder_post=Post.PRINCIPAL, is_in_reach=False, is_oneself=False)

    assert codes(may_record(own)) == ["training.oneself"]
    assert codes(may_record(strangers)) == ["training.not_responsible"]


@pytest.mark.article("A08.d", "A16.2", shows=("allowed", "refused"))
def test_lapse_closes_duty_from_its_instant_on_where_the_school_says_so() -> None:
    decision = serving(NOW + 1, NOW + 1)
    assert (decision.allowed, decision.articles) == (True, ("A08.d", "A16.2"))
    assert codes(serving(NOW, NOW + 1)) == ["training.lapsed"]
    assert codes(serving(NOW + 1, NOW)) == ["training.pledge_lapsed"]
    assert codes(serving(None, None)) == ["training.lapsed", "training.pledge_lapsed"]


@pytest.mark.article("A08.d", shows="allowed")
@pytest.mark.parametrize("until", [None, NOW - 1, NOW + 1])
def test_lapse_is_only_told_where_the_school_says_nothing(until: int | None) -> None:
    decision = serving(until, until, closes=False)
    assert (decision.allowed, decision.articles) == (True, ("A08.d",))


@pytest.mark.parametrize(
    ("left", "step"),
    [
        (30 * DAY_90K + 1, None),
        (30 * DAY_90K, 30),
        (7 * DAY_90K + 1, 30),
        (7 * DAY_90K, 7),
        (DAY_90K + 1, 7),
        (DAY_90K, 1),
        (1, 1),
        (0, 0),
        (-400 * DAY_90K, 0),
    ],
)
def test_step_of_the_warning_at_each_boundary(left: int, step: int | None) -> None:
    assert step_of(until_90k=NOW + left, now_90k=NOW) == step
