"""Live pictures in a real browser: eight that move for the operator on shift, and for nobody else a single byte."""

import os
import signal
import time

import pytest
from axe_playwright_python.sync_playwright import Axe


def test_operator_on_shift_sees_eight_moving_cameras(visit):
    seen = visit("zhang", "/wall/?layout=9")
    seen.wait_for(lambda: len(seen.players()) == 8)
    seen.wait_for(lambda: all(player["state"] == "live" for player in seen.players()), within_s=20)

    before = [player["pictures"] for player in seen.players()]
    seen.page.wait_for_timeout(3000)
    shown = [player["pictures"] - earlier for player, earlier in zip(seen.players(), before, strict=True)]

    assert min(shown) >= 15
    assert not any(player["isBlank"] or player["isCovered"] for player in seen.players())
    assert seen.complaints == []


@pytest.mark.article("A18.2")
@pytest.mark.parametrize("person", ["li", "sun", "wang", "zhao"])
def test_nobody_else_is_served_a_byte(visit, system, person):
    seen = visit(person, "/wall/")
    seen.page.wait_for_timeout(1500)

    assert seen.size_bytes == 0
    assert all(player["isBlank"] for player in seen.players())


def test_layouts_turn_without_beginning_anew(visit):
    seen = visit("zhang", "/wall/?layout=4")
    seen.wait_for(lambda: [player["state"] for player in seen.players()] == ["live"] * 4, within_s=20)

    seen.page.keyboard.press("9")
    seen.wait_for(lambda: len(seen.players()) == 8)
    assert [player["state"] for player in seen.players()][:4] == ["live"] * 4
    seen.wait_for(lambda: all(player["state"] == "live" for player in seen.players()))
    seen.page.keyboard.press("4")
    seen.page.keyboard.press("PageDown")
    seen.wait_for(lambda: [player["state"] for player in seen.players()] == ["live"] * 4)

    assert seen.complaints == []


def test_pictures_come_back_by_themselves_after_streaming_was_killed(visit, system):
    seen = visit("zhang", "/wall/?layout=4")
    seen.wait_for(lambda: [player["state"] for player in seen.players()] == ["live"] * 4, within_s=20)

    os.kill(system.process("streaming"), signal.SIGKILL)
    seen.wait_for(lambda: any(player["state"] == "disconnected" for player in seen.players()))
    killed = time.monotonic()
    seen.wait_for(lambda: [player["state"] for player in seen.players()] == ["live"] * 4, within_s=25)

    print(f"four pictures were back {time.monotonic() - killed:.1f} s after the kill")


def test_pictures_stop_when_the_shift_ends_and_the_wall_says_why(visit):
    seen = visit("zhang", "/wall/?layout=4")
    seen.wait_for(lambda: [player["state"] for player in seen.players()] == ["live"] * 4, within_s=20)
    other = visit("zhang", "/")

    other.page.click("form[action='/shift/end/'] button")
    ended = time.monotonic()
    try:
        seen.wait_for(lambda: all(player["isBlank"] for player in seen.players()), within_s=4)
        assert seen.bytes_at[-1] - ended < 2.0
        assert {player["state"] for player in seen.players()} == {"stopped"}
        assert all(player["words"] for player in seen.players())
    finally:
        other.page.goto(other.page.url)
        other.page.click("form[action='/shift/start/'] button")
        other.page.wait_for_load_state()


def test_pictures_stop_within_two_seconds_when_the_session_is_ended_from_another_machine(visit):
    seen = visit("zhang", "/wall/?layout=4")
    seen.wait_for(lambda: [player["state"] for player in seen.players()] == ["live"] * 4, within_s=20)
    other = visit("zhang", "/sessions/")
    # The machine in use before this one: the wall's.
    row = other.page.locator("tbody tr").filter(has_not_text="本次登录").first

    row.locator("form[action$='/end/'] button").click()
    ended = time.monotonic()

    seen.wait_for(lambda: all(player["isBlank"] for player in seen.players()), within_s=4)
    assert seen.bytes_at[-1] - ended < 2.0


@pytest.mark.parametrize("width", [1400, 360])
def test_wall_has_no_barriers(visit, width):
    seen = visit("zhang", "/wall/", width=width)
    seen.wait_for(lambda: any(player["state"] == "live" for player in seen.players()), within_s=20)

    found = Axe().run(seen.page)

    assert found.violations_count == 0, found.generate_report()
    overflow = seen.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
