"""The frame: where the day starts, what waits, what the search box finds, and the campus one looks at."""

from collections.abc import Callable

import pytest
from django.test import Client

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.people.capacity import Acting
from mingjian.people.models import Person
from mingjian.registry.models import Camera
from mingjian.viewing import usecases as viewing
from mingjian.viewing.models import ViewingApplication

pytestmark = pytest.mark.django_db
HOUR_90K = 3600 * TICKS_PER_S
STARTS = {
    (): "/viewings/",
    (("operator", "security-office-campus"),): "值班",
    (("reviewer", "security-office-campus"),): "/viewing-desk/",
    (("principal", "security-office-campus"),): "/viewing-desk/",
    (("duty_leader", "security-office-campus"),): "今日工作",
    (("manager", "library"),): "本单位的点位",
    (("manager", "security-office"),): "今日录像完整率",
    (("audit_administrator", "security-office"),): "/ledger/",
    (("system_administrator", "security-office"),): "本机进程",
    (("security_administrator", "security-office"),): "被锁定的账号",
}


def sign_in(client: Client, username: str) -> None:
    client.post("/sign-out/")
    client.post("/sign-in/", {"username": username, "password": "correct horse battery"})


def apply(person: Person, act_as: Callable[..., Acting]) -> ViewingApplication:
    clock = SystemClock()
    now_90k = clock.utc()
    return viewing.submit(
        acting=act_as(person),
        wish=viewing.Wish(
            incident_kind="theft",
            reason="失窃",
            campus="lingshui",
            building="校门",
            start_90k=now_90k - HOUR_90K,
            end_90k=now_90k,
            phone="138",
        ),
        clock=clock,
    )


@pytest.mark.parametrize("held", STARTS)
def test_each_capacity_starts_its_day_where_its_work_is(
    held: tuple[tuple[str, str], ...], hire: Callable[..., Person], client: Client
) -> None:
    hire("somebody", "某人", *held)
    sign_in(client, "somebody")

    start = client.get("/")

    if STARTS[held].startswith("/"):
        assert start.headers["Location"] == STARTS[held]
    else:
        assert STARTS[held] in start.content.decode()


def test_a_submitted_application_waits_for_the_reviewer_of_its_campus_alone(
    register: Callable[..., Camera], hire: Callable[..., Person], act_as: Callable[..., Acting], client: Client
) -> None:
    register()
    apply(hire("zhao", "赵同学"), act_as)
    hire("here", "审核", ("reviewer", "security-office-campus"))
    hire("there", "外审", ("reviewer", "panjin-general-affairs"))

    sign_in(client, "here")
    assert client.get("/sessions/").context["notice_count"] == 1
    sign_in(client, "there")
    assert client.get("/sessions/").context["notice_count"] == 0


def test_the_search_box_finds_what_is_in_scope_and_tells_nothing_of_the_rest(
    register: Callable[..., Camera], hire: Callable[..., Person], act_as: Callable[..., Acting], client: Client
) -> None:
    register(name="南门")
    ticket = apply(hire("zhao", "赵同学"), act_as).ticket
    hire("wang", "王同学")
    hire("here", "审核", ("reviewer", "security-office-campus"))
    hire("there", "外审", ("reviewer", "panjin-general-affairs"))

    def hits(username: str, text: str) -> list[str]:
        sign_in(client, username)
        return [hit.name for hit in client.get("/search/", {"q": text}).context["hits"]]

    assert hits("zhao", ticket) == [ticket]
    assert hits("zhao", "南门") == []
    assert hits("wang", ticket) == []
    assert hits("here", ticket) == [ticket]
    assert hits("here", "校门") == ["南门"]
    assert hits("there", ticket) == []
    assert hits("there", "南门") == []


@pytest.mark.parametrize("text", ("", "\x00", "<b>", "%", "'; DROP", "9" * 300, "０３"))
def test_senseless_searches_do_no_harm(operator: Person, client: Client, text: str) -> None:
    sign_in(client, "zhang")

    answer = client.get("/search/", {"q": text})

    assert answer.status_code == 200
    assert "<b>" not in answer.content.decode().partition("<main")[2].partition("</h1>")[0]


def test_the_campus_looked_at_narrows_lists_and_opens_nothing(
    operator: Person, register: Callable[..., Camera], client: Client
) -> None:
    register(name="南门")
    register(name="东门", campus="kaifaqu")
    sign_in(client, "zhang")

    client.post("/preferences/", {"campus": "kaifaqu", "next": "/"})
    assert client.get("/").context["camera_count"] == 1
    assert client.get("/cameras/").context["total"] == 1
    assert [hit.name for hit in client.get("/search/", {"q": "门"}).context["hits"]] == ["东门"]
    client.post("/preferences/", {"campus": "panjin", "next": "/"})
    assert client.get("/").context["camera_count"] == 2
    client.post("/preferences/", {"campus": "", "next": "/"})
    assert client.get("/").context["camera_count"] == 2


def test_what_was_done_is_said_on_the_next_page_and_no_part_takes_it_away(operator: Person, client: Client) -> None:
    sign_in(client, "zhang")
    client.post("/shift/start/", {"campus": "lingshui"})

    assert "note-success" not in client.get("/", headers={"HX-Request": "true"}).content.decode()
    assert "已在凌水校区上岗" in client.get("/").content.decode()
    assert "note-success" not in client.get("/").content.decode()


def test_a_deeper_page_leads_back_to_its_room(operator: Person, client: Client) -> None:
    sign_in(client, "zhang")

    deeper, own = client.get("/matrix/").context, client.get("/articles/").context

    assert deeper["parent_page"].address == "/articles/"
    assert [item.address for item in deeper["rail"] if item.is_current] == ["/articles/"]
    assert own["parent_page"] is None
