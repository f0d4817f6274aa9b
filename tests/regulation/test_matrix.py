"""The permission matrix and the rule functions say the same, cell by cell and post by post."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from mingjian.base.ticks import Ticks90k
from mingjian.people import profile
from mingjian.people.profile import Profile
from mingjian.regulation import articles
from mingjian.regulation.articles import Rule
from mingjian.regulation.decision import Decision
from mingjian.regulation.matrix import ROWS, Action, Verdict
from mingjian.regulation.posts import Capacity, Post, Tier
from mingjian.regulation.roles import COLUMNS, Role
from mingjian.regulation.rules import (
    applying,
    complaining,
    deciding,
    emergency,
    holding,
    inquiring,
    live,
    objecting,
    retention,
    session,
    viewing,
)
from mingjian.regulation.systems import SystemClass


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is asked for: a campus, those of the asking body, and who owns the camera there."""

    campus: str
    own: frozenset[str]
    body: str
    owner: str


def watch_live(role: Role, capacity: Capacity, at: Place) -> Decision:
    facts = live.LiveFacts(
        posts=capacity.posts,
        tier=capacity.tier,
        body=at.body,
        is_on_shift=True,
        campuses=at.own,
        campus=at.campus,
        owner=at.owner,
        system_class=SystemClass.UNIT,
    )
    return live.may_watch_live(facts)


def apply(role: Role, capacity: Capacity, at: Place) -> Decision:
    may = applying.may_apply(capacity, campus=at.campus)
    wish = applying.ApplicationFacts(
        is_internal=role is not Role.OUTSIDER,
        reason="失窃",
        place="校门",
        start_90k=Ticks90k(0),
        end_90k=Ticks90k(1),
        now_90k=Ticks90k(2),
    )
    return applying.may_submit(wish) if may.allowed else may


def forward(role: Role, capacity: Capacity, at: Place) -> Decision:
    return applying.may_forward(applying.ForwardingFacts(capacity=capacity, is_applicant_named=True))


def decide(role: Role, capacity: Capacity, at: Place) -> Decision:
    return deciding.may_decide(
        deciding.DecidingFacts(
            capacity=capacity,
            decider_id="decider",
            applicant_ids=frozenset({"student"}),
            camera_campuses=frozenset({at.campus}),
        )
    )


def object_to(role: Role, capacity: Capacity, at: Place) -> Decision:
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


def review(role: Role, capacity: Capacity, at: Place) -> Decision:
    return objecting.may_review(
        objecting.ReviewFacts(
            deciding=deciding.DecidingFacts(
                capacity=capacity,
                decider_id="reviewer",
                applicant_ids=frozenset({"student"}),
                camera_campuses=frozenset({at.campus}),
                barred_ids=frozenset({"decider"}),
            ),
            has_another=capacity.tier is not Tier.FIRST,
        )
    )


def room(capacity: Capacity, at: Place, *, has_ticket: bool) -> session.RoomFacts:
    viewer = session.Viewer(person_id="student", is_approved=has_ticket, is_identity_checked=True)
    return session.RoomFacts(
        operator_id="operator",
        operator_posts=capacity.posts,
        is_operator_present=capacity.tier is Tier.SECOND and at.campus in at.own,
        viewers=(viewer,),
    )


def conduct(role: Role, capacity: Capacity, at: Place) -> Decision:
    return session.may_show(room(capacity, at, has_ticket=True))


def conduct_without_ticket(role: Role, capacity: Capacity, at: Place) -> Decision:
    return session.may_show(room(capacity, at, has_ticket=False))


def allow_more(role: Role, capacity: Capacity, at: Place) -> Decision:
    return session.may_raise_limit(
        session.ExceptionFacts(capacity=capacity, campus=at.campus, viewer_limit=4, reason="一家四口")
    )


def see_footage(role: Role, capacity: Capacity, at: Place) -> Decision:
    return viewing.may_be_served(_serving(capacity, has_ticket=True))


def see_footage_without_ticket(role: Role, capacity: Capacity, at: Place) -> Decision:
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


def settle_hold(role: Role, capacity: Capacity, at: Place) -> Decision:
    return holding.may_release(
        holding.HoldFacts(
            capacity=capacity,
            decider_id="decider",
            applicant_ids=frozenset({"student"}),
            campuses=frozenset({at.campus}),
            free_from_90k=Ticks90k(1),
            now_90k=Ticks90k(2),
        )
    )


def complain(role: Role, capacity: Capacity, at: Place) -> Decision:
    is_member = role is not Role.OUTSIDER
    return complaining.may_complain(
        complaining.ComplainingFacts(has_account=is_member, complainant_id="student", about_id="guard")
    )


def handle_complaint(role: Role, capacity: Capacity, at: Place) -> Decision:
    return complaining.may_handle(
        complaining.HandlingFacts(
            capacity=capacity,
            handler_ids=frozenset({"handler"}),
            complainant_id="student",
            about_id="guard",
            concerns_first_office=role is Role.INSPECTOR,
        )
    )


def inquire(role: Role, capacity: Capacity, at: Place) -> Decision:
    return inquiring.may_ask(
        inquiring.AskingFacts(
            capacity=capacity, is_about_conduct=False, concerns_first_office=False, is_to_inspection=False
        )
    )


def answer_inquiry(role: Role, capacity: Capacity, at: Place) -> Decision:
    return inquiring.may_answer(
        inquiring.AnsweringFacts(
            capacity=capacity, person_ids=frozenset({"head"}), is_own_body=True, concerned_id="guard"
        )
    )


