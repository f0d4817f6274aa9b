"""A point's dossier: everything but its picture, for whoever has it in reach and nobody else."""

from collections.abc import Callable

import pytest
from django.test import Client

from mingjian.base.clock import SimulatedClock
from mingjian.people import acts
from mingjian.people.models import Person
from mingjian.recorder import status
from mingjian.registry import listing, moving, queries
from mingjian.registry.listing import Wanted
from mingjian.registry.models import Camera
from mingjian.registry.words import Tone

Register = Callable[..., Camera]
Hire = Callable[..., Person]


def enter(client: Client, username: str) -> None:
    client.post("/sign-in/", {"username": username, "password": "correct horse battery"})


def test_dossier_tells_the_point_and_shows_no_picture(register: Register, operator: Person, client: Client) -> None:
    camera = register(purpose="出入口安全", field_of_view="大门内外", is_key_location=True)
    enter(client, "zhang")

    page = client.get(f"/cameras/{camera.pk}/").content.decode()

    for text in ("出入口安全", "大门内外", "校建系统", "不少于 90 天", "rtsp://127.0.0.1:8554/main"):
        assert text in page
    assert camera.sealed_credentials not in page
    assert "<mj-player" not in page


def test_dossier_says_why_a_camera_is_dearer_than_others(
    register: Register, operator: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera, plain = register(), register(name="阅览室")
    told = {"state": "recording", "codec": "mjpeg", "width": 640, "height": 360, "detours": ["udp", "mjpeg"]}
    monkeypatch.setattr(
        status,
        "of_cameras",
        lambda home, *, camera_ids: [told | {"id": str(camera.pk)}, {"id": str(plain.pk), "detours": []}],
    )
    enter(client, "zhang")

    page = client.get(f"/cameras/{camera.pk}/").content.decode()

    for text in ("兼容通道", "UDP 传输，丢包不能补回", "Motion JPEG，占用空间大，观看须转码", "Motion JPEG 640×360"):
        assert text in page
    assert "兼容通道" not in client.get(f"/cameras/{plain.pk}/").content.decode()


@pytest.mark.article("A07.3.1")
def test_unit_finds_its_own_points_only(register: Register, hire: Hire, client: Client) -> None:
    hire("feng", "冯管理", ("manager", "library"))
    own, other = register(name="阅览室", owner="library"), register(name="南门")
    enter(client, "feng")

    listed = client.get("/cameras/").content.decode()

    assert ("阅览室" in listed, "南门" in listed) == (True, False)
    assert client.get(f"/cameras/{own.pk}/").status_code == 200
    assert client.get(f"/cameras/{other.pk}/").status_code == 404
    assert client.post(f"/cameras/{own.pk}/move/").status_code == 403


@pytest.mark.article("A07.2.0")
def test_point_of_another_campus_does_not_exist(register: Register, operator: Person, client: Client) -> None:
    other = register(campus="panjin")
    enter(client, "zhang")

    for address in (f"/cameras/{other.pk}/", "/cameras/none/"):
        assert client.get(address).status_code == 404
        assert client.post(f"{address}move/").status_code == 404


def test_address_is_kept_from_those_who_run_no_system(register: Register, hire: Hire, client: Client) -> None:
    hire("chu", "褚监督", ("manager", "security-office"))
    camera = register()
    enter(client, "chu")

    assert "rtsp://" not in client.get(f"/cameras/{camera.pk}/").content.decode()


def test_list_is_searched_filtered_and_paged(register: Register, operator: Person, act_as: Callable) -> None:
    for number in range(3):
        register(name=f"南门 {number}")
    register(name="阅览室", owner="library", building="图书馆", purpose="防盗")
    register(name="大门", campus="kaifaqu")
    reached = queries.access_cameras(acting=act_as(operator))

    def names(page: int = 1, **asked: str) -> list[str]:
        found = listing.find(reached, wanted=Wanted(**asked), page=page, tones={})
        return [camera.name for camera in found.cameras]

    assert names(text="南门 1") == ["南门 1"]
    assert names(text="防盗") == names(owner="library") == names(building="图书馆") == ["阅览室"]
    assert names(campus="kaifaqu") == ["大门"]
    assert names(tone="good") == names(campus="panjin") == []
    assert len(names(page=99)) == 5
    (lingshui, _kaifaqu) = listing.places(reached)
    assert (lingshui.count, [(one.name, one.count) for one in lingshui.buildings]) == (4, [("图书馆", 1), ("校门", 3)])
    gate = str(Camera.objects.get(name="南门 2").pk)
    found = listing.find(reached, wanted=Wanted(tone="good"), page=1, tones={gate: Tone.GOOD})
    assert [camera.name for camera in found.cameras] == ["南门 2"]


def test_pages_take_any_filter_without_breaking(register: Register, operator: Person, client: Client) -> None:
    register()
    enter(client, "zhang")

    for query in ("q=%00", "page=0", "page=999999", "page=x", "campus=moon", "tone=blue", "q=" + "a" * 999):
        assert client.get(f"/cameras/?{query}").status_code == 200


def test_moved_point_stays_listed_in_its_history(
    register: Register, operator: Person, client: Client, clock: SimulatedClock
) -> None:
    camera = register()
    place = moving.NewPlace(campus="kaifaqu", building="北楼")
    moving.move_camera(camera=camera, place=place, actor=acts.SHELL, clock=clock)
    enter(client, "zhang")

    assert "开发区校区" in client.get(f"/cameras/{camera.pk}/").content.decode()
