"""Accounts and appointments by page: who may, what is refused in words, and what ends with them."""

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mingjian.base.clock import SimulatedClock, SystemClock
from mingjian.people import accounts, acts, leaving, passwords, queries, texts, usecases
from mingjian.people.attempts import MOST, WITHIN_90K, Brake, TooManyAttempts
from mingjian.people.capacity import first_capacity
from mingjian.people.models import Appointment, Person, WebSession
from mingjian.people.passwords import PasswordError
from mingjian.people.usecases import SignInRefusal
from mingjian.people.web_sessions import hash_of
from mingjian.regulation.posts import Post
from mingjian.regulation.rules.appointing import AppointingFacts, may_appoint

PASSWORD = "correct horse battery"
CLOCK = SystemClock()
OFFICE, SCHOOL = "security-office-campus", "security-office"
Hire = Callable[..., Person]
Written = Callable[[], list[dict[str, Any]]]


def entered(username: str, password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": username, "password": password})
    return client


@pytest.fixture
def heads(hire: Hire) -> dict[str, Person]:
    return {
        "admin": hire("admin", "卫系统", ("system_administrator", SCHOOL)),
        "tier1": hire("tier1", "吴处长", ("principal", SCHOOL)),
        "head": hire("head", "二级主任", ("principal", OFFICE)),
        "librarian": hire("librarian", "馆长", ("safety_responsible", "library")),
        "zhao": hire("zhao", "赵同学"),
    }


def appoint(by: str, person: Person, what: str, **more: str) -> Any:
    asked = {"what": what, "document": "保卫处〔2026〕12号"} | more
    return entered(by).post(f"/people/{person.pk}/appoint/", asked)


@pytest.mark.article("A08.b")
@pytest.mark.parametrize(
    ("by", "what", "status"),
    [
        ("librarian", f"library|{Post.OPERATOR}", 302),
        ("librarian", f"library|{Post.MANAGER}", 302),
        ("librarian", f"library|{Post.PRINCIPAL}", 403),
        ("librarian", f"{OFFICE}|{Post.OPERATOR}", 400),
        ("head", f"{OFFICE}|{Post.REVIEWER}", 302),
        ("head", f"{OFFICE}|{Post.PRINCIPAL}", 403),
        ("head", f"library|{Post.PRINCIPAL}", 302),
        ("head", f"panjin-general-affairs|{Post.OPERATOR}", 400),
        ("tier1", f"{OFFICE}|{Post.PRINCIPAL}", 302),
        ("tier1", f"{SCHOOL}|{Post.AUDIT_ADMINISTRATOR}", 302),
        ("admin", f"{OFFICE}|{Post.OPERATOR}", 404),
        ("zhao", f"{OFFICE}|{Post.OPERATOR}", 404),
    ],
)
def test_post_is_given_by_the_head_or_the_responsible_person_and_by_nobody_else(
    heads: dict[str, Person], hire: Hire, by: str, what: str, status: int
) -> None:
    new = hire("new", "新人")

    assert appoint(by, new, what).status_code == status

    assert [f"{held.body_id}|{held.post}" for held in new.appointments.all()] == ([what] if status == 302 else [])


@pytest.mark.article("A08.b")
def test_appointment_and_its_refusal_are_acts_with_their_article(heads: dict[str, Person], written: Written) -> None:
    appoint("librarian", heads["zhao"], f"library|{Post.OPERATOR}")
    refused = appoint("librarian", heads["zhao"], f"library|{Post.SAFETY_RESPONSIBLE}")

    assert "第八条" in refused.content.decode()
    told = {act["kind"]: act for act in written()}
    assert told["people.appointed"]["articles"] == ["A08.b"]
    assert told["people.appointed"]["facts"]["document"] == "保卫处〔2026〕12号"
    assert told["people.refused"]["facts"]["codes"] == ["appointing.managers_and_operators"]


def test_nobody_appoints_themselves_by_page(heads: dict[str, Person]) -> None:
    assert appoint("head", heads["head"], f"{OFFICE}|{Post.REVIEWER}").status_code == 403
    assert "不能任免自己" in entered("head").get(f"/people/{heads['head'].pk}/").content.decode()


@pytest.mark.parametrize(("acting_for", "allowed"), [(Post.ACTING_PRINCIPAL, False), (Post.REVIEWER, True)])
def test_stand_in_appoints_no_stand_in(acting_for: Post, *, allowed: bool) -> None:
    facts = AppointingFacts(
        appointer_post=Post.ACTING_PRINCIPAL, is_own_body=True, is_above=False, is_oneself=False, post=acting_for
    )
    assert may_appoint(facts).allowed is allowed


def test_overlap_and_mixed_powers_are_refused_in_words(heads: dict[str, Person]) -> None:
    what = f"{OFFICE}|{Post.OPERATOR}"
    assert appoint("head", heads["zhao"], what).status_code == 302

    again = appoint("head", heads["zhao"], what)
    mixed = appoint("tier1", heads["zhao"], f"{SCHOOL}|{Post.SYSTEM_ADMINISTRATOR}")

    assert (again.status_code, mixed.status_code) == (409, 409)
    assert "任期重叠" in again.content.decode()
    assert "互相分设" in mixed.content.decode()


def test_stand_in_is_appointed_from_one_day_to_another(heads: dict[str, Person]) -> None:
    days = {"since": "2099-01-01", "until": "2099-01-07"}
    assert appoint("head", heads["zhao"], f"{OFFICE}|{Post.ACTING_PRINCIPAL}", **days).status_code == 302

    (held,) = heads["zhao"].appointments.all()
    assert held.until_90k is not None
    assert held.until_90k - held.since_90k == 7 * 86_400 * 90_000
    assert "尚未开始" in entered("head").get(f"/people/{heads['zhao'].pk}/").content.decode()


def test_end_of_an_appointment_ends_the_sessions_under_it(heads: dict[str, Person], hire: Hire) -> None:
    guard = hire("guard", "张工", ("operator", OFFICE))
    client = entered("guard")
    (held,) = guard.appointments.all()
    path = f"/appointments/{held.pk}/end/"
    assert entered("librarian").post(path, {"reason": "调离"}).status_code == 404
    assert entered("admin").post(path, {"reason": "调离"}).status_code == 404
    assert entered("head").post(path, {"reason": ""}).status_code == 400

    assert entered("head").post(path, {"reason": "调离"}).status_code == 302

    held.refresh_from_db()
    assert held.until_90k is not None
    assert client.get("/").status_code == 302
    assert queries.is_revoked(key=hash_of(client.cookies["mingjian_session"].value))


def test_new_account_has_a_password_that_must_be_changed_first(heads: dict[str, Person], written: Written) -> None:
    shown = entered("admin").post("/people/new/", {"username": "li", "display_name": "李新"})
    assert shown["Cache-Control"] == "no-store"
    found = re.search(r"<strong>([a-z2-9-]{19})</strong>", shown.content.decode())
    assert found is not None
    password = found.group(1)
    assert password not in str(written())
    client = entered("li", password)

    for path in ("/", "/ledger/", "/viewings/", "/capacity/"):
        assert client.get(path)["Location"] == "/password/"
    assert client.get("/api/v1/ledger/").status_code in (403, 404)
    change = {"old": password, "new": "ein neues wort", "again": "ein neues wort"}
    assert client.post("/password/", change | {"again": "anders"}).status_code == 400
    assert client.post("/password/", change | {"new": password, "again": password}).status_code == 400
    assert client.post("/password/", change)["Location"] == "/"

    assert client.get("/ledger/").status_code == 200
    assert entered("li", password).get("/ledger/").status_code == 302
    assert [act["kind"] for act in written()].count("people.password_changed") == 1


def test_password_change_ends_other_sessions_and_counts_wrong_ones(operator: Person) -> None:
    here, elsewhere = entered("zhang"), entered("zhang")
    change = {"old": PASSWORD, "new": "ein neues wort", "again": "ein neues wort"}

    assert here.post("/password/", change)["Location"] == "/sessions/"
    assert (here.get("/ledger/").status_code, elsewhere.get("/ledger/").status_code) == (200, 302)

    answers = [here.post("/password/", change | {"new": "noch ein wort", "again": "noch ein wort"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert here.get("/ledger/").status_code == 302


def test_password_given_by_an_administrator_is_not_overtaken_by_a_change_under_way(heads: dict[str, Person]) -> None:
    entered("zhao")
    under_way = first_capacity(Person.objects.get(username="zhao"), now_90k=CLOCK.utc())
    accounts.renew_password(person=heads["zhao"], reason="账号被盗", actor=acts.SHELL, clock=CLOCK)

    with pytest.raises(PasswordError):
        accounts.change_own_password(
            acting=under_way,
            session=WebSession.objects.get(person=heads["zhao"]),
            old=PASSWORD,
            new="ein neues wort",
            clock=CLOCK,
        )

    heads["zhao"].refresh_from_db()
    assert heads["zhao"].must_change_password
    assert heads["zhao"].refusals == 0


def test_account_is_locked_and_unlocked_by_an_administrator(heads: dict[str, Person], written: Written) -> None:
    client, path = entered("zhao"), f"/people/{heads['zhao'].pk}/"
    admin = entered("admin")
    assert admin.post(f"{path}suspend/", {"reason": ""}).status_code == 400
    assert admin.post(f"{path}suspend/", {"reason": "账号外借"}).status_code == 302

    assert client.get("/ledger/").status_code == 302
    assert entered("zhao").get("/ledger/").status_code == 302
    assert admin.post(f"{path}suspend/", {"reason": "账号外借"}).status_code == 409
    assert "已锁定" in admin.get("/people/?q=zhao").content.decode()
    assert admin.post(f"{path}reinstate/", {"reason": "已核实"}).status_code == 302
    assert entered("zhao").get("/ledger/").status_code == 200
    assert admin.post(f"/people/{heads['admin'].pk}/suspend/", {"reason": "x"}).status_code == 403
    kinds = [act["kind"] for act in written()]
    assert {"people.account_suspended", "people.account_reinstated"} <= set(kinds)


def test_post_ends_with_an_account_that_is_closed_by_hand(
    heads: dict[str, Person], clock: SimulatedClock, written: Written
) -> None:
    assert leaving.close_account(person=heads["librarian"], actor=acts.SHELL, clock=clock)
    assert not leaving.close_account(person=heads["librarian"], actor=acts.SHELL, clock=clock)

    assert heads["librarian"].appointments.get().until_90k == clock.utc()
    told = [(act["kind"], act["facts"].get("posts")) for act in written()[-2:]]
    assert told == [("people.appointment_ended", None), ("people.account_closed", 1)]


def test_account_opened_again_has_no_post_whatever_closed_it(heads: dict[str, Person], clock: SimulatedClock) -> None:
    Person.objects.filter(pk=heads["librarian"].pk).update(is_active=False)

    leaving.reopen(person=heads["librarian"], reason="返校", actor=acts.SHELL, clock=clock)

    assert first_capacity(heads["librarian"], now_90k=clock.utc()).appointment is None


def test_closed_account_is_found_and_opened_again_by_an_administrator_alone(
    heads: dict[str, Person], clock: SimulatedClock, written: Written
) -> None:
    person, admin = heads["zhao"], entered("admin")
    leaving.leave(person=person, list_sha256="0" * 64, actor=acts.SHELL, clock=clock)
    page, again = f"/people/{person.pk}/closed/", f"/people/{person.pk}/reopen/"

    assert "zhao" not in admin.get("/people/").content.decode()
    assert page in admin.get("/people/?closed=1&q=zhao").content.decode()
    assert page not in entered("head").get("/people/?closed=1").content.decode()
    assert entered("head").get(page).status_code == 404
    assert admin.get(f"/people/{person.pk}/").status_code == 404
    assert admin.post(again, {"reason": " "}).status_code == 400
    assert admin.post(again, {"reason": "名单写错"}).status_code == 302

    person.refresh_from_db()
    assert person.is_active
    assert written()[-1]["kind"] == "people.account_reopened"
    assert admin.get(page).status_code == admin.post(again, {"reason": "又一次"}).status_code == 404
    assert admin.get(f"/people/{person.pk}/").status_code == 200


def test_renewed_password_ends_the_sessions(heads: dict[str, Person]) -> None:
    client = entered("zhao")

    shown = entered("admin").post(f"/people/{heads['zhao'].pk}/password/", {"reason": "忘记密码"})

    assert "一次性密码" in shown.content.decode()
    assert client.get("/ledger/").status_code == 302


def test_search_finds_by_name_and_shows_posts_in_force(heads: dict[str, Person]) -> None:
    page = entered("head").get("/people/?q=馆").content.decode()

    assert "馆长" in page
    assert "安全责任人" in page
    assert "赵同学" not in page
    assert "没有找到" in entered("head").get("/people/?q=nobody").content.decode()
    assert entered("zhao").get("/people/").status_code == 404


@pytest.mark.parametrize("text", ["赵\u202e同学", "赵\x00同学", "赵\x1b[31m", "赵\u200b同学", "赵\u2028同学"])
def test_names_hold_nothing_invisible(heads: dict[str, Person], clock: SimulatedClock, text: str) -> None:
    answer = entered("admin").post("/people/new/", {"username": "x", "display_name": text})
    assert answer.status_code == 400
    with pytest.raises(texts.TextError) as refused:
        usecases.create_person(username="x", display_name=text, password=PASSWORD, actor=acts.SHELL, clock=clock)
    assert refused.value.code == "people.text_invisible"
    with pytest.raises(texts.TextError) as long:
        usecases.open_account(username="x" * 65, display_name="x", actor=acts.SHELL, clock=clock)
    assert long.value.code == "people.text_too_long"


def test_locked_account_and_unknown_name_read_and_cost_alike(
    operator: Person, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        usecases.sign_in(username="zhang", password="wrong", clock=clock)
    compared: list[bool] = []
    monkeypatch.setattr(passwords, "make_password", lambda _: compared.append(True))

    locked = usecases.sign_in(username="zhang", password=PASSWORD, clock=clock)
    unknown = usecases.sign_in(username="nobody", password=PASSWORD, clock=clock)

    assert (locked.refusal, unknown.refusal) == (SignInRefusal.LOCKED, SignInRefusal.UNKNOWN)
    assert compared == [True, True]


def test_suspended_account_reads_as_an_unknown_name(operator: Person, clock: SimulatedClock) -> None:
    accounts.suspend(person=operator, reason="外借", actor=acts.SHELL, clock=clock)
    assert usecases.sign_in(username="zhang", password=PASSWORD, clock=clock).refusal is SignInRefusal.UNKNOWN
    accounts.reinstate(person=operator, reason="归还", actor=acts.SHELL, clock=clock)
    assert usecases.sign_in(username="zhang", password=PASSWORD, clock=clock).acting is not None


def test_more_comparisons_than_may_wait_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    go, running = threading.Event(), threading.Semaphore(0)

    def slow(_: str) -> str:
        running.release()
        assert go.wait(10)
        return ""

    monkeypatch.setattr(passwords, "make_password", slow)
    many = [threading.Thread(target=passwords.hashed, args=("x",)) for _ in range(passwords.AT_ONCE)]
    monkeypatch.setattr(passwords, "PATIENCE_S", 0.01)
    for one in many:
        one.start()
    for _ in many:
        assert running.acquire(timeout=10)

    with pytest.raises(PasswordError) as refused:
        passwords.hashed("y")
    assert refused.value.code == "people.sign_in_busy"
    go.set()
    for one in many:
        one.join(10)
    passwords.hashed("y")


def test_address_that_guesses_has_to_wait() -> None:
    brake = Brake()
    for at in range(MOST):
        brake.require("10.0.0.1", now_90k=at)
        brake.note("10.0.0.1", now_90k=at)

    with pytest.raises(TooManyAttempts):
        brake.require("10.0.0.1", now_90k=MOST)
    brake.require("10.0.0.2", now_90k=MOST)
    brake.require("10.0.0.1", now_90k=WITHIN_90K)


def test_page_of_an_address_that_guesses_stops_comparing_passwords(heads: dict[str, Person]) -> None:
    client = Client()
    guesses = [{"username": f"guess-{number}", "password": "wrong"} for number in range(MOST + 1)]

    answers = [client.post("/sign-in/", guess).status_code for guess in guesses]

    assert answers == [403] * MOST + [429]
    assert client.post("/sign-in/", {"username": "zhao", "password": PASSWORD}).status_code == 429


def test_appointment_by_page_begins_no_earlier_than_now(heads: dict[str, Person]) -> None:
    before_90k = SystemClock().utc()
    appoint("head", heads["zhao"], f"{OFFICE}|{Post.REVIEWER}", since="2020-01-01")
    assert Appointment.objects.get(person=heads["zhao"]).since_90k >= before_90k


@pytest.mark.parametrize("told", [{"username": "=x"}, {"display_name": "＝1＋1"}, {"display_name": "@SUM(A1)"}])
def test_names_that_a_spreadsheet_would_work_out_are_refused(
    heads: dict[str, Person], clock: SimulatedClock, told: dict[str, str]
) -> None:
    answer = entered("admin").post("/people/new/", {"username": "x", "display_name": "某人", **told})
    assert (answer.status_code, "会当作公式执行" in answer.content.decode()) == (400, True)
    with pytest.raises(texts.TextError):
        usecases.open_account(**{"username": "x", "display_name": "某人", **told}, actor=acts.SHELL, clock=clock)
    assert not Person.objects.filter(username="x").exists()
