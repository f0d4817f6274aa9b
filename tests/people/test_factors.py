"""The second factor: what is taken once and no more, what is asked for when, and that nothing typed is lost by it."""

import re
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from django.test import Client

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import factors, policy, totp, workflow
from mingjian.people.models import Appointment, Person, SecondFactor, WebSession
from mingjian.regulation.posts import Post

PASSWORD = "correct horse battery"
OFFICE, SCHOOL = "security-office-campus", "security-office"
CLOCK = SystemClock()
TEN_MINUTES_90K = 600 * TICKS_PER_S
pytestmark = pytest.mark.usefixtures("credential_key")
Hire = Callable[..., Person]
Written = Callable[[], list[dict[str, Any]]]

# RFC 6238, appendix B, SHA-1: the last six of the eight digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def entered(username: str) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": username, "password": PASSWORD})
    return client


def enrolled(client: Client, *, name: str = "值班手机") -> str:
    """Add an app by page and return its secret."""
    page = client.get("/factors/app/").content.decode()
    found = re.search(r'<p class="mono" translate="no">([A-Z2-7 ]+)</p>', page)
    assert found is not None
    secret = found[1].replace(" ", "")
    answer = client.post("/factors/app/", {"name": name, "code": pyotp.TOTP(secret).now()})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def next_code(secret: str) -> str:
    """A code that was not used yet: a clock may be one step ahead."""
    return pyotp.TOTP(secret).at(CLOCK.utc() // TICKS_PER_S + totp.STEP_S)


def let_proof_age(person: Person) -> None:
    WebSession.objects.filter(person=person).update(proved_at_90k=CLOCK.utc() - TEN_MINUTES_90K)


@pytest.mark.parametrize(
    ("at_s", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard(at_s: int, code: str) -> None:
    assert totp.step_of(code, secret=RFC_SECRET, at_s=at_s, after=0) == at_s // 30
    assert totp.step_of(code, secret=RFC_SECRET, at_s=at_s + 30, after=0) == at_s // 30
    assert totp.step_of(code, secret=RFC_SECRET, at_s=at_s + 60, after=0) is None
    assert totp.step_of(code, secret=RFC_SECRET, at_s=at_s, after=at_s // 30) is None
    # As a Chinese keyboard may write it.
    wide = code.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"})
    assert totp.step_of(f"{wide[:3]} {wide[3:]}", secret=RFC_SECRET, at_s=at_s, after=0) == at_s // 30


@pytest.mark.parametrize("code", ["", "28708", "2870820", "28708\x00", "abcdef"])
def test_what_is_no_code_is_none(code: str) -> None:
    assert totp.step_of(code, secret=RFC_SECRET, at_s=59, after=0) is None


@pytest.mark.parametrize(("is_console", "holds_s"), [(False, 600), (True, 12 * 3600)])
def test_proof_holds_ten_minutes_and_a_shift_on_a_console(db: None, *, is_console: bool, holds_s: int) -> None:
    holds_90k = workflow.proof_holds_90k(policy.in_force(at_90k=CLOCK.utc()), is_console=is_console)
    fresh = workflow.is_proof_fresh
    assert holds_90k == holds_s * TICKS_PER_S
    assert fresh(proved_at_90k=0, holds_90k=holds_90k, now_90k=holds_90k - 1)
    assert not fresh(proved_at_90k=0, holds_90k=holds_90k, now_90k=holds_90k)
    assert not fresh(proved_at_90k=None, holds_90k=holds_90k, now_90k=0)


def test_app_is_added_by_its_first_code_and_its_secret_lies_sealed(hire: Hire, written: Written) -> None:
    person = hire("zhang", "张工", ("operator", OFFICE))
    client = entered("zhang")
    wrong = client.get("/factors/app/") and client.post("/factors/app/", {"name": "手机", "code": "000000"})
    assert wrong.status_code == 400
    assert not SecondFactor.objects.exists()

    secret = enrolled(client)

    factor = SecondFactor.objects.get(person=person)
    assert secret not in factor.secret
    assert [act["kind"] for act in written() if act["kind"].startswith("people.factor")] == ["people.factor_added"]
    assert all(secret not in str(act) for act in written())
    # Adding it was a proof.
    assert WebSession.objects.get(person=person).proved_at_90k is not None


def test_act_asks_who_has_a_factor_and_goes_on_with_what_was_typed(hire: Hire, written: Written) -> None:
    head, zhao = hire("head", "主任", ("principal", OFFICE)), hire("zhao", "赵同学")
    client = entered("head")
    secret = enrolled(client)
    let_proof_age(head)
    asked = {"what": f"{OFFICE}|{Post.OPERATOR}", "document": "保卫处〔2026〕“12”号 & <b>"}

    question = client.post(f"/people/{zhao.pk}/appoint/", asked)

    assert question.status_code == 403
    page = question.content.decode()
    assert not Appointment.objects.filter(person=zhao).exists()
    assert 'value="保卫处〔2026〕“12”号 &amp; &lt;b&gt;"' in page
    assert f'action="/people/{zhao.pk}/appoint/"' in page
    wrong = client.post(f"/people/{zhao.pk}/appoint/", asked | {"second_factor_code": "000000"})
    assert (wrong.status_code, Appointment.objects.filter(person=zhao).exists()) == (403, False)
    assert "没有通过" in wrong.content.decode()

    done = client.post(f"/people/{zhao.pk}/appoint/", asked | {"second_factor_code": next_code(secret)})

    assert done.status_code == 302
    assert Appointment.objects.get(person=zhao).document == asked["document"]
    kinds = [act["kind"] for act in written()]
    assert kinds[kinds.index("people.factor_refused") :] == [
        "people.factor_refused",
        "people.proved",
        "people.appointed",
    ]


def test_code_is_good_for_one_use(hire: Hire) -> None:
    head = hire("head", "主任", ("principal", OFFICE))
    client = entered("head")
    secret = enrolled(client)
    code = next_code(secret)
    assert client.post("/prove/", {"next": "/people/", "second_factor_code": code})["Location"] == "/people/"
    let_proof_age(head)

    again = client.post("/prove/", {"next": "/people/", "second_factor_code": code})

    assert again.status_code == 403


def test_where_it_is_demanded_nobody_acts_without_one(hire: Hire, demanded: None) -> None:
    hire("head", "主任", ("principal", OFFICE))
    zhao = hire("zhao", "赵同学")
    client = entered("head")
    asked = {"what": f"{OFFICE}|{Post.OPERATOR}", "document": "保卫处〔2026〕12号"}

    refused = client.post(f"/people/{zhao.pk}/appoint/", asked)

    assert refused.status_code == 403
    page = refused.content.decode()
    assert "您还没有添加二次验证的方式" in page
    # What was typed waits on the page while a factor is added in another window.
    assert 'value="保卫处〔2026〕12号"' in page
    assert f'action="/people/{zhao.pk}/appoint/"' in page
    assert '<a class="button" href="/factors/" target="_blank"' in page
    enrolled(client)
    assert client.post(f"/people/{zhao.pk}/appoint/", asked).status_code == 302


def test_fifth_wrong_code_locks_the_account_and_ends_its_sessions(hire: Hire, written: Written) -> None:
    head = hire("head", "主任", ("principal", OFFICE))
    client = entered("head")
    enrolled(client)
    let_proof_age(head)

    answers = [client.post("/prove/", {"second_factor_code": "000000"}).status_code for _ in range(5)]

    assert answers == [403, 403, 403, 403, 302]
    assert written()[-1]["kind"] == "people.locked"
    assert not WebSession.objects.filter(person=head, ended_at_90k__isnull=True).exists()


def test_further_factor_and_removal_ask_for_the_one_there_is(hire: Hire) -> None:
    head = hire("head", "主任", ("principal", OFFICE))
    client = entered("head")
    secret = enrolled(client)
    only = SecondFactor.objects.get()
    assert client.post(f"/factors/{only.pk}/remove/").status_code == 409
    let_proof_age(head)

    assert client.get("/factors/app/")["Location"].startswith("/prove/")
    assert client.post(f"/factors/{only.pk}/remove/").status_code == 403

    client.post("/prove/", {"second_factor_code": next_code(secret)})
    enrolled(client, name="备用手机")
    assert client.post(f"/factors/{only.pk}/remove/").status_code == 302
    assert [factor.name for factor in factors.standing(head)] == ["备用手机"]


def test_factor_of_another_is_none(hire: Hire) -> None:
    hire("head", "主任", ("principal", OFFICE))
    hire("zhao", "赵同学")
    enrolled(entered("head"))
    thief = entered("zhao")
    enrolled(thief)
    theirs = SecondFactor.objects.get(person__username="head")

    assert thief.post(f"/factors/{theirs.pk}/remove/").status_code == 404
    assert SecondFactor.objects.filter(removed_at_90k__isnull=True).count() == 2


def test_taken_away_by_the_account_keeper_the_posts_wait_for_another(hire: Hire) -> None:
    head = hire("head", "主任", ("principal", OFFICE))
    hire("admin", "卫系统", ("system_administrator", SCHOOL))
    enrolled(entered("head"))

    answer = entered("admin").post(f"/people/{head.pk}/factors/", {"reason": "手机遗失，见报失单"})

    assert answer.status_code == 302
    assert not factors.standing(head).exists()
    assert Appointment.objects.get(person=head).is_withheld
    assert not WebSession.objects.filter(person=head, ended_at_90k__isnull=True).exists()


def test_program_is_told_and_proves_by_code(hire: Hire) -> None:
    head = hire("head", "主任", ("principal", OFFICE))
    client = entered("head")
    secret = enrolled(client)
    let_proof_age(head)

    wrong = client.post("/api/v1/me/proof/", {"code": "000000"}, content_type="application/json")
    right = client.post("/api/v1/me/proof/", {"code": next_code(secret)}, content_type="application/json")

    assert (wrong.status_code, wrong.json()["code"]) == (403, "people.factor_wrong")
    assert right.status_code == 200
    assert WebSession.objects.get(person=head).proved_at_90k > CLOCK.utc() - TEN_MINUTES_90K