def stop_recording(role: Role, capacity: Capacity, at: Place) -> Decision:
    return retention.may_pause_recording()


def shorten_retention(role: Role, capacity: Capacity, at: Place) -> Decision:
    return retention.may_set_retention(retention.RetentionFacts(days=29, is_key_location=False))


def consent_at_once(role: Role, capacity: Capacity, at: Place) -> Decision:
    return emergency.may_consent(emergency.ConsentFacts(capacity=capacity, campus=at.campus, incident="火情"))


Ask = Callable[[Role, Capacity, Place], Decision]
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
    Action.COMPLAIN: complain,
    Action.HANDLE_COMPLAINT: handle_complaint,
    Action.INQUIRE: inquire,
    Action.ANSWER_INQUIRY: answer_inquiry,
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


PROFILES = {name: profile.read(name) for name in ("dlut", "beihu")}
# What a tier-2 body does on its own campuses only, with the rule that refuses it elsewhere.
BOUND_TO_CAMPUS: dict[Action, Rule] = {
    Action.APPLY: articles.A07_2_0,
    Action.WATCH_LIVE: articles.A07_2_0,
    Action.DECIDE: articles.A07_2_0,
    Action.REVIEW: articles.A07_2_0,
    Action.CONDUCT: articles.A15_1_3B,
    Action.ALLOW_MORE: articles.A07_2_0,
    Action.SETTLE_HOLD: articles.A07_2_0,
    Action.CONSENT_AT_ONCE: articles.A07_2_0,
}


def asked_in(told: Profile, role: Role) -> Iterator[tuple[Capacity, Place]]:
    """Every capacity of the role at this university, on every campus of it."""
    column = COLUMNS[role]
    every = frozenset(campus.code for campus in told.campuses)
    bodies = [(body.code, frozenset(body.campuses)) for body in told.bodies if body.tier == column.tier]
    for body, named in bodies or [("", frozenset[str]())]:
        own = named or every
        for post in column.posts or (None,):
            capacity = Capacity(
                tier=column.tier,
                campuses=named if column.tier is Tier.SECOND else frozenset(),
                posts=frozenset() if post is None else frozenset({post}),
            )
            for campus in sorted(every):
                yield capacity, Place(campus=campus, own=own, body=body, owner=body or "nobody")


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


@pytest.mark.parametrize("name", list(PROFILES))
@pytest.mark.parametrize(("action", "role"), CELLS)
def test_rules_say_what_the_cell_says_in_every_capacity_on_every_campus(action: Action, role: Role, name: str) -> None:
    cell = ROWS[action].cells[role]

    for capacity, at in asked_in(PROFILES[name], role):
        decision = ASKED[action](role, capacity, at)

        is_elsewhere = at.campus not in at.own and (capacity.tier is Tier.SECOND or action is Action.WATCH_LIVE)
        if cell.verdict is not Verdict.REFUSED and is_elsewhere and action in BOUND_TO_CAMPUS:
            assert not decision.allowed, (capacity, at)
            assert BOUND_TO_CAMPUS[action].id in decision.articles, (capacity, at)
            continue
        assert decision.allowed is (cell.verdict is not Verdict.REFUSED), (capacity, at)
        assert cell.rule.id in decision.articles, (capacity, at)
        if cell.verdict is Verdict.TICKET:
            assert not WITHOUT_TICKET[action](role, capacity, at).allowed


@pytest.mark.article("A07.3.1")
@pytest.mark.parametrize("name", list(PROFILES))
def test_a_unit_watches_no_other_units_cameras_at_either_university(name: str) -> None:
    for role in (Role.UNIT_OPERATOR, Role.UNIT_MANAGER):
        for capacity, at in asked_in(PROFILES[name], role):
            assert not watch_live(role, capacity, replace(at, owner="another unit")).allowed


def test_both_universities_have_every_role_and_more_than_one_campus() -> None:
    for told in PROFILES.values():
        assert len(told.campuses) > 1
        for role in Role:
            walked = list(asked_in(told, role))
            assert {at.campus for _, at in walked} == {campus.code for campus in told.campuses}


@pytest.mark.article("A13.b")
def test_nobody_stops_recording_or_shortens_retention() -> None:
    for action in (Action.STOP_RECORDING, Action.SHORTEN_RETENTION, Action.DISPOSE):
        assert {cell.verdict for cell in ROWS[action].cells.values()} == {Verdict.REFUSED}


LEFT_TO_THEM = {
    Role.ADMINISTRATOR: {Action.READ_LEDGER, Action.COMPLAIN},
    Role.AUDITOR: {Action.READ_LEDGER, Action.COMPLAIN, Action.INQUIRE},
    Role.INSPECTOR: {Action.READ_LEDGER, Action.COMPLAIN, Action.HANDLE_COMPLAINT, Action.ANSWER_INQUIRY},
}


@pytest.mark.article("A14.b")
@pytest.mark.parametrize("role", LEFT_TO_THEM)
def test_who_stands_apart_is_refused_everything_but_what_they_are_there_for(role: Role) -> None:
    for action, row in ROWS.items():
        assert (row.cells[role].verdict is Verdict.REFUSED) is (action not in LEFT_TO_THEM[role])


def test_posts_belong_to_one_role_each() -> None:
    held = [(column.tier, post) for column in COLUMNS.values() for post in column.posts]
    assert len(held) == len(set(held))
    assert {Post.REVIEWER, Post.APPROVER} <= {post for _tier, post in held}
