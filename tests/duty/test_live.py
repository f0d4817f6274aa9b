"""Live view: for an operator on shift, of the own campus, and for nobody else."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.http import Http404
from django.test import Client

from mingjian.base.clock import SimulatedClock, SystemClock
from mingjian.duty import live, rules, usecases
from mingjian.duty.usecases import DutyError
from mingjian.grants.claims import Purpose
from mingjian.people import acts, appointing
from mingjian.people.capacity import Acting, acting_under
from mingjian.people.leasing import Permission
from mingjian.people.models import Person
from mingjian.registry.models import Camera
from mingjian.regulation.decision import Decision
from mingjian.regulation.systems import SystemClass

Register = Callable[..., Camera]
ActAs = Callable[[Person], Acting]


@pytest.mark.article("A18.2")
def test_live_is_permitted_to_an_operator_on_shift(
    operator: Person, register: Register, act_as: ActAs, clock: SimulatedClock
) -> None:
    gate, other = register(name="南门"), register(name="盘锦大门", campus="panjin")
    shift = usecases.start_shift(acting=act_as(operator), campus="lingshui", actor=acts.SHELL, clock=clock)
    now_90k = clock.utc()

    permission = live.permission(acting=act_as(operator), camera_ids=[str(gate.pk), str(other.pk)], now_90k=now_90k)

    assert isinstance(permission, Permission)
    assert (permission.purpose, permission.grant_id) == (Purpose.DUTY_LIVE, str(shift.grant_id))
    assert permission.camera_ids == (str(gate.pk),)
    assert permission.start_90k == now_90k - live.LOOK_BACK_90K
    assert permission.articles == ("A18.2", "A14.b")


@pytest.mark.article("A18.4a")
def test_live_is_refused_off_shift_and_after_the_longest_shift(
    operator: Person, register: Register, act_as: ActAs, clock: SimulatedClock
) -> None:
    gate = register()
    off = live.permission(acting=act_as(operator), camera_ids=[str(gate.pk)], now_90k=clock.utc())
    assert isinstance(off, Decision)
    assert (off.allowed, off.reasons[0].code) == (False, "live.not_on_shift")

    usecases.start_shift(acting=act_as(operator), campus="lingshui", actor=acts.SHELL, clock=clock)
    last_90k = clock.utc() + live.LONGEST_SHIFT_90K
    assert isinstance(
        live.permission(acting=act_as(operator), camera_ids=[str(gate.pk)], now_90k=last_90k - 1), Permission
    )
    assert isinstance(live.permission(acting=act_as(operator), camera_ids=[str(gate.pk)], now_90k=last_90k), Decision)


@pytest.mark.article("A18.2")
@pytest.mark.parametrize("post", ["operator", "principal"])
def test_live_reaches_no_further_than_the_appointment(
    hire: Callable[..., Person], register: Register, act_as: ActAs, clock: SimulatedClock, post: str
) -> None:
    person, gate = hire("zhao", "赵代理", (post, "security-office-campus")), register()
    if post == "operator":
        usecases.start_shift(acting=act_as(person), campus="lingshui", actor=acts.SHELL, clock=clock)
    until_90k = clock.utc() + 3600 * 90_000
    person.appointments.update(until_90k=until_90k)

    permission = live.permission(acting=act_as(person), camera_ids=[str(gate.pk)], now_90k=clock.utc())

    assert isinstance(permission, Permission)
    assert permission.end_90k == until_90k


@pytest.mark.article("A18.2")
def test_live_is_refused_to_a_person_without_the_post(outsider: Person, register: Register, act_as: ActAs) -> None:
    refused = live.permission(acting=act_as(outsider), camera_ids=[str(register().pk)], now_90k=1)

    assert isinstance(refused, Decision)
    assert refused.reasons[0].code == "live.not_an_operator"


@pytest.mark.article("A07.2.0")
def test_live_of_another_campus_does_not_exist(
    operator: Person, register: Register, act_as: ActAs, clock: SimulatedClock
) -> None:
    other = register(campus="panjin")
    usecases.start_shift(acting=act_as(operator), campus="lingshui", actor=acts.SHELL, clock=clock)

    with pytest.raises(Http404):
        live.permission(acting=act_as(operator), camera_ids=[str(other.pk)], now_90k=clock.utc())
    with pytest.raises(Http404):
        live.permission(acting=act_as(operator), camera_ids=["no-id", ""], now_90k=clock.utc())


def test_wall_shows_the_campus_and_the_media_address(operator: Person, register: Register, client: Client) -> None:
    register(name="南门")
    register(name="盘锦大门", campus="panjin")
    client.post("/sign-in/", {"username": "zhang", "password": "correct horse battery"})
    assert client.get("/wall/").status_code == 403

    assert client.post("/shift/start/")["Location"] == "/wall/"

    page = client.get("/wall/", headers={"Host": "127.0.0.1:8000"}).content.decode()
    assert "南门" in page
    assert "盘锦大门" not in page
    assert 'media-url="ws://127.0.0.1:8001/media"' in page
    assert client.post("/shift/end/")["Location"] == "/"
    assert client.get("/wall/").status_code == 403


@pytest.mark.article("A07.2.0")
def test_shift_of_another_capacity_opens_nothing(
    operator: Person, register: Register, act_as: ActAs, clock: SimulatedClock
) -> None:
    gate = register()
    usecases.start_shift(acting=act_as(operator), campus="lingshui", actor=acts.SHELL, clock=clock)
    as_member = acting_under(operator, appointment_id=None, now_90k=clock.utc())

    refused = live.permission(acting=as_member, camera_ids=[str(gate.pk)], now_90k=clock.utc())

    assert isinstance(refused, Decision)
    assert not refused.allowed


@pytest.mark.article("A07.2.0")
def test_shift_on_one_campus_of_the_body_shows_no_other(
    operator: Person, register: Register, act_as: ActAs, clock: SimulatedClock
) -> None:
    gate, other = register(name="南门"), register(name="开发区大门", campus="kaifaqu")
    acting = act_as(operator)
    usecases.start_shift(acting=acting, campus="kaifaqu", actor=acts.SHELL, clock=clock)

    permission = live.permission(acting=acting, camera_ids=[str(gate.pk), str(other.pk)], now_90k=clock.utc())

    assert isinstance(permission, Permission)
    assert permission.camera_ids == (str(other.pk),)


@pytest.mark.article("A07.2.0")
def test_shift_is_refused_off_the_bodys_campuses_and_to_others_than_operators(
    operator: Person, hire: Callable[..., Person], act_as: ActAs, clock: SimulatedClock
) -> None:
    unit, manager = hire("chen", "陈操作", ("operator", "library")), hire("feng", "冯管理", ("manager", "library"))
    for person, campus, code in (
        (operator, "panjin", "duty.other_campus"),
        (operator, "moon", "duty.other_campus"),
        (unit, "kaifaqu", "duty.other_campus"),
        (manager, "lingshui", "duty.not_an_operator"),
    ):
        with pytest.raises(DutyError) as refused:
            usecases.start_shift(acting=act_as(person), campus=campus, actor=acts.SHELL, clock=clock)
        assert refused.value.code == code


@pytest.mark.article("A07.3.1")
def test_unit_sees_its_own_points_live_and_no_others(
    hire: Callable[..., Person], register: Register, act_as: ActAs, clock: SimulatedClock
) -> None:
    operator, manager = hire("chen", "陈操作", ("operator", "library")), hire("feng", "冯管理", ("manager", "library"))
    own, other = register(name="阅览室", owner="library"), register(name="南门")
    both = [str(own.pk), str(other.pk)]
    now_90k = clock.utc()

    off_shift = live.permission(acting=act_as(operator), camera_ids=both, now_90k=now_90k)
    managing = live.permission(acting=act_as(manager), camera_ids=both, now_90k=now_90k)
    usecases.start_shift(acting=act_as(operator), campus="lingshui", actor=acts.SHELL, clock=clock)
    on_shift = live.permission(acting=act_as(operator), camera_ids=both, now_90k=now_90k)

    assert isinstance(off_shift, Decision)
    assert off_shift.reasons[0].code == "live.not_on_shift"
    for permission, articles in ((managing, ("A17.1",)), (on_shift, ("A18.2", "A07.3.1"))):
        assert isinstance(permission, Permission)
        assert (permission.camera_ids, permission.articles) == ((str(own.pk),), articles)
    with pytest.raises(Http404):
        live.permission(acting=act_as(operator), camera_ids=[str(other.pk)], now_90k=now_90k)


@pytest.mark.article("A07.3.1")
def test_shift_for_a_unit_opens_nothing_of_the_campus(
    hire: Callable[..., Person], register: Register, clock: SimulatedClock
) -> None:
    person = hire("zhou", "周两任", ("operator", "library"), ("operator", "security-office-campus"))
    held = {appointment.body_id: appointment.pk for appointment in person.appointments.all()}
    of_unit, of_campus = (
        acting_under(person, appointment_id=held[body], now_90k=1) for body in ("library", "security-office-campus")
    )
    gate = register(name="南门")
    usecases.start_shift(acting=of_unit, campus="lingshui", actor=acts.SHELL, clock=clock)

    refused = live.permission(acting=of_campus, camera_ids=[str(gate.pk)], now_90k=clock.utc())

    assert isinstance(refused, Decision)
    assert refused.reasons[0].code == "live.not_on_shift"


@pytest.mark.article("A07.1.3b")
def test_tier_1_sees_nothing_live(hire: Callable[..., Person], register: Register, act_as: ActAs) -> None:
    head = hire("wu", "吴处长", ("principal", "security-office"))

    refused = live.permission(acting=act_as(head), camera_ids=[str(register().pk)], now_90k=1)

    assert isinstance(refused, Decision)
    assert refused.reasons[0].code == "live.tier_1_supervises"


@pytest.mark.article("A21.a")
def test_secrecy_point_is_known_but_has_no_live_picture(
    hire: Callable[..., Person], register: Register, act_as: ActAs
) -> None:
    head = act_as(hire("wu", "吴处长", ("principal", "security-office-campus")))
    secret = register(
        name="保密室", owner="secrecy-office", system_class=SystemClass.SECRECY, main_address="", user="", password=""
    )

    refused = live.permission(acting=head, camera_ids=[str(secret.pk)], now_90k=1)

    assert isinstance(refused, Decision)
    assert refused.reasons[0].code == "live.secrecy_system"
    assert secret not in live.watchable_cameras(acting=head, now_90k=1)


@pytest.mark.article("A18.4a")
@pytest.mark.parametrize("body", ["security-office-campus", "library"])
def test_refused_wall_offers_to_start_the_shift_with_its_article(
    hire: Callable[..., Person], register: Register, client: Client, body: str
) -> None:
    hire("wei", "魏值班", ("operator", body))
    client.post("/sign-in/", {"username": "wei", "password": "correct horse battery"})

    refused = client.get("/wall/")
    page = refused.content.decode()

    assert refused.status_code == 403
    assert "第十八条" in page
    assert 'action="/shift/start/"' in page
    assert "csrfmiddlewaretoken" in page
    assert client.post("/shift/start/")["Location"] == "/wall/"
    assert client.get("/wall/").status_code == 200


def test_wall_refused_for_another_reason_offers_no_shift(outsider: Person, client: Client) -> None:
    client.post("/sign-in/", {"username": "zhao", "password": "correct horse battery"})

    assert "/shift/start/" not in client.get("/wall/").content.decode()


@pytest.mark.article("A18.4a")
def test_live_reaches_five_seconds_back_and_a_day_of_duty_ahead_for_so_many_cameras(
    operator: Person, register: Register, act_as: ActAs, clock: SimulatedClock
) -> None:
    gate = str(register().pk)
    acting, began_90k = act_as(operator), clock.utc()
    usecases.start_shift(acting=acting, campus="lingshui", actor=acts.SHELL, clock=clock)
    clock.advance(90_000)
    nobody = str(operator.pk)

    permission = live.permission(acting=acting, camera_ids=[nobody] * 63 + [gate], now_90k=clock.utc())

    assert isinstance(permission, Permission)
    assert permission.start_90k == clock.utc() - 450_000
    assert permission.end_90k == began_90k + 7_776_000_000
    with pytest.raises(Http404):
        live.permission(acting=acting, camera_ids=[nobody] * 64 + [gate], now_90k=clock.utc())
    clock.advance(7_776_000_000 - 90_000 - 1)
    assert live.decide(acting=acting, now_90k=clock.utc()).allowed
    clock.advance(1)
    assert not live.decide(acting=acting, now_90k=clock.utc()).allowed


def test_live_is_the_work_of_some_and_who_is_refused_it_learns_of_no_camera(
    operator: Person, outsider: Person, hire: Callable[..., Person], register: Register, act_as: ActAs
) -> None:
    tier_1 = hire("wu", "吴处长", ("principal", "security-office"))
    duty = [live.is_a_duty_of(act_as(person)) for person in (operator, outsider, tier_1)]
    assert duty == [True, False, False]
    # Off shift, whether there is such a camera is not told either.
    for camera_id in (str(register(campus="panjin").pk), str(operator.pk)):
        refused = live.permission(acting=act_as(operator), camera_ids=[camera_id], now_90k=1)
        assert isinstance(refused, Decision)
        assert refused.reasons[0].code == "live.not_on_shift"


@pytest.mark.article("A07.2.0")
def test_shift_counts_for_its_post_body_and_campus_alone(
    hire: Callable[..., Person], register: Register, act_as: ActAs, clock: SimulatedClock
) -> None:
    body = "security-office-campus"
    person = hire("zhou", "周两任", ("operator", body), ("duty_leader", body))
    held = {appointment.post: appointment.pk for appointment in person.appointments.all()}
    operating, leading = (
        acting_under(person, appointment_id=held[post], now_90k=1) for post in ("operator", "duty_leader")
    )
    gate, other = register(name="南门"), register(name="开发区大门", campus="kaifaqu")
    shift = usecases.start_shift(acting=operating, campus="kaifaqu", actor=acts.SHELL, clock=clock)
    now_90k = clock.utc()

    assert live.reach(acting=operating, now_90k=now_90k) == ("kaifaqu",)
    assert set(live.watchable_cameras(acting=operating, now_90k=now_90k)) == {other}
    # Who leads has no shift: all campuses of the body, under the appointment.
    assert live.reach(acting=leading, now_90k=now_90k) == leading.campuses
    assert set(live.watchable_cameras(acting=leading, now_90k=now_90k)) == {gate, other}
    granted = [
        live.permission(acting=acting, camera_ids=[str(other.pk)], now_90k=now_90k) for acting in (operating, leading)
    ]
    assert [one.grant_id for one in granted if isinstance(one, Permission)] == [
        str(shift.grant_id),
        str(held["duty_leader"]),
    ]
    # The campus has come under another body since.
    left = replace(operating, campuses=("lingshui",))
    assert not live.decide(acting=left, now_90k=now_90k).allowed


@pytest.mark.article("A08.b")
def test_wall_tells_who_holds_a_withheld_post_that_it_is_withheld(
    operator: Person, outsider: Person, act_as: ActAs, clock: SimulatedClock
) -> None:
    def told(acting: Acting) -> list[str]:
        decision = rules.OperatorOnShift().ask(acting=acting, captured={})
        return [] if decision is None or decision.allowed else [reason.code for reason in decision.reasons]

    assert told(act_as(operator)) == ["live.not_on_shift"]
    usecases.start_shift(acting=act_as(operator), campus="lingshui", actor=acts.SHELL, clock=SystemClock())
    assert told(act_as(operator)) == []
    assert told(act_as(outsider)) == ["live.not_an_operator"]
    appointing.withhold(person=operator, given_by=None, at_90k=clock.utc())
    assert told(act_as(operator)) == ["appointing.withheld"]
