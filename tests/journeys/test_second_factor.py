"""A viewing where everybody is asked for a second factor: without one no decision and no footage; nothing is lost."""

import re

import pyotp
import pytest

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.host.database import DATABASE_NAME
from mingjian.host.home import Home
from mingjian.host.postgres import Cluster
from mingjian.people import totp
from tests.journeys.steps import S, apply, check_in, mark_segment, number_of, sound

CLOCK = SystemClock()
PROOF_HOLDS_S = 600
REASON = "请写明自行车的品牌、颜色，以及“锁”在哪里 & <何时>"


@pytest.fixture(scope="module")
def system(running_system):
    """A demo of its own, set as a real deployment is."""
    with running_system(MINGJIAN_SECOND_FACTOR="demanded") as made:
        yield made


def enrol(seen, system):
    """Add an app by hand and return what makes its codes; it is a proof in itself."""
    page = seen.page
    page.goto(f"{system.address}/factors/")
    page.click("main a:text-is('添加手机验证应用')")
    sound(seen)
    secret = page.inner_text("main form p.mono").replace(" ", "")
    page.fill("input[name=name]", "值班手机")
    page.fill("input[name=code]", pyotp.TOTP(secret).now())
    page.click("main form button.button-main")
    page.wait_for_url("**/factors/")
    assert "值班手机" in page.inner_text("main")
    return pyotp.TOTP(secret)


def next_code(app):
    """A code that was not used yet: a clock may be one step ahead."""
    return app.at(CLOCK.utc() // TICKS_PER_S + totp.STEP_S)


def let_proof_age(system, username, *, seconds=PROOF_HOLDS_S):
    """As if so much time had passed since the person proved who it is."""
    home = Home(root=system.root, bind="127.0.0.1", port=system.port, media_port=system.media_port)
    with Cluster.of(home).connect_as_cluster_role(DATABASE_NAME) as connection:
        aged = connection.execute(
            "UPDATE people_websession SET proved_at_90k = proved_at_90k - %s FROM people_person AS who"
            " WHERE who.id = person_id AND who.username = %s AND proved_at_90k IS NOT NULL",
            [seconds * TICKS_PER_S, username],
        )
        assert aged.rowcount >= 1


def is_asked(seen):
    """Whether the page asks; the browser complains of the status of such a page, which is as it should be."""
    seen.complaints[:] = [one for one in seen.complaints if "403" not in one]
    return seen.page.locator("h1:text-is('请验证是您本人')").count() == 1


def prove(page, code):
    page.fill("input[name=second_factor_code]", code)
    page.click("button:text-is('验证并继续')")
    page.wait_for_load_state()


def open_dossier(visit, person, number):
    seen = visit(person, "/viewing-desk/")
    seen.page.click(f"a:text-is('{number}')")
    seen.page.wait_for_load_state()
    return seen


def open_dossier_in(seen, system, number):
    """The same page, in a browser that is signed in already."""
    seen.page.goto(f"{system.address}/viewing-desk/")
    seen.page.click(f"a:text-is('{number}')")
    seen.page.wait_for_load_state()
    return seen


def send_back(page):
    """Ask for more about the application, in words that are easily lost."""
    page.click("summary:has-text('退回补正')")
    page.fill("#id_return_reason", REASON)
    page.locator("form", has=page.locator("#id_return_reason")).locator("button").click()
    page.wait_for_load_state()


@pytest.mark.article("A14.c", "A15.1.3b", "D799.16.2")
def test_viewing_asks_for_the_second_factor_before_deciding_and_before_footage(visit, system, window):
    applied = apply(visit, "zhao", window)
    number = number_of(applied)

    # Without any factor nothing is decided, and the page says what to do.
    decider = open_dossier(visit, "qian", number)
    page = decider.page
    page.click("main button.button-main")
    page.wait_for_load_state()
    assert is_asked(decider)
    assert "您还没有添加二次验证的方式" in page.inner_text("main")
    assert page.locator("input[name=second_factor_code]").count() == 0
    sound(decider)
    applied.page.reload()
    assert "已同意" not in applied.page.inner_text("main")

    # Enrolled and fresh: not asked. Once the minutes are over, asked again; a wrong code changes nothing.
    app = enrol(decider, system)
    let_proof_age(system, "qian", seconds=PROOF_HOLDS_S)
    decider = open_dossier_in(decider, system, number)
    send_back(page)
    assert is_asked(decider)
    prove(page, "000000")
    assert is_asked(decider)
    assert "没有通过" in page.inner_text("main")
    applied.page.reload()
    assert REASON not in applied.page.inner_text("main")

    # The right one goes on with what was typed, to the letter.
    prove(page, next_code(app))
    assert not is_asked(decider)
    applied.page.reload()
    assert REASON in applied.page.inner_text("main")
    sound(decider)

    # Another application within the minutes: decided at once.
    number = number_of(apply(visit, "wang", window))
    open_dossier_in(decider, system, number)
    page.click("main button.button-main")
    page.wait_for_load_state()
    assert "已同意" in page.inner_text("main")

    # The operator has no factor: no session opens, no footage.
    operator = open_dossier(visit, "zhang", number)
    desk = operator.page
    desk.click("button:text-is('开始检索')")
    desk.wait_for_load_state()
    assert is_asked(operator)
    assert desk.locator("mj-player").count() == 0
    app = enrol(operator, system)
    let_proof_age(system, "zhang")
    open_dossier_in(operator, system, number)
    desk.click("button:text-is('开始检索')")
    desk.wait_for_load_state()
    assert is_asked(operator)
    prove(desk, next_code(app))
    console = desk.url.removeprefix(system.address)
    operator.wait_for(lambda: [player["state"] for player in operator.players()] == ["playing"])

    # In the middle of a viewing nobody is interrupted, however long it takes.
    let_proof_age(system, "zhang")
    segment = (window[0] + 4 * S, window[0] + 12 * S)
    mark_segment(operator, segment)
    desk.click("button:text-is('转入出示')")
    desk.wait_for_load_state()
    check_in(desk)
    desk.click("button:text-is('登记入场')")
    desk.wait_for_load_state()
    operator.wait_for(lambda: [player["state"] for player in operator.players()] == ["playing"])
    sound(operator)

    # The same operator elsewhere, by password alone: the page asks, and no picture comes.
    elsewhere = visit("zhang", console)
    assert re.search(r"/prove/\?next=", elsewhere.page.url)
    assert elsewhere.page.locator("mj-player").count() == 0
    assert elsewhere.size_bytes == 0
