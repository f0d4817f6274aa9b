"""The permission matrix and the rule functions say the same, cell by cell and post by post."""

from collections.abc import Callable, Iterator

import pytest

from mingjian.base.ticks import Ticks90k
from mingjian.regulation.decision import Decision
from mingjian.regulation.matrix import ROWS, Action, Verdict
from mingjian.regulation.posts import Capacity, Post, Tier
from mingjian.regulation.roles import COLUMNS, Role
from mingjian.regulation.rules import (
    applying,
    deciding,
    emergency,
    holding,
    live,
    objecting,
    retention,
    session,
    viewing,
)
from mingjian.regulation.systems import SystemClass

HERE = "lingshui"


def watch_live(role: Role, capacity: Capacity) -> Decision:
    facts = live.LiveFacts(
        posts=capacity.posts,
        tier=capacity.tier,
        body="library",
        is_on_shift=True,
        campuses=frozenset({HERE}),
        campus=HERE,
        owner="library",
        system_class=SystemClass.UNIT,
    )
    return live.may_watch_live(facts)


def apply(role: Role, capacity: Capacity) -> Decision:
    may = applying.may_apply(capacity)
    wish = applying.ApplicationFacts(
        is_internal=role is not Role.OUTSIDER,
        reason="失窃",
        place="校门",
        start_90k=Ticks90k(0),
        end_90k=Ticks90k(1),
        now_90k=Ticks90k(2),
    )
    return applying.may_submit(wish) if may.allowed else may


def forward(role: Role, capacity: Capacity) -> Decision:
    return applying.may_forward(applying.ForwardingFacts(capacity=capacity, is_applicant_named=True))


def decide(role: Role, capacity: Capacity) -> Decision:
    return deciding.may_decide(
        deciding.DecidingFacts(
            capacity=capacity,
            decider_id="decider",
            applicant_ids=frozenset({"student"}),
            camera_campuses=frozenset({HERE}),
        )
    )


def object_to(role: Role, capacity: Capacity) -> Decision:
    return objecting.may_object(
        objecting.ObjectionFacts(
            capacity=capacity,
            person_id="student",
            applicant_id="student",
            refused_at_90k=Ticks90k(1),
            period_days=7,
            has_objected=False,
            now_90k=Ticks90k(2),
        )
    )


def review(role: Role, capacity: Capacity) -> Decision:
    return objecting.may_review(
        objecting.ReviewFacts(
            deciding=deciding.DecidingFacts(
                capacity=capacity,
                decider_id="reviewer",
                applicant_ids=frozenset({"student"}),
                camera_campuses=frozenset({HERE}),
                barred_ids=frozenset({"decider"}),
            ),
            has_another=capacity.tier is not Tier.FIRST,
        )
    )


def room(capacity: Capacity, *, has_ticket: bool) -> session.RoomFacts:
    viewer = session.Viewer(person_id="student", is_approved=has_ticket, is_identity_checked=True)
    return session.RoomFacts(
        operator_id="operator",
        operator_posts=capacity.posts,
        is_operator_present=capacity.tier is Tier.SECOND,
        viewers=(viewer,),
    )


def conduct(role: Role, capacity: Capacity) -> Decision:
    return session.may_show(room(capacity, has_ticket=True))


def conduct_without_ticket(role: Role, capacity: Capacity) -> Decision:
    return session.may_show(room(capacity, has_ticket=False))


def allow_more(role: Role, capacity: Capacity) -> Decision:
    return session.may_raise_limit(
        session.ExceptionFacts(capacity=capacity, campus=HERE, viewer_limit=4, reason="一家四口")
    )


def see_footage(role: Role, capacity: Capacity) -> Decision:
    return viewing.may_be_served(_serving(capacity, has_ticket=True))


def see_footage_without_ticket(role: Role, capacity: Capacity) -> Decision:
    return viewing.may_be_served(_serving(capacity, has_ticket=False))


def _serving(capacity: Capacity, *, has_ticket: bool) -> viewing.ServingFacts:
    return viewing.ServingFacts(
        posts=capacity.posts,
        is_holder=has_ticket,
        is_decided_by_another=True,
        purpose="失窃",
        is_revoked=False,
        valid_until_90k=Ticks90k(2),
        now_90k=Ticks90k(1),
    )


def settle_hold(role: Role, capacity: Capacity) -> Decision:
    return holding.may_release(
        holding.HoldFacts(
            capacity=capacity,
            decider_id="decider",
            applicant_ids=frozenset({"student"}),
            campuses=frozenset({HERE}),
            free_from_90k=Ticks90k(1),
            now_90k=Ticks90k(2),
        )
    )


