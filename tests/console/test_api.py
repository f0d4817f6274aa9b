"""The HTTP API: a whole viewing over it, its document, and what it refuses in which shape."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.console import urls
from mingjian.duty import usecases as duty
from mingjian.people import acts
from mingjian.people.capacity import Acting
from mingjian.people.models import Person
from mingjian.people.resources import resource_of
from mingjian.people.routing import facts_of
from mingjian.registry.models import Camera

HOUR_90K = 3600 * TICKS_PER_S
PASSWORD = "correct horse battery"
Enter = Callable[[str], Client]

# Every address of the API with its methods and the rule that opens it.
DOORS = {
    ("/api/v1/me/", "GET", "signed_in"),
    ("/api/v1/me/proof/", "POST", "signed_in"),
    ("/api/v1/capacity/", "POST", "signed_in"),
    ("/api/v1/openapi.json", "GET", "signed_in"),
    ("/api/v1/ledger/entries/", "GET", "signed_in"),
    ("/api/v1/ledger/verdict/", "GET", "signed_in"),
    ("/api/v1/articles/", "GET", "signed_in"),
    ("/api/v1/matrix/", "GET", "signed_in"),
    ("/api/v1/policies/", "GET", "signed_in"),
    ("/api/v1/readings/", "GET", "signed_in"),
    ("/api/v1/policies/<str:topic>/rulings/", "GET", "signed_in"),
    ("/api/v1/policies/<str:topic>/propose/", "POST", "ruling_body"),
    ("/api/v1/rulings/<str:ruling_id>/confirm/", "POST", "ruling_body"),
    ("/api/v1/rulings/<str:ruling_id>/turn-down/", "POST", "ruling_body"),
    ("/api/v1/applications/", "GET", "signed_in"),
    ("/api/v1/applications/submit/", "POST", "may_apply"),
    ("/api/v1/applications/<str:application_id>/", "GET", "own_application"),
    ("/api/v1/applications/<str:application_id>/complete/", "POST", "own_application"),
    ("/api/v1/applications/<str:application_id>/withdraw/", "POST", "own_application"),
    ("/api/v1/applications/<str:application_id>/object/", "POST", "own_application"),
    ("/api/v1/desk/applications/", "GET", "viewing_desk"),
    ("/api/v1/desk/applications/<str:application_id>/", "GET", "application_of_desk"),
    ("/api/v1/desk/applications/<str:application_id>/forward/", "POST", "application_of_desk"),
    ("/api/v1/desk/applications/<str:application_id>/decide/", "POST", "application_of_desk"),
    ("/api/v1/desk/applications/<str:application_id>/review/", "POST", "application_of_desk"),
    ("/api/v1/desk/applications/<str:application_id>/open/", "POST", "application_of_desk"),
    ("/api/v1/sessions/<str:session_id>/", "GET", "own_session"),
    ("/api/v1/register/", "GET", "staff"),
    ("/api/v1/register/<str:session_id>/", "GET", "session_of_campus"),
    ("/api/v1/cameras/", "GET", "of_body"),
    ("/api/v1/cameras/<str:camera_id>/", "GET", "camera_in_reach"),
    ("/api/v1/cameras/<str:camera_id>/coverage/", "GET", "camera_in_reach"),
    ("/api/v1/holds/", "GET", "staff"),
}


def test_every_address_declares_the_rule_that_is_written_here() -> None:
    found = set()
    for pattern in urls.urlpatterns:
        facts = facts_of(pattern)
        assert facts is not None
        if str(pattern.pattern).startswith("api/"):
            found |= {(f"/{pattern.pattern}", method, facts.rule) for method in facts.methods}
    assert found == DOORS


@pytest.fixture
def enter(register: Callable[..., Camera], hire: Callable[..., Person], act_as: Callable[..., Acting]) -> Enter:
    """Sign in as somebody of the walk; one camera stands on Lingshui, and its operator is on shift."""
    register()
    people = {
        "student": hire("student", "学生"),
        "librarian": hire("librarian", "馆员", ("manager", "library")),
        "reviewer": hire("reviewer", "审核", ("reviewer", "security-office-campus")),
        "operator": hire("operator", "操作", ("operator", "security-office-campus")),
        "other": hire("other", "他校区", ("reviewer", "panjin-general-affairs")),
    }
    duty.start_shift(acting=act_as(people["operator"]), campus="lingshui", actor=acts.SHELL, clock=SystemClock())

    def sign_in(name: str) -> Client:
        client = Client()
        assert client.post("/sign-in/", {"username": name, "password": PASSWORD}).status_code == 302
        return client

    return sign_in


def wish(**changes: Any) -> dict[str, Any]:
    now_90k = SystemClock().utc()
    told = {
        "incident_kind": "theft",
        "reason": "自行车失窃",
        "campus": "lingshui",
        "building": "校门",
        "start_90k": now_90k - 2 * HOUR_90K,
        "end_90k": now_90k - HOUR_90K,
        "phone": "13800000000",
        "is_true": True,
        "is_pledged": True,
    }
    return {name: value for name, value in (told | changes).items() if value is not None}


def post(client: Client, address: str, told: Any) -> Any:
    return client.post(f"/api/v1/{address}", told, content_type="application/json")


def test_document_is_openapi_31_and_names_every_operation(enter: Enter) -> None:
    document = enter("student").get("/api/v1/openapi.json").json()

    OpenAPIV31SpecValidator(document).validate()
    told = {
        (path.replace("{", "<str:").replace("}", ">"), method.upper(), operation["x-mingjian-rule"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in {"get", "post"}
    }
    assert told == {door for door in DOORS if "openapi" not in door[0]}


def test_answers_have_the_shape_that_the_document_says(enter: Enter) -> None:
    client = enter("reviewer")
    document = client.get("/api/v1/openapi.json").json()
    for path, operations in document["paths"].items():
        if "{" in path or "get" not in operations:
            continue
        said = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        answer = client.get(path)
        assert answer.status_code == 200, path
        Draft202012Validator({**said, "components": document["components"]}).validate(answer.json())


@pytest.mark.article("A15.1.2")
def test_viewing_goes_from_wish_to_register_over_the_api(enter: Enter) -> None:
    student, librarian, reviewer, operator = map(enter, ("student", "librarian", "reviewer", "operator"))

    sent = post(student, "applications/submit/", wish(unit="library")).json()
    assert (sent["stage"], sent["version"]) == ("at_unit", 1)
    assert "cameras" not in sent
    desk = f"desk/applications/{sent['id']}/"
    refused = post(librarian, f"{desk}decide/", {"version": 1, "outcome": "approved"})
    assert (refused.status_code, refused.json()["articles"][0]["id"]) == (403, "A15.1.2a")
    assert post(librarian, f"{desk}forward/", {"version": 1}).json()["application"]["stage"] == "submitted"
    assert post(reviewer, f"{desk}decide/", {"version": 1, "outcome": "approved"}).status_code == 409
    decided = post(reviewer, f"{desk}decide/", {"version": 2, "outcome": "approved"}).json()["application"]
    assert (decided["stage"], decided["decisions"][0]["outcome"]) == ("approved", "approved")
    early = post(enter("reviewer"), f"{desk}open/", {})
    assert (early.status_code, early.json()["articles"][0]["id"]) == (403, "A15.1.3b")
    held = post(operator, f"{desk}open/", {}).json()
    assert (held["ticket"], held["phase"], held["seats"]) == (sent["ticket"], "searching", [])
    assert operator.get(f"/api/v1/sessions/{held['id']}/").json()["status"] == "open"
    assert reviewer.get("/api/v1/register/").json()["items"][0]["id"] == held["id"]
    assert [hold["released_at_90k"] for hold in reviewer.get("/api/v1/holds/").json()["items"]] == [None]
    other = enter("other")
    assert other.get(f"/api/v1/register/{held['id']}/").status_code == 404
    assert other.get("/api/v1/register/").json()["items"] == []


def test_me_tells_capacity_and_campuses_and_capacity_changes(enter: Enter, hire: Callable[..., Person]) -> None:
    reviewer = enter("reviewer")
    me = reviewer.get("/api/v1/me/").json()
    assert me["capacity"]["post"] == "reviewer"
    assert [campus["code"] for campus in me["campuses"]] == ["lingshui", "kaifaqu"]

    member = post(reviewer, "capacity/", {}).json()
    assert (member["capacity"]["post"], member["campuses"]) == ("", [])
    assert reviewer.get("/api/v1/desk/applications/").status_code == 404
    assert post(reviewer, "capacity/", {"appointment": me["capacity"]["id"]}).json()["capacity"]["post"] == "reviewer"


def test_lists_come_in_parts(enter: Enter, register: Callable[..., Camera]) -> None:
    for number in range(4):
        register(name=f"甲{number}")
    reviewer = enter("reviewer")

    found, offset = [], 0
    while offset is not None:
        part = reviewer.get(f"/api/v1/cameras/?limit=2&offset={offset}").json()
        found += [camera["name"] for camera in part["items"]]
        offset = part["next"]

    assert sorted(found) == ["南门", "甲0", "甲1", "甲2", "甲3"]
    assert reviewer.get("/api/v1/cameras/?limit=101").status_code == 400
    assert reviewer.get("/api/v1/cameras/?limit=-1").status_code == 400


def test_camera_of_another_campus_is_answered_like_one_that_never_was(
    enter: Enter, register: Callable[..., Camera]
) -> None:
    foreign = register(name="盘锦东门", campus="panjin")
    reviewer = enter("reviewer")

    answers = [
        reviewer.get(f"/api/v1/cameras/{camera_id}/")
        for camera_id in (foreign.pk, "00000000-0000-4000-8000-000000000000", "nonsense")
    ]
    told = [{**answer.json(), "facts": None} for answer in answers]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert told[0] == told[1] == told[2]


def test_nobody_signed_in_is_told_so_in_json() -> None:
    answer = Client().get("/api/v1/me/", headers={"Accept": "text/html"})

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "people.not_signed_in"


NOT_TAKEN = (
    ("{}", "api.fields"),
    ("{", "api.malformed"),
    ("[]", "api.malformed"),
    ("7", "api.malformed"),
    ('{"version": NaN}', "api.malformed"),
    ("[" * 100_000, "api.malformed"),
    ('{"version": ' + "9" * 5_000 + "}", "api.malformed"),
    ('{"reason": "\\ud800"}', "api.malformed"),
    ('{"\\udfff": 1}', "api.malformed"),
    ('{"nothing": 1}', "api.unknown_field"),
    ('{"phone": 138}', "api.fields"),
    ('{"is_true": "yes"}', "api.fields"),
    ('{"start_90k": true}', "api.fields"),
    ('{"start_90k": 1.5}', "api.fields"),
    ('{"reason": {"a": 1}}', "api.fields"),
)
WRONG: tuple[dict[str, Any], ...] = (
    {"reason": None},
    {"reason": "甲\x00乙"},
    {"reason": "长" * 501},
    {"incident_kind": "curiosity"},
    {"start_90k": -1},
    {"end_90k": 1 << 70},
    {"is_pledged": False},
    {"unit": "nowhere"},
    {"campus": "nowhere"},
    {"campus": "l" * 33},
)


def test_what_is_not_taken_is_told_by_name(enter: Enter) -> None:
    student = enter("student")

    for sent, code in NOT_TAKEN:
        answer = post(student, "applications/submit/", sent)

        assert (answer.status_code, answer.json()["code"]) == (400, code), sent[:80]
        assert set(answer.json()) == {"code", "message", "remedy", "facts", "articles"}


def test_wish_is_refused_whole(enter: Enter) -> None:
    student = enter("student")

    for changes in WRONG:
        answer = post(student, "applications/submit/", wish(**changes))

        assert answer.status_code == 400, (changes, answer.content.decode())
    assert student.get("/api/v1/applications/").json()["items"] == []


def test_form_encoding_is_not_taken(enter: Enter) -> None:
    answer = enter("student").post("/api/v1/applications/submit/", {"reason": "失窃"})

    assert (answer.status_code, answer.json()["code"]) == (415, "api.not_json")


def test_token_goes_into_a_header(enter: Enter) -> None:
    enter("student")
    client = Client(enforce_csrf_checks=True)
    page = client.get("/sign-in/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    client.post("/sign-in/", {"username": "student", "password": PASSWORD, "csrfmiddlewaretoken": token})
    token = client.get("/api/v1/me/").json()["csrf_token"]

    without = post(client, "applications/submit/", wish())
    with_token = client.post(
        "/api/v1/applications/submit/", wish(), content_type="application/json", headers={"X-CSRFToken": token}
    )

    assert (without.status_code, without.json()["code"]) == (403, "console.stale_form")
    assert with_token.status_code == 200


def test_every_operation_has_a_page_or_says_what_it_is() -> None:
    for pattern in urls.urlpatterns:
        declared = resource_of(pattern)
        if declared is not None:
            for operation in declared.operations.values():
                assert str(operation.summary)
                assert operation.handle.__doc__
