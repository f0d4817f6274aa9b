"""The list of cameras shows the operator's campus and nothing else."""

from collections.abc import Callable

import pytest
from django.test import Client

from mingjian.people.models import Person
from mingjian.registry.models import Camera


def test_camera_list_shows_the_own_campus_only(
    register: Callable[..., Camera], operator: Person, client: Client
) -> None:
    register(name="南门")
    register(name="盘锦大门", campus="panjin")
    client.post("/sign-in/", {"username": "zhang", "password": "correct horse battery"})

    page = client.get("/cameras/").content.decode()

    assert "南门" in page
    assert "盘锦大门" not in page
    assert "未在录像" in page
    assert "<html" not in client.get("/cameras/", headers={"HX-Request": "true"}).content.decode()


def test_page_never_shows_addresses_or_credentials(
    register: Callable[..., Camera], operator: Person, client: Client
) -> None:
    camera = register()
    client.post("/sign-in/", {"username": "zhang", "password": "correct horse battery"})

    page = client.get("/cameras/").content.decode()

    assert "rtsp://" not in page
    assert camera.sealed_credentials not in page


@pytest.mark.article("A07.3.1")
def test_unit_is_told_of_its_own_points_alone_by_page_and_by_api(
    register: Callable[..., Camera], hire: Callable[..., Person], client: Client
) -> None:
    own, foreign = register(name="阅览室", owner="library"), register(name="南门")
    hire("feng", "冯管理", ("manager", "library"))
    client.post("/sign-in/", {"username": "feng", "password": "correct horse battery"})

    page = client.get("/cameras/").content.decode()
    listed = client.get("/api/v1/cameras/").json()

    assert "阅览室" in page
    assert "南门" not in page
    assert [camera["id"] for camera in listed["items"]] == [str(own.pk)]
    assert client.get(f"/api/v1/cameras/{own.pk}/").status_code == 200
    assert client.get(f"/api/v1/cameras/{own.pk}/coverage/?start_90k=0&end_90k=90000").status_code == 200
    assert client.get(f"/api/v1/cameras/{foreign.pk}/").status_code == 404
    assert client.get(f"/api/v1/cameras/{foreign.pk}/coverage/?start_90k=0&end_90k=90000").status_code == 404
