"""Nobody decides the own application: by page, API, use-case, or SQL under either role; each barrier stands alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from mingjian.base.clock import SystemClock
from mingjian.console.migrating import apply_privileges
from mingjian.people.models import Person
from mingjian.people.routing import RuleRefused
from mingjian.viewing import usecases
from mingjian.viewing.models import ApplicationDecision, ViewingApplication
from mingjian.viewing.words import Outcome

pytestmark = pytest.mark.article("A14.c")

INSERT = """
    INSERT INTO viewing_applicationdecision (id, application_id, applicant_id, version, outcome, decider_id, capacity,
        reason, article, decided_at_90k, valid_until_90k, policy_version)
    VALUES (gen_random_uuid(), %(application)s, %(applicant)s, 1, 'approved', %(decider)s, '', '', '', 1, 2, 0)
"""


@pytest.fixture
def own(world: Any) -> ViewingApplication:
    """The reviewer's own application, seen by the reviewer at the desk."""
    return world.applied(by="decider")


def test_page_and_api_refuse_with_the_article(world: Any, own: ViewingApplication) -> None:
    client = world.client("decider")
    told = {"version": 1, "outcome": "approved"}

    by_page = client.post(f"/viewing-desk/{own.pk}/decide/", told, headers={"Accept": "application/problem+json"})
    by_api = client.post(f"/api/v1/desk/applications/{own.pk}/decide/", told, content_type="application/json")

    for answer in (by_page, by_api):
        assert (answer.status_code, answer.json()["code"]) == (403, "deciding.own_application")
        assert [article["id"] for article in answer.json()["articles"]] == ["A14.c"]
    assert not ApplicationDecision.objects.exists()


def test_changing_the_capacity_does_not_help(world: Any, own: ViewingApplication, hire: Callable[..., Person]) -> None:
    client = world.client("decider")
    client.post("/api/v1/capacity/", {}, content_type="application/json")

    answer = client.post(
        f"/api/v1/desk/applications/{own.pk}/decide/",
        {"version": 1, "outcome": "approved"},
        content_type="application/json",
    )

    assert answer.status_code == 404


def test_use_case_refuses(world: Any, own: ViewingApplication) -> None:
    with pytest.raises(RuleRefused):
        usecases.decide(
            application=own,
            version=1,
            outcome=Outcome.APPROVED,
            reason="",
            article="",
            validity_days=3,
            acting=world.acting("decider"),
            clock=SystemClock(),
        )


@contextmanager
def role(name: str) -> Iterator[None]:
    """Write as the owner of the tables, or as the web process with every row in its scope."""
    if name == "mingjian_web":
        apply_privileges()
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE mingjian_web")
    yield
    if name == "mingjian_web":
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def told_by(error: IntegrityError) -> str:
    """Return the constraint that refused."""
    cause: Any = error.__cause__
    return str(cause.diag.constraint_name)


@pytest.mark.parametrize("name", ["mingjian_owner", "mingjian_web"])
def test_database_takes_no_decision_on_the_own_application(world: Any, own: ViewingApplication, name: str) -> None:
    decider, other = world.people["decider"].pk, world.people["victim"].pk
    own_named, another_named = (
        {"application": own.pk, "applicant": applicant, "decider": decider} for applicant in (decider, other)
    )

    with role(name):
        with pytest.raises(IntegrityError) as honest, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(INSERT, own_named)
        # Whoever lies about the applicant meets the key that binds a decision to its application's applicant.
        with pytest.raises(IntegrityError) as lying, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(INSERT, another_named)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert told_by(honest.value) == "viewing_decision_by_another_than_applicant"
    assert told_by(lying.value) == "viewing_decision_applicant_is_the_applications"


@pytest.mark.parametrize("name", ["mingjian_owner", "mingjian_web"])
def test_database_lets_no_decision_become_the_applicants_own(world: Any, name: str) -> None:
    application = world.approved()
    decider, victim = world.people["decider"].pk, world.people["victim"].pk
    changes = (
        ("UPDATE viewing_applicationdecision SET decider_id = %s WHERE application_id = %s", victim),
        ("UPDATE viewing_applicationdecision SET applicant_id = %s WHERE application_id = %s", decider),
        ("UPDATE viewing_viewingapplication SET applicant_id = %s WHERE id = %s", decider),
    )

    refused = []
    with role(name):
        for statement, person in changes:
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement, [person, application.pk])
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            except IntegrityError as error:
                refused.append(told_by(error))
            except ProgrammingError as error:
                refused.append(str(error.__cause__.diag.message_primary))  # type: ignore[union-attr]

    by_another, of_its_applicant = (
        "viewing_decision_by_another_than_applicant",
        "viewing_decision_applicant_is_the_applications",
    )
    no_right = "permission denied for table viewing_applicationdecision"
    assert (
        refused
        == {
            "mingjian_owner": [by_another, by_another, of_its_applicant],
            "mingjian_web": [no_right, no_right, of_its_applicant],
        }[name]
    )


@pytest.mark.parametrize("name", ["mingjian_owner", "mingjian_web"])
def test_database_issues_no_session_to_whoever_approved_it(world: Any, name: str) -> None:
    held = world.opened(world.approved())

    with (
        role(name),
        pytest.raises(IntegrityError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE viewing_viewingsession SET person_id = issued_by_id WHERE id = %s", [held.pk])

    assert told_by(refused.value) == "viewing_session_issuer_is_not_holder"
