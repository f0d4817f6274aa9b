"""A point goes to another campus: by whom, with which owner, and what ends with it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from mingjian.base.clock import SimulatedClock
from mingjian.people import acts
from mingjian.people.models import Person
from mingjian.people.revocation import CHANNEL
from mingjian.registry import moving
from mingjian.registry.models import Camera, PlanRevision
from mingjian.registry.usecases import RegistryError
from mingjian.regulation.posts import Capacity, Post, Tier
from mingjian.regulation.rules.moving import MovingFacts, may_move_point
from mingjian.regulation.systems import SystemClass

Register = Callable[..., Camera]


def may(*posts: Post, tier: Tier | None = Tier.SECOND, campus: str = "lingshui") -> list[str]:
    capacity = Capacity(tier=tier, campuses=frozenset({"lingshui"}), posts=frozenset(posts))
    decision = may_move_point(MovingFacts(capacity=capacity, campus=campus))
    return [] if decision.allowed else [reason.code for reason in decision.reasons]


@pytest.mark.article("A07.2.1")
def test_move_is_allowed_to_head_and_manager_of_the_campus_it_leaves() -> None:
    for post in (Post.PRINCIPAL, Post.ACTING_PRINCIPAL, Post.MANAGER):
        assert may(post) == []
        assert may(post, campus="panjin") == ["jurisdiction.other_campus"]
    assert may(Post.OPERATOR) == may(Post.REVIEWER) == ["moving.not_a_manager"]


@pytest.mark.article("A07.2.0")
@pytest.mark.article("A07.1.3b")
@pytest.mark.article("A07.2.3")
def test_move_is_refused_to_every_other_tier() -> None:
    assert may(Post.PRINCIPAL, tier=Tier.FIRST) == ["jurisdiction.tier_1_supervises"]
    assert may(Post.MANAGER, tier=Tier.THIRD) == ["jurisdiction.tier_3"]


@pytest.mark.article("A02")
def test_move_takes_owner_plan_and_open_pictures_along(
    register: Register, clock: SimulatedClock, written: Callable[[], list[dict[str, Any]]]
) -> None:
    camera = register()
    revisions = PlanRevision.objects.count()

    moved = moving.move_camera(
        camera=camera, place=moving.NewPlace(campus="panjin", building="北楼"), actor=acts.SHELL, clock=clock
    )

    assert (moved.campus_id, moved.building, moved.owner_id) == ("panjin", "北楼", "panjin-general-affairs")
    assert PlanRevision.objects.count() == revisions + 1
    act = written()[-1]
    assert (act["kind"], act["facts"]["campus"], act["facts"]["to_campus"]) == (
        "registry.camera_moved",
        "lingshui",
        "panjin",
    )


def test_move_says_why_not_and_changes_nothing(register: Register, clock: SimulatedClock) -> None:
    camera, own = register(), register(name="阅览室", owner="library")
    register(campus="panjin")
    for point, changes, code in (
        (camera, {"campus": "lingshui"}, "registry.already_there"),
        (camera, {"campus": "moon"}, "registry.campus_unknown"),
        (camera, {"building": "\x07"}, "registry.name_unprintable"),
        (camera, {"owner": "library"}, "registry.owner_elsewhere"),
        (camera, {}, "registry.name_taken"),
        (own, {}, "registry.owner_elsewhere"),
    ):
        place = moving.NewPlace(**({"campus": "panjin", "building": "北楼"} | changes))
        with pytest.raises(RegistryError) as refused:
            moving.move_camera(camera=point, place=place, actor=acts.SHELL, clock=clock)
        assert refused.value.code == code
    assert set(Camera.objects.filter(campus="lingshui")) == {camera, own}


@pytest.mark.django_db(transaction=True)
def test_move_sends_the_notice_that_ends_open_pictures(register: Register, clock: SimulatedClock) -> None:
    camera = register()
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")

    moving.move_camera(
        camera=camera, place=moving.NewPlace(campus="panjin", building="北楼"), actor=acts.SHELL, clock=clock
    )

    raw = connection.connection
    assert str(camera.pk) in {notice.payload for notice in raw.notifies(timeout=2, stop_after=1)}


def test_page_moves_a_point_for_the_manager_of_its_campus(
    register: Register, hire: Callable[..., Person], client: Client
) -> None:
    hire("feng", "冯管理", ("manager", "security-office-campus"))
    camera = register()
    client.post("/sign-in/", {"username": "feng", "password": "correct horse battery"})
    assert client.post(f"/cameras/{camera.pk}/move/", {"campus": "lingshui"}).status_code == 400

    moved = client.post(f"/cameras/{camera.pk}/move/", {"campus": "panjin", "building": "北楼", "owner": ""})

    assert moved["Location"] == "/cameras/"
    assert client.get(f"/cameras/{camera.pk}/").status_code == 404


@pytest.mark.article("A08.b")
def test_units_own_system_goes_to_no_unit_that_has_nobody_to_run_it(
    register: Register, hire: Callable[..., Person], client: Client
) -> None:
    hire("head", "主任", ("principal", "security-office-campus"))
    camera = register(name="教学楼", owner="teaching-operations", system_class=SystemClass.EXAMINATION)
    client.post("/sign-in/", {"username": "head", "password": "correct horse battery"})
    place = {"campus": "kaifaqu", "building": "北楼", "owner": ""}

    refused = client.post(f"/cameras/{camera.pk}/move/", place)
    assert (refused.status_code, "没有监控系统操作员" in refused.content.decode()) == (403, True)
    for username, post in (("a", "principal"), ("b", "manager"), ("c", "operator")):
        hire(username, username, (post, "teaching-operations"))
    assert client.post(f"/cameras/{camera.pk}/move/", place).status_code == 302
    assert Camera.objects.get(pk=camera.pk).campus_id == "kaifaqu"
