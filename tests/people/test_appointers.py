"""Whom those see who keep accounts or appoint, in which bodies, and what each of them may do about whom."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import Http404

from mingjian.base.clock import SimulatedClock
from mingjian.people import acts, appointing, leaving, personnel
from mingjian.people.capacity import Acting, first_capacity
from mingjian.people.models import Appointment, Body, Person
from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import Post

OFFICE, SCHOOL = "security-office-campus", "security-office"
Hire = Callable[..., Person]


@pytest.fixture
def staff(hire: Hire, clock: SimulatedClock) -> dict[str, Acting]:
    held = {
        "admin": ("system_administrator", SCHOOL),
        "tier1": ("principal", SCHOOL),
        "head": ("principal", OFFICE),
        "stand_in": ("acting_principal", OFFICE),
        "librarian": ("safety_responsible", "library"),
        "guard": ("operator", OFFICE),
    }
    people = {name: hire(name, f"{name}女士", post, clock=clock) for name, post in held.items()}
    people["zhao"] = hire("zhao", "赵同学", clock=clock)
    return {name: first_capacity(person, now_90k=clock.utc()) for name, person in people.items()}


def codes(decision: Decision) -> list[str]:
    return [] if decision.allowed else [reason.code for reason in decision.reasons]


def test_persons_are_found_by_who_keeps_accounts_or_appoints(staff: dict[str, Acting], clock: SimulatedClock) -> None:
    leaving.close_account(person=staff["zhao"].person, actor=acts.SHELL, clock=clock)
    staying = {acting.person for name, acting in staff.items() if name != "zhao"}
    for name, acting in staff.items():
        finds = name in {"admin", "tier1", "head", "stand_in", "librarian"}
        assert set(personnel.access_persons(acting=acting)) == (staying if finds else set())
    assert [name for name in staff if personnel.keeps_accounts(staff[name])] == ["admin"]
    assert [name for name in staff if personnel.appoints(staff[name])] == ["tier1", "head", "stand_in", "librarian"]
    by_words = {
        words: [person.username for person in personnel.access_persons(acting=staff["head"], words=words)]
        for words in ("TIER", "IAN女", "nobody")
    }
    assert by_words == {"TIER": ["tier1"], "IAN女": ["librarian"], "nobody": []}
    assert personnel.SHOWN == 100


def test_closed_accounts_are_found_by_who_keeps_accounts_alone(staff: dict[str, Acting], clock: SimulatedClock) -> None:
    zhao, guard = staff["zhao"].person, staff["guard"].person
    for person in (zhao, guard):
        leaving.close_account(person=person, actor=acts.SHELL, clock=clock)
    found = {name: set(personnel.access_closed(acting=acting)) for name, acting in staff.items()}
    assert found.pop("admin") == {zhao, guard}
    assert not any(found.values())
    for words in ("赵", "ZHA"):
        assert list(personnel.access_closed(acting=staff["admin"], words=words)) == [zhao]
    assert personnel.access_closed_person(acting=staff["admin"], person_id=str(zhao.pk)) == zhao
    assert personnel.access_closed_person(acting=staff["admin"], person_id=str(guard.pk)) == guard
    open_yet = staff["librarian"].person
    for name, person_id in (("admin", str(open_yet.pk)), ("admin", "x"), ("head", str(zhao.pk))):
        with pytest.raises(Http404):
            personnel.access_closed_person(acting=staff[name], person_id=person_id)


def test_person_and_appointment_exist_within_reach_alone(staff: dict[str, Acting]) -> None:
    guard = staff["guard"].person
    held = guard.appointments.get()
    assert personnel.access_person(acting=staff["admin"], person_id=str(guard.pk)) == guard
    for name, person_id in (("zhao", str(guard.pk)), ("head", str(held.pk)), ("head", "x")):
        with pytest.raises(Http404):
            personnel.access_person(acting=staff[name], person_id=person_id)
    for name in ("tier1", "head", "stand_in"):
        assert personnel.access_appointment(acting=staff[name], appointment_id=str(held.pk)) == held
    for name, appointment_id in (
        ("librarian", str(held.pk)),
        ("admin", str(held.pk)),
        ("guard", str(held.pk)),
        ("zhao", str(held.pk)),
        ("head", str(guard.pk)),
        ("head", "x"),
    ):
        with pytest.raises(Http404):
            personnel.access_appointment(acting=staff[name], appointment_id=appointment_id)


@pytest.mark.article("A08.b")
def test_head_reaches_the_own_body_and_all_below_and_who_is_responsible_the_own_alone(
    staff: dict[str, Acting],
) -> None:
    reach = {name: [body.pk for body in personnel.bodies_in_reach(acting)] for name, acting in staff.items()}
    below_office = set(Body.objects.filter(parent=OFFICE).values_list("pk", flat=True))
    assert reach["head"][0] == OFFICE
    assert set(reach["head"]) == set(reach["stand_in"]) == {OFFICE} | below_office
    assert "library" in below_office
    # Below tier 1 is tier 2, and what is below that; beside it is not.
    assert reach["tier1"][0] == SCHOOL
    assert {OFFICE, "library", "panjin-general-affairs"} < set(reach["tier1"])
    assert "discipline-inspection" not in reach["tier1"]
    assert len(reach["tier1"]) == len(set(reach["tier1"]))
    assert reach["librarian"] == ["library"]
    assert reach["admin"] == reach["guard"] == reach["zhao"] == []


@pytest.mark.article("A08.a", "A08.b")
def test_posts_are_given_by_body_and_tier_and_never_to_oneself(staff: dict[str, Acting]) -> None:
    zhao = staff["zhao"].person

    def given(name: str, person: Person) -> dict[str, set[Post]]:
        return {body.pk: set(posts) for body, posts in personnel.posts_to_give(acting=staff[name], person=person)}

    below = {Post.PRINCIPAL, Post.ACTING_PRINCIPAL, Post.SAFETY_RESPONSIBLE, Post.MANAGER, Post.OPERATOR}
    own = {
        Post.ACTING_PRINCIPAL,
        Post.DUTY_LEADER,
        Post.REVIEWER,
        Post.APPROVER,
        Post.MANAGER,
        Post.OPERATOR,
    }
    assert (given("head", zhao)[OFFICE], given("head", zhao)["library"]) == (own, below)
    assert given("stand_in", zhao)[OFFICE] == own - {Post.ACTING_PRINCIPAL}
    assert given("librarian", zhao) == {"library": {Post.MANAGER, Post.OPERATOR}}
    assert given("head", staff["head"].person) == {}
    assert given("guard", zhao) == given("admin", zhao) == given("zhao", zhao) == {}

    def may(name: str, person: str, body: str, post: Post) -> list[str]:
        return codes(
            personnel.may_appoint(
                acting=staff[name], person=staff[person].person, body=Body.objects.get(pk=body), post=post
            )
        )

    assert may("head", "zhao", OFFICE, Post.REVIEWER) == []
    assert may("head", "zhao", OFFICE, Post.PRINCIPAL) == ["appointing.from_above"]
    assert may("head", "zhao", "panjin-general-affairs", Post.OPERATOR) == ["appointing.other_body"]
    assert may("head", "head", OFFICE, Post.REVIEWER) == ["appointing.oneself"]
    assert may("tier1", "zhao", OFFICE, Post.PRINCIPAL) == []


@pytest.mark.article("A08.b")
def test_hand_over_is_confirmed_by_who_appoints_there_and_did_not_give_the_password(
    staff: dict[str, Acting], clock: SimulatedClock
) -> None:
    held = staff["guard"].person.appointments.get()

    def may(name: str, appointment: Appointment) -> list[str]:
        return codes(personnel.may_confirm(acting=staff[name], appointment=appointment))

    assert (may("head", held), may("librarian", held)) == ([], ["appointing.other_body"])
    appointing.withhold(person=held.person, given_by=str(staff["head"].person.pk), at_90k=clock.utc())
    held.refresh_from_db()
    assert (may("head", held), may("tier1", held)) == (["appointing.giver"], [])
    assert may("guard", held) == ["appointing.oneself", "appointing.other_body"]


def test_delegate_has_no_say_about_whose_post_it_is(staff: dict[str, Acting], clock: SimulatedClock) -> None:
    def facts(acting: Acting, person: Person, body: str, post: Post = Post.REVIEWER) -> dict[str, Any]:
        told = personnel.facts_of(acting, person, Body.objects.get(pk=body), post)
        return {name: getattr(told, name) for name in ("is_own_body", "is_above", "is_oneself", "appointer_post")}

    head, zhao = staff["head"], staff["zhao"].person
    told = {"is_own_body": True, "is_above": False, "is_oneself": False, "appointer_post": Post.PRINCIPAL}
    assert facts(head, zhao, OFFICE) == told
    assert facts(head, zhao, "library") == told | {"is_own_body": False, "is_above": True}
    assert facts(head, zhao, SCHOOL) == told | {"is_own_body": False}
    assert facts(head, head.person, OFFICE) == told | {"is_oneself": True}
    lent = Appointment(
        person=zhao, post="acting_principal", tier=2, body=Body.objects.get(pk=OFFICE), delegated_from=head.appointment
    )
    by_hand = Acting(zhao, lent, head.campuses)
    for person, is_oneself in ((zhao, True), (head.person, True), (staff["guard"].person, False)):
        assert facts(by_hand, person, OFFICE)["is_oneself"] is is_oneself
