"""A granted window in a real browser: it plays, refuses what lies outside, and stops when it is revoked."""

import json
import time

import pytest
from axe_playwright_python.sync_playwright import Axe

from mingjian.base import ticks
from mingjian.base.clock import SystemClock

S = ticks.TICKS_PER_S


@pytest.fixture
def granted(system):
    """A viewing session of wang for twenty seconds of one camera, and its page."""
    cameras = json.loads(system.run("status", "--json"))["cameras"]
    camera = next(camera for camera in cameras if camera["codec"] == "h264")
    deadline = time.monotonic() + 60
    while camera["recorded_today_s"] < 30 and time.monotonic() < deadline:
        time.sleep(1)
        cameras = json.loads(system.run("status", "--json"))["cameras"]
        camera = next(one for one in cameras if one["id"] == camera["id"])
    end = SystemClock().utc() // S * S - 5 * S
    start = end - 20 * S
    issued = json.loads(
        system.run("grant", "wang", camera["id"], "--from", ticks.to_iso(start), "--to", ticks.to_iso(end), "--json")
    )
    return {**issued, "camera": camera["id"], "start": start, "end": end}


def page_of(granted):
    return f"/playback/{granted['session']}/"


def playing(seen):
    return lambda: [player["state"] for player in seen.players()] == ["playing"]


def entries(system, kind, camera):
    found = [json.loads(line) for line in system.run("ledger", "list", "--json").splitlines()]
    return [entry for entry in found if entry["kind"] == kind and camera in entry["subject"]]


def test_granted_window_plays(visit, granted):
    seen = visit("wang", page_of(granted))
    seen.wait_for(playing(seen))
    first = seen.players()[0]
    seen.page.wait_for_timeout(2500)
    later = seen.players()[0]

    assert later["pictures"] - first["pictures"] >= 12
    assert 1.5 * S < later["at"] - first["at"] < 4 * S
    assert (later["start"], later["end"]) == (granted["start"], granted["end"])
    assert seen.complaints == []


def test_speed_step_and_pause(visit, granted):
    seen = visit("wang", page_of(granted))
    seen.wait_for(playing(seen))

    seen.page.click("[data-act=toggle]")
    seen.wait_for(lambda: seen.players()[0]["state"] == "paused")
    held = seen.players()[0]["at"]
    seen.page.click("[data-act=step_forward]")
    seen.wait_for(lambda: seen.players()[0]["at"] != held)
    assert 0 < seen.players()[0]["at"] - held <= S // 5
    seen.page.click("[data-act=step_back]")
    seen.wait_for(lambda: seen.players()[0]["at"] <= held + 1)

    seen.page.select_option("[data-act=speed]", "4")
    seen.page.click("[data-act=toggle]")
    seen.wait_for(playing(seen))
    begun, at = time.monotonic(), seen.players()[0]["at"]
    seen.wait_for(lambda: seen.players()[0]["at"] - at > 8 * S, within_s=4)
    assert seen.players()[0]["at"] - at <= (4 * (time.monotonic() - begun) + 3) * S


@pytest.mark.parametrize("speed", ["8", "16"])
def test_key_pictures_play_without_a_stop(visit, granted, speed):
    seen = visit("wang", page_of(granted))
    seen.wait_for(playing(seen))
    seen.page.select_option("[data-act=speed]", speed)

    begun = time.monotonic()
    seen.wait_for(lambda: seen.players()[0]["state"] == "ended_window_end", within_s=15)

    print(f"twenty seconds at {speed} times took {time.monotonic() - begun:.1f} s")
    assert time.monotonic() - begun < 20 / int(speed) + 4


@pytest.mark.article("A14.c")
def test_seeking_inside_goes_there_and_outside_is_refused(visit, granted):
    seen = visit("wang", page_of(granted))
    seen.wait_for(playing(seen))

    seen.page.evaluate("(at) => document.querySelector('mj-player').seek(at)", granted["start"] + 12 * S)
    seen.wait_for(lambda: seen.players()[0]["at"] >= granted["start"] + 12 * S and playing(seen)())
    drawn = seen.page.locator(".mj-timeline__slider").bounding_box()
    seen.page.mouse.click(drawn["x"] + drawn["width"] - 3, drawn["y"] + drawn["height"] / 2)
    seen.wait_for(lambda: seen.players()[0]["isCovered"])

    assert "时段" in seen.players()[0]["words"]
    assert seen.players()[0]["at"] < granted["end"]
    assert playing(seen)()


def test_jump_back_is_not_drawn_forward_by_what_lies_there_still(visit, granted):
    seen = visit("wang", page_of(granted))
    seen.wait_for(playing(seen))
    seen.page.evaluate("(at) => document.querySelector('mj-player').seek(at)", granted["start"] + 12 * S)
    seen.wait_for(lambda: seen.players()[0]["at"] >= granted["start"] + 12 * S and playing(seen)())

    # In one turn of the page: the old place is let go of, but not gone yet.
    at = seen.page.evaluate(
        """(at) => {
            const { picture } = document.querySelector("mj-player");
            picture.moveTo(at);
            picture.tend();
            return picture.at;
        }""",
        granted["start"] + 2 * S,
    )

    assert at == granted["start"] + 2 * S


