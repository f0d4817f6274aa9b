"""Lists of leavers: who ends and what with them, which lines are refused, what is held, what a replay does."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import acts, delegating, leavers, leaving, session
from mingjian.people.accounts import AccountError
from mingjian.people.capacity import first_capacity
from mingjian.people.leavers import ALWAYS, LeaversError
from mingjian.people.models import Appointment, LeaverList, Person, Revocation
from mingjian.people.web_sessions import hash_of

CLOCK = SystemClock()
PASSWORD = "correct horse battery"
Hire = Callable[..., Person]
Written = Callable[[], list[dict[str, Any]]]
POST = ("operator", "security-office-campus")
DAY_90K = 86_400 * TICKS_PER_S


@pytest.fixture
def keeper(hire: Hire) -> Person:
    return hire("keeper", "系统管理员", ("system_administrator", "security-office"))


@pytest.fixture
def crowd(hire: Hire) -> list[Person]:
    """Ten people with accounts that are a year old, so that lists may name days before today."""
    made = [hire(f"s{number}", f"学生{number}") for number in range(10)]
    Person.objects.update(created_at_90k=CLOCK.utc() - 365 * DAY_90K)
    return made


def listed(*rows: str, heading: str = "用户名,离校日期,姓名") -> bytes:
    return "\n".join([heading, *rows, ""]).encode()


def drop(folder: Path, content: bytes, name: str = "left.csv", age_s: float = 2.0) -> Path:
    """Leave a file in the folder as the university's system does."""
    path = folder / name
    path.write_bytes(content)
    written_at = CLOCK.utc() / TICKS_PER_S - age_s
    os.utime(path, (written_at, written_at))
    return path


def signed_in(username: str) -> tuple[Client, str]:
    client = Client()
    client.post("/sign-in/", {"username": username, "password": PASSWORD})
    return client, str(client.cookies["mingjian_session"].value)


def test_leaver_loses_account_posts_sessions_and_pictures_with_a_leaf(
    hire: Hire, crowd: list[Person], tmp_path: Path, written: Written
) -> None:
    hire("zhang", "张工", POST)
    Person.objects.filter(username="zhang").update(created_at_90k=1)
    client, key = signed_in("zhang")
    path = drop(tmp_path, listed("zhang,2026-01-31,张工", "s1,2026/2/1,"))

    assert leavers.follow(tmp_path, clock=CLOCK) == 2

    person = Person.objects.get(username="zhang")
    assert (person.is_active, session.signed_in_by_key(key)) == (False, None)
    assert first_capacity(person, now_90k=CLOCK.utc()).appointment is None
    assert Revocation.objects.get(pk=hash_of(key)).reason == "person_left"
    assert client.get("/")["Location"].startswith("/sign-in/")
    assert Client().post("/sign-in/", {"username": "zhang", "password": PASSWORD}).status_code == 403
    told = [act for act in written() if act["kind"] in {"people.person_left", "people.appointment_ended"}]
    assert {act["actor"]["name"] for act in told} == {"clerk"}
    assert sorted(act["kind"] for act in told) == ["people.appointment_ended", *["people.person_left"] * 2]
    row = LeaverList.objects.get()
    assert (row.state, row.ended, row.usernames) == (LeaverList.DONE, 2, [])
    # The file is gone, and what became of it stands beside.
    assert not path.exists()
    assert "ended=2" in (tmp_path / "results" / "left.csv.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("s1,,", "left_date", "missing"),
        (",2026-01-31,", "username", "missing"),
        ("s1,yesterday,", "left_date", "no_date"),
        ("s1,2999-01-01,", "left_date", "no_date"),
        ("s1,2099-01-01,", "left_date", "in_the_future"),
        ("s1,2026-01-31,别人", "display_name", "other_person"),
        ("s1,2020-01-31,", "left_date", "opened_later"),
        ("=s1,2026-01-31,", "username", "formula"),
        ("s1,2026-01-31,学生1,多", "", "too_many_cells"),
    ],
)
def test_bad_line_is_refused_alone_and_named(
    crowd: list[Person], tmp_path: Path, line: str, column: str, code: str
) -> None:
    drop(tmp_path, listed(line, "s2,2026-01-31,"))
    assert leavers.follow(tmp_path, clock=CLOCK) == 1

    row = LeaverList.objects.get()
    assert [(fault["row"], fault["column"], fault["code"]) for fault in row.faults] == [(2, column, code)]
    assert sorted(Person.objects.filter(is_active=False).values_list("username", flat=True)) == ["s2"]
    assert all(leavers.told(row.faults[0]))


