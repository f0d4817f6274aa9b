"""One viewing, walked by everybody it takes in a browser: from a phone's application to the row in the register."""

import re
import time

import pytest

from tests.journeys.steps import S, apply, approve, check_in, local, mark_segment, number_of, sound


@pytest.mark.article("A15.1.4b")
def test_viewing_from_application_to_register(visit, system, window):
    seen = apply(visit, "zhao", window, unit="library")
    number = number_of(seen)

    # The unit's manager can only forward.
    unit = visit("feng", "/viewing-desk/")
    unit.page.click(f"a:text-is('{number}')")
    unit.page.wait_for_load_state()
    sound(unit)
    assert "第十五条（一）查阅程序与纪律第2项" in unit.page.inner_text("main")
    assert unit.page.locator("form[action$='/decide/']").count() == 0
    unit.page.click("button:text-is('转交二级管理机构')")
    unit.page.wait_for_load_state()

    approve(visit, number)
    others = [number_of(apply(visit, person, window)) for person in ("wang", "li", "han")]
    for other in others:
        approve(visit, other)

    # The operator searches alone, and marks what is relevant; nobody else has a page to play on.
    desk = visit("zhang", "/viewing-desk/")
    desk.page.click(f"a:text-is('{number}')")
    desk.page.click("button:text-is('开始检索')")
    desk.page.wait_for_load_state()
    console = desk.page.url.removeprefix(system.address)
    desk.wait_for(lambda: [player["state"] for player in desk.players()] == ["playing"])
    sound(desk)
    assert visit("zhao", console).page.locator("mj-player").count() == 0
    segment = (window[0] + 4 * S, window[0] + 12 * S)
    mark_segment(desk, segment)
    desk.page.click("button:text-is('转入出示')")
    desk.page.wait_for_load_state()
    assert desk.page.locator("mj-player").count() == 0
    sound(desk)

    # With the card checked it plays the segment under the watermark, and nothing beside it.
    check_in(desk.page)
    desk.page.click("button:text-is('登记入场')")
    desk.page.wait_for_load_state()
    desk.wait_for(lambda: [player["state"] for player in desk.players()] == ["playing"])
    marks = desk.page.locator("mj-player .mj-watermark__tile")
    assert marks.count() >= 4
    assert number in marks.first.inner_text()
    assert [(player["start"], player["end"]) for player in desk.players()] == [segment]
    desk.page.evaluate("at => document.querySelector('mj-player').seek(at)", segment[1] + 2 * S)
    desk.page.locator("mj-player .mj-player__message", has_text="不在").wait_for()
    desk.page.wait_for_timeout(2000)
    sound(desk)

    # A clue where the picture stands, without leaving it.
    desk.page.keyboard.press("m")
    desk.page.keyboard.type("推车出门")
    desk.page.keyboard.press("Enter")
    desk.page.locator("[data-live=clues] li", has_text="推车出门").wait_for()
    assert desk.page.locator("mj-player").count() == 1

    # Three may sit together, the fourth may not.
    for _other in others:
        desk.page.click("summary:text-is('增加查阅人')")
        check_in(desk.page)
        desk.page.click("button:text-is('登记入场')")
        desk.page.wait_for_load_state()
    assert "第十五条（一）查阅程序与纪律第4项" in desk.page.inner_text("main")
    desk.complaints.clear()

    desk.page.goto(system.address + console)
    desk.page.select_option("select[name=result]", "clue")
    desk.page.check("input[name=hold][value=keep]")
    desk.page.click("button:text-is('结束并登记')")
    desk.page.wait_for_load_state()

    # The register tells what was really shown, once the receipt has entered the tree: within the segment.
    register = desk.page
    row = register.locator("tbody tr", has_text=number)
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and "没有出示画面" in row.inner_text():
        register.wait_for_timeout(500)
        register.goto(f"{system.address}/viewing-register/")
    told = row.inner_text()
    assert number in told
    assert "发现线索" in told
    shown = re.findall(r"(\d\d:\d\d:\d\d)", row.locator("td[data-label=实际出示]").inner_text())
    assert local(segment[0])[-8:] <= shown[0] < shown[1] <= local(segment[1])[-8:]
    sound(desk)
    # A ledger that does not verify ends the command with another status.
    assert system.run("ledger", "verify").startswith(("UNANCHORED", "ANCHORED", "WITNESSED"))