def test_jump_is_not_lost_while_nothing_of_another_one_has_come(visit, granted):
    seen = visit("wang", page_of(granted))
    seen.wait_for(playing(seen))

    # The buffer is empty between the two, and a browser goes nowhere in an empty one.
    at = seen.page.evaluate(
        """async ([first, second]) => {
            const { picture } = document.querySelector("mj-player");
            const take = picture.take;
            picture.take = () => undefined;
            picture.moveTo(first);
            while (picture.video.buffered.length > 0) {
                await new Promise((go) => setTimeout(go, 10));
            }
            picture.moveTo(second);
            picture.tend();
            const { at } = picture;
            picture.take = take;
            return at;
        }""",
        [granted["start"] + 12 * S, granted["start"] + 2 * S],
    )
    seen.page.evaluate("(at) => document.querySelector('mj-player').seek(at)", granted["start"] + 2 * S)

    assert at == granted["start"] + 2 * S
    seen.wait_for(lambda: granted["start"] + 2 * S < seen.players()[0]["at"] < granted["start"] + 8 * S)


def test_timeline_follows_and_leads(visit, granted):
    seen = visit("wang", page_of(granted))
    seen.wait_for(playing(seen))
    slider = seen.page.locator("[role=slider]")

    slider.focus()
    seen.page.keyboard.press("Home")
    seen.wait_for(lambda: seen.players()[0]["at"] < granted["start"] + 4 * S)
    seen.page.keyboard.press("End")
    seen.wait_for(lambda: seen.players()[0]["at"] >= granted["end"] - 6 * S)
    seen.page.keyboard.press("+")

    now = int(slider.get_attribute("aria-valuenow"))
    assert granted["start"] // S <= now <= granted["end"] // S
    assert slider.get_attribute("aria-valuetext")
    assert seen.page.locator(".mj-timeline__footage").count() >= 1


def test_revocation_stops_the_bytes_and_the_picture_and_the_ledger_names_what_was_served(visit, system, granted):
    seen = visit("wang", page_of(granted))
    seen.wait_for(playing(seen))
    seen.page.wait_for_timeout(1500)

    system.run("revoke", granted["session"], "--reason", "test")
    revoked_at = time.monotonic()
    seen.wait_for(lambda: seen.players()[0]["isBlank"], within_s=4)
    blank_at = time.monotonic()
    seen.page.wait_for_timeout(2500)

    assert seen.bytes_at[-1] - revoked_at < 2.0
    assert seen.players()[0]["state"] == "stopped"
    print(f"last byte {seen.bytes_at[-1] - revoked_at:+.2f} s, blank {blank_at - revoked_at:+.2f} s after the command")
    system.run("ledger", "verify")
    closed = next(entry for entry in entries(system, "media.closed", granted["camera"]))
    assert closed["facts"]["reason"] == "revoked"
    spans = closed["facts"]["served_90k"]
    assert spans[0][0] >= granted["start"]
    assert spans[-1][1] <= granted["end"]


def test_another_person_gets_neither_page_nor_byte(visit, granted):
    for person in ("zhang", "li", "zhao"):
        seen = visit(person, page_of(granted))
        seen.page.wait_for_timeout(500)
        assert seen.size_bytes == 0
        assert seen.players() == []


def test_english_page_speaks_english(visit, granted):
    seen = visit("wang", page_of(granted))
    seen.page.click("details.menu:last-of-type > summary")
    seen.page.click("button[name=language][value=en]")
    seen.page.wait_for_load_state()
    seen.wait_for(lambda: len(seen.players()) == 1 and seen.players()[0]["state"] == "playing")

    words = seen.page.locator("mj-player").inner_text() + seen.page.locator("mj-timeline").inner_text()
    assert not [letter for letter in words.split("\n")[0] if letter in "播放暂停连接"]
    assert seen.page.get_attribute("[data-act=toggle]", "aria-label") == "Pause"


@pytest.mark.parametrize("width", [1400, 360])
def test_playback_has_no_barriers(visit, granted, width):
    seen = visit("wang", page_of(granted), width=width)
    seen.wait_for(playing(seen))

    found = Axe().run(seen.page)

    assert found.violations_count == 0, found.generate_report()
    overflow = seen.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0


def test_keys_work_anywhere_on_the_page_and_are_listed(visit, granted):
    seen = visit("wang", page_of(granted))
    seen.wait_for(playing(seen))

    seen.page.keyboard.press("Space")
    seen.wait_for(lambda: seen.players()[0]["state"] == "paused")
    seen.page.keyboard.press("k")
    seen.wait_for(playing(seen))
    seen.page.keyboard.press("?")

    assert seen.page.locator("dialog#keys").is_visible()
    seen.page.keyboard.press("Escape")
    assert not seen.page.locator("dialog#keys").is_visible()


def test_signing_out_elsewhere_stops_the_picture_and_says_so(visit, granted):
    seen = visit("wang", page_of(granted))
    seen.wait_for(playing(seen))
    other = seen.page.context.new_page()
    other.goto(seen.page.url.partition("/playback/")[0])
    other.click("details.menu:last-of-type > summary")
    other.click("form[action='/sign-out/'] button")

    # Whichever is heard first: the revocation at the media port, or the lease socket's farewell.
    seen.wait_for(lambda: seen.players()[0]["reason"] in {"signed_out", "ended_revoked"})

    assert seen.players()[0]["isBlank"]
    seen.page.click("[data-act=reopen]")
    seen.page.wait_for_url("**/sign-in/?next=*")