def test_people_without_an_account_and_those_gone_already_are_counted(crowd: list[Person]) -> None:
    Person.objects.filter(username="s1").update(is_active=False)
    taken = leavers.take(listed("nobody,2026-01-31,", "s1,2026-01-31,", "s2,2026-01-31,"), clock=CLOCK)
    assert (taken.unknown, taken.gone_already, taken.to_end, taken.faults) == (1, 1, 1, [])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (listed("s1,学生1", heading="用户名,姓名"), "people.leavers_no_list"),
        (listed("s1,2026-01-31,")[:-1], "people.leavers_cut_off"),
        (b"PK\x03\x04 half", "people.import_malformed"),
        (b"\xff\xff\n", "people.import_encoding"),
    ],
)
def test_file_that_is_no_list_ends_nobody(crowd: list[Person], tmp_path: Path, content: bytes, reason: str) -> None:
    drop(tmp_path, content)
    assert leavers.follow(tmp_path, clock=CLOCK) == 0
    row = LeaverList.objects.get()
    assert (row.state, row.reason) == (LeaverList.UNREAD, reason)
    assert not Person.objects.filter(is_active=False).exists()
    assert reason in (tmp_path / "results" / "left.csv.txt").read_text(encoding="utf-8")


def test_list_of_nobody_is_a_list(crowd: list[Person]) -> None:
    taken = leavers.take(listed(), clock=CLOCK)
    assert (taken.state, taken.faults) == (LeaverList.OPEN, [])


def test_same_list_again_is_harmless(crowd: list[Person], tmp_path: Path, written: Written) -> None:
    content = listed("s1,2026-01-31,")
    drop(tmp_path, content)
    leavers.follow(tmp_path, clock=CLOCK)
    leaving.reopen(person=crowd[1], reason="误报", actor=acts.SHELL, clock=CLOCK)
    told = written()

    path = drop(tmp_path, content, name="again.csv")
    assert leavers.follow(tmp_path, clock=CLOCK) == 0
    # Nor does another list with the old line in it end the account that was opened again.
    drop(tmp_path, listed("s1,2026-01-31,", "nobody,2026-01-31,"), name="more.csv")
    assert leavers.follow(tmp_path, clock=CLOCK) == 0

    assert (Person.objects.get(username="s1").is_active, path.exists()) == (True, False)
    assert [act["kind"] for act in written()[len(told) :]] == ["people.leavers_taken"]
    assert LeaverList.objects.first().faults[0]["code"] == "opened_later"


def test_account_that_stands_is_not_opened_again(crowd: list[Person]) -> None:
    with pytest.raises(AccountError):
        leaving.reopen(person=crowd[0], reason="误报", actor=acts.SHELL, clock=CLOCK)


def test_list_that_would_end_too_many_ends_nobody_until_a_person_says_so(
    crowd: list[Person], keeper: Person, tmp_path: Path, written: Written
) -> None:
    names = [f"s{number}" for number in range(ALWAYS + 1)]
    drop(tmp_path, listed(*(f"{name},2026-01-31," for name in names)))
    assert leavers.follow(tmp_path, clock=CLOCK) == 0
    held = LeaverList.objects.get()
    assert (held.state, held.to_end, held.usernames) == (LeaverList.HELD, ALWAYS + 1, names)

    client, _key = signed_in("keeper")
    address = f"/people/leavers/{held.pk}/"
    assert "等待确认" in client.get("/people/leavers/").content.decode()
    assert f"停用 {ALWAYS + 1} 个账号" in client.get(address).content.decode()
    assert client.post(f"{address}confirm/").status_code == 400
    assert client.post(f"{address}confirm/", {"reason": "已电话核实人事处"})["Location"] == address
    assert not Person.objects.filter(is_active=False).exists()

    assert leavers.follow(tmp_path, clock=CLOCK) == ALWAYS + 1

    kinds = [act["kind"] for act in written() if "leavers" in act["kind"]]
    assert kinds == ["people.leavers_held", "people.leavers_confirmed"]
    assert client.post(f"{address}decline/", {"reason": "晚了"}).status_code == 409


def test_list_that_was_held_is_declined(crowd: list[Person], keeper: Person, tmp_path: Path) -> None:
    content = listed(*(f"s{number},2026-01-31," for number in range(6)))
    held = leavers.take(content, clock=CLOCK)
    client, _key = signed_in("keeper")
    assert client.post(f"/people/leavers/{held.pk}/decline/", {"reason": "是测试数据"}).status_code == 302
    drop(tmp_path, content)
    assert leavers.follow(tmp_path, clock=CLOCK) == 0
    row = LeaverList.objects.get()
    assert (row.state, row.usernames, row.decided_by) == (LeaverList.DECLINED, [], keeper)
    with pytest.raises(LeaversError):
        acting = first_capacity(keeper, now_90k=CLOCK.utc())
        leavers.confirm(held=row, remark="还是要", acting=acting, clock=CLOCK)


