"""The list of cameras shows the operator's campus and nothing else."""

from collections.abc import Callable

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
