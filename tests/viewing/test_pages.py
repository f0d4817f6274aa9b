"""The playback page opens for the holder while the session stands, and for nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import acts
from mingjian.people.models import Person
from mingjian.registry.models import Camera
from mingjian.viewing import usecases
from mingjian.viewing.models import ViewingSession

HOUR_90K = 3600 * TICKS_PER_S


@pytest.fixture
def session(operator: Person, register: Callable[..., Camera]) -> ViewingSession:
    now_90k = SystemClock().utc()
    return usecases.issue_session(
        person=operator,
        cameras=[register(name="南门"), register(name="自行车棚")],
        start_90k=now_90k - HOUR_90K,
        end_90k=now_90k,
        purpose="<b>失窃</b>",
        valid_until_90k=now_90k + HOUR_90K,
        issued_by=None,
        actor=acts.SHELL,
        clock=SystemClock(),
    )


def sign_in(client: Client, username: str = "zhang") -> None:
    client.post("/sign-in/", {"username": username, "password": "correct horse battery"})


def test_playback_page_names_window_camera_and_lease(session: ViewingSession, client: Client) -> None:
    sign_in(client)

    page = client.get(f"/playback/{session.pk}/").content.decode()

    assert f'lease-id="{session.pk}"' in page
    assert f'start="{session.start_90k}" end="{session.end_90k}"' in page
    assert "&lt;b&gt;失窃&lt;/b&gt;" in page
    assert "<b>失窃" not in page


def test_playback_page_chooses_among_its_own_cameras_only(
    session: ViewingSession, register: Callable[..., Camera], client: Client
) -> None:
    sign_in(client)
    foreign = register(name="图书馆")
    second = session.cameras.get(name="自行车棚")

    assert f'camera="{second.pk}"' in client.get(f"/playback/{session.pk}/?camera={second.pk}").content.decode()
    assert client.get(f"/playback/{session.pk}/?camera={foreign.pk}").status_code == 404


def test_playback_page_does_not_exist_for_anybody_else(
    session: ViewingSession, outsider: Person, client: Client
) -> None:
    assert client.get(f"/playback/{session.pk}/").status_code == 302
    sign_in(client, "zhao")

    assert client.get(f"/playback/{session.pk}/").status_code == 404
    assert client.get("/playback/nonsense/").status_code == 404


def test_playback_page_refuses_with_the_article_when_revoked(
    session: ViewingSession, client: Client, written: Callable[[], list[dict[str, Any]]]
) -> None:
    sign_in(client)
    usecases.revoke_session(session=session, reason="误签", actor=acts.SHELL, clock=SystemClock())

    answer = client.get(f"/playback/{session.pk}/")
    problem = client.get(f"/playback/{session.pk}/", headers={"Accept": "application/json"})

    assert answer.status_code == 403
    assert "第十四条" in answer.content.decode()
    assert "mj-player" not in answer.content.decode()
    assert problem["Content-Type"] == "application/problem+json"
    assert problem.json()["code"] == "viewing.revoked"
    assert set(problem.json()) == {"code", "message", "remedy", "facts", "articles"}
    assert [act["kind"] for act in written()][-2:] == ["people.refused", "people.refused"]


def test_my_viewings_lists_each_with_its_state(session: ViewingSession, outsider: Person, client: Client) -> None:
    sign_in(client)
    assert "可以查阅" in client.get("/viewings/").content.decode()
    client.post("/sign-out/")
    sign_in(client, "zhao")
    assert "还没有申请" in client.get("/viewings/").content.decode()


def test_my_viewings_says_in_place_of_the_button_why_one_cannot_apply_so(
    outsider: Person, hire: Callable[..., Person], client: Client
) -> None:
    hire("unit", "馆员", ("manager", "library"))

    sign_in(client, "zhao")
    assert 'href="/viewings/apply/"' in client.get("/viewings/").content.decode()
    client.post("/sign-out/")
    sign_in(client, "unit")
    page = client.get("/viewings/").content.decode()

    assert 'href="/viewings/apply/"' not in page
    assert "换为“校内人员”" in page
    assert 'href="/capacity/"' in page