def test_many_small_lists_meet_the_brake_as_well(crowd: list[Person], tmp_path: Path) -> None:
    for number in range(ALWAYS):
        drop(tmp_path, listed(f"s{number},2026-01-31,"), name=f"{number}.csv")
    assert leavers.follow(tmp_path, clock=CLOCK) == ALWAYS
    drop(tmp_path, listed("s9,2026-01-31,"))
    assert leavers.follow(tmp_path, clock=CLOCK) == 0
    assert LeaverList.objects.filter(state=LeaverList.HELD).count() == 1
    # A day later there is room again.
    LeaverList.objects.filter(state=LeaverList.DONE).update(ended_at_90k=CLOCK.utc() - DAY_90K)
    assert leavers.take(listed("s8,2026-01-31,"), clock=CLOCK).state == LeaverList.OPEN


def test_brake_counts_per_cent_of_a_larger_place(crowd: list[Person], hire: Hire) -> None:
    Person.objects.bulk_create(
        Person(username=f"p{number}", display_name="某", password="!", created_at_90k=1) for number in range(110)
    )
    # 5 % of 120.
    assert leavers.take(listed(*(f"p{number},2026-01-31," for number in range(6))), clock=CLOCK).state == "open"
    assert leavers.take(listed(*(f"p{number},2026-01-31," for number in range(7))), clock=CLOCK).state == "held"


def test_list_begun_before_a_crash_goes_on(crowd: list[Person], tmp_path: Path) -> None:
    taken = leavers.take(listed("s1,2026-01-31,", "s2,2026-01-31,"), clock=CLOCK)
    leaving.leave(person=crowd[1], list_sha256=taken.sha256, actor=acts.CLERK, clock=CLOCK)
    assert leavers.follow(tmp_path, clock=CLOCK) == 1
    assert not Person.objects.filter(username__in=("s1", "s2"), is_active=True).exists()


def test_file_that_still_grows_or_is_no_file_is_left_alone(crowd: list[Person], tmp_path: Path) -> None:
    growing = drop(tmp_path, listed("s1,2026-01-31,"), age_s=0.2)
    (tmp_path / "left.part").write_bytes(listed("s2,2026-01-31,"))
    (tmp_path / "folder.csv").mkdir()
    secret = tmp_path / "elsewhere"
    secret.write_bytes(listed("s3,2026-01-31,"))
    (tmp_path / "z-link.csv").symlink_to(secret)
    drop(tmp_path, listed("s4,2026-01-31,"), name="good.csv")

    with pytest.raises(OSError, match="z-link"):
        leavers.follow(tmp_path, clock=CLOCK)

    assert growing.exists()
    assert list(Person.objects.filter(is_active=False).values_list("username", flat=True)) == ["s4"]


def test_folder_that_is_not_there_is_no_trouble(db: None, tmp_path: Path) -> None:
    assert leavers.follow(tmp_path / "nothing", clock=CLOCK) == 0


def test_what_a_leaver_lent_ends_before_the_post_it_was_lent_from(hire: Hire, tmp_path: Path, written: Written) -> None:
    head = hire("qian", "钱主任", ("principal", "security-office-campus"))
    deputy = hire("sun", "孙副", ("reviewer", "security-office-campus"))
    Person.objects.update(created_at_90k=1)
    until_90k = CLOCK.utc() + DAY_90K
    Appointment.objects.filter(person=head).update(until_90k=until_90k)
    loan = delegating.Loan(to=deputy, since_90k=None, until_90k=until_90k, reason="出差")
    lent = delegating.delegate(loan=loan, acting=first_capacity(head, now_90k=CLOCK.utc()), clock=CLOCK)

    drop(tmp_path, listed("qian,2026-01-31,"))
    assert leavers.follow(tmp_path, clock=CLOCK) == 1

    lent.refresh_from_db()
    assert lent.until_90k is not None and lent.until_90k <= CLOCK.utc()
    ended = [
        act["kind"] for act in written() if act["kind"] in {"people.delegation_revoked", "people.appointment_ended"}
    ]
    assert ended == ["people.delegation_revoked", "people.appointment_ended"]
    assert first_capacity(deputy, now_90k=CLOCK.utc()).post == "reviewer"


def test_post_that_begins_later_ends_with_its_person(hire: Hire, crowd: list[Person]) -> None:
    later = Appointment.objects.create(
        person=crowd[0],
        post="operator",
        body_id="library",
        tier=3,
        since_90k=CLOCK.utc() + DAY_90K,
        document="任命文件",
    )
    leaving.leave(person=crowd[0], list_sha256="", actor=acts.CLERK, clock=CLOCK)
    later.refresh_from_db()
    assert later.until_90k == later.since_90k
    assert leaving.leave(person=crowd[0], list_sha256="", actor=acts.CLERK, clock=CLOCK) is False