def stop_recording(role: Role, capacity: Capacity) -> Decision:
    return retention.may_pause_recording()


def shorten_retention(role: Role, capacity: Capacity) -> Decision:
    return retention.may_set_retention(retention.RetentionFacts(days=29, is_key_location=False))


def consent_at_once(role: Role, capacity: Capacity) -> Decision:
    return emergency.may_consent(emergency.ConsentFacts(capacity=capacity, campus=HERE, incident="火情"))


Ask = Callable[[Role, Capacity], Decision]
ASKED: dict[Action, Ask] = {
    Action.WATCH_LIVE: watch_live,
    Action.APPLY: apply,
    Action.FORWARD: forward,
    Action.DECIDE: decide,
    Action.OBJECT: object_to,
    Action.REVIEW: review,
    Action.CONDUCT: conduct,
    Action.ALLOW_MORE: allow_more,
    Action.SEE_FOOTAGE: see_footage,
    Action.SETTLE_HOLD: settle_hold,
    Action.STOP_RECORDING: stop_recording,
    Action.SHORTEN_RETENTION: shorten_retention,
    Action.CONSENT_AT_ONCE: consent_at_once,
}
WITHOUT_TICKET: dict[Action, Ask] = {
    Action.CONDUCT: conduct_without_ticket,
    Action.SEE_FOOTAGE: see_footage_without_ticket,
}
# What the ledger shows is a reach, not a decision; the others have no rule function before they have a room.
WITHOUT_RULE = {Action.READ_LEDGER, Action.RETRIEVE, Action.BUILD, Action.TRANSMIT, Action.DISPOSE}


def capacities(role: Role) -> Iterator[Capacity]:
    column = COLUMNS[role]
    campuses = frozenset({HERE}) if column.tier is Tier.SECOND else frozenset()
    for post in column.posts or (None,):
        yield Capacity(tier=column.tier, campuses=campuses, posts=frozenset() if post is None else frozenset({post}))


def test_every_action_has_a_cell_for_every_role() -> None:
    assert list(ROWS) == list(Action)
    assert set(COLUMNS) == set(Role)
    for row in ROWS.values():
        assert list(row.cells) == list(Role)


def test_every_row_is_walked_or_says_why_not() -> None:
    assert set(ASKED) | WITHOUT_RULE == set(Action)
    assert not set(ASKED) & WITHOUT_RULE
    with_tickets = {
        action for action in ASKED for cell in ROWS[action].cells.values() if cell.verdict is Verdict.TICKET
    }
    assert with_tickets == set(WITHOUT_TICKET)


# An outsider has no application, so nothing to be shown and nothing to object to.
NOTHING_TO_ASK = {(Action.SEE_FOOTAGE, Role.OUTSIDER), (Action.OBJECT, Role.OUTSIDER)}
CELLS = [(action, role) for action in ASKED for role in Role if (action, role) not in NOTHING_TO_ASK]


@pytest.mark.parametrize(("action", "role"), CELLS)
def test_rules_say_what_the_cell_says(action: Action, role: Role) -> None:
    cell = ROWS[action].cells[role]

    for capacity in capacities(role):
        decision = ASKED[action](role, capacity)

        assert decision.allowed is (cell.verdict is not Verdict.REFUSED), capacity
        assert cell.rule.id in decision.articles, capacity
        if cell.verdict is Verdict.TICKET:
            assert not WITHOUT_TICKET[action](role, capacity).allowed


@pytest.mark.article("A13.b")
def test_nobody_stops_recording_or_shortens_retention() -> None:
    for action in (Action.STOP_RECORDING, Action.SHORTEN_RETENTION, Action.DISPOSE):
        assert {cell.verdict for cell in ROWS[action].cells.values()} == {Verdict.REFUSED}


@pytest.mark.article("A14.b")
def test_administrators_are_refused_everything_but_what_they_audit() -> None:
    for action, row in ROWS.items():
        verdict = row.cells[Role.ADMINISTRATOR].verdict
        assert (verdict is Verdict.REFUSED) is (action is not Action.READ_LEDGER)


def test_posts_belong_to_one_role_each() -> None:
    held = [(column.tier, post) for column in COLUMNS.values() for post in column.posts]
    assert len(held) == len(set(held))
    assert {Post.REVIEWER, Post.APPROVER} <= {post for _tier, post in held}
