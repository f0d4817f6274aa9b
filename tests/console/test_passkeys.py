"""Passkeys in a real browser with an authenticator that the browser simulates: made, used, and refused elsewhere."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TypeVar

import pytest
from django.db import connection
from playwright.sync_api import CDPSession, Page

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.host.home import Home
from mingjian.people.models import Appointment, Person, SecondFactor, WebSession
from mingjian.regulation.posts import Post
from tools.browser import opened_browser

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"
OFFICE = "security-office-campus"
CLOCK = SystemClock()
TEN_MINUTES_90K = 600 * TICKS_PER_S
T = TypeVar("T")


@pytest.fixture
def people(hire: Callable[..., Person]) -> tuple[Person, Person]:
    return hire("head", "主任", ("principal", OFFICE)), hire("zhao", "赵同学")


@pytest.fixture
def signed_in(
    people: tuple[Person, Person],
    founded: Home,
    home: Home,
    serving: Callable[[Home], AbstractContextManager[None]],
) -> Iterator[tuple[Page, str]]:
    """The head's page, by the host name for which a browser takes passkeys without TLS, and the site's address."""
    address = f"http://localhost:{home.port}"
    with serving(home), opened_browser() as browser:
        page = browser.new_page()
        page.goto(f"{address}/factors/")
        page.fill("#id_username", "head")
        page.fill("#id_password", PASSWORD)
        page.click("main button")
        yield page, address


def rows(query: Callable[[], T]) -> T:
    """Ask the database beside the browser's loop, which Django does not ask from."""

    def run() -> T:
        try:
            return query()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(run).result()


def plug_in(page: Page) -> tuple[CDPSession, str]:
    """Give the browser a key that answers every question; return how to talk to it."""
    talk = page.context.new_cdp_session(page)
    talk.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": False}
    made = talk.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"isUserVerified": False}})
    return talk, made["authenticatorId"]


def add_key(page: Page) -> None:
    page.click("main a:text-is('添加安全密钥')")
    page.fill("input[name=name]", "蓝色密钥")
    page.click("main form button")
    page.wait_for_url("**/factors/")


def let_proof_age(person: Person) -> None:
    old = CLOCK.utc() - TEN_MINUTES_90K
    rows(lambda: WebSession.objects.filter(person=person).update(proved_at_90k=old))


def appoint(page: Page, address: str, zhao: Person) -> None:
    page.goto(f"{address}/people/{zhao.pk}/")
    page.select_option("select[name=what]", f"{OFFICE}|{Post.OPERATOR}")
    page.fill("input[name=document]", "保卫处〔2026〕12号")
    page.click("form[aria-labelledby=appoint] button")
    page.wait_for_load_state()


def test_key_is_made_and_proves_who_acts(signed_in: tuple[Page, str], people: tuple[Person, Person]) -> None:
    page, address = signed_in
    head, zhao = people
    plug_in(page)
    add_key(page)
    assert "蓝色密钥" in page.inner_text("main")
    assert rows(lambda: SecondFactor.objects.get(person=head)).site == "localhost"
    let_proof_age(head)

    appoint(page, address, zhao)
    assert "请验证是您本人" in page.inner_text("h1")
    page.click("button:text-is('用安全密钥验证并继续')")
    page.wait_for_url(f"**/people/{zhao.pk}/")

    assert rows(lambda: Appointment.objects.get(person=zhao)).post == Post.OPERATOR
    assert rows(lambda: SecondFactor.objects.get(person=head)).last_used > 0


def test_key_whose_counter_went_back_is_a_copy(signed_in: tuple[Page, str], people: tuple[Person, Person]) -> None:
    page, address = signed_in
    head, zhao = people
    plug_in(page)
    add_key(page)
    rows(lambda: SecondFactor.objects.filter(person=head).update(last_used=1_000))
    let_proof_age(head)

    appoint(page, address, zhao)
    page.click("button:text-is('用安全密钥验证并继续')")
    page.wait_for_load_state()
    page.wait_for_selector("[role=alert]:has-text('没有通过')")

    assert not rows(Appointment.objects.filter(person=zhao).exists)


def test_browser_without_a_key_says_so_and_may_try_again(
    signed_in: tuple[Page, str], people: tuple[Person, Person]
) -> None:
    page, _address = signed_in
    talk, authenticator = plug_in(page)
    talk.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator})
    page.click("main a:text-is('添加安全密钥')")
    page.evaluate(
        "() => { navigator.credentials.create = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    page.click("main form button")

    page.wait_for_selector("[data-failed]:visible")

    assert not rows(SecondFactor.objects.exists)
    assert page.is_enabled("main form button")


def test_bare_address_offers_no_passkeys(
    people: tuple[Person, Person],
    founded: Home,
    home: Home,
    serving: Callable[[Home], AbstractContextManager[None]],
) -> None:
    with serving(home), opened_browser() as browser:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{home.port}/factors/")
        page.fill("#id_username", "head")
        page.fill("#id_password", PASSWORD)
        page.click("main button")

        assert page.query_selector("main a:text-is('添加安全密钥')") is None
        assert "这里的地址不行" in page.inner_text("main")
