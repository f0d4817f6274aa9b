"""Steps that several journeys take: applying, approving, checking somebody in, marking what is shown."""

from axe_playwright_python.sync_playwright import Axe

from mingjian.base import ticks

S = ticks.TICKS_PER_S


def local(at):
    return f"{ticks.to_datetime(at).astimezone(ticks.CIVIL_ZONE):%Y-%m-%dT%H:%M:%S}"


def sound(seen):
    """No barrier, nothing sideways, nothing against the policy."""
    found = Axe().run(seen.page)
    assert found.violations_count == 0, found.generate_report()
    overflow = seen.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    assert seen.complaints == []


def apply(visit, person, window, *, width=390, unit=""):
    """Apply by hand, step by step; return the page afterwards."""
    seen = visit(person, "/viewings/apply/", width=width, height=844)
    page = seen.page
    sound(seen)
    page.check("input[name=incident_kind][value=theft]")
    page.fill("textarea[name=reason]", "<b>自行车</b>在馆外失窃，请核实何人推走")
    page.click("button:text-is('下一步')")
    place = next(
        value
        for value in page.eval_on_selector_all("select[name=place] option", "all => all.map(one => one.value)")
        if value.startswith("lingshui|")
    )
    page.select_option("select[name=place]", place)
    page.fill("input[name=start]", local(window[0]))
    page.fill("input[name=end]", local(window[1]))
    sound(seen)
    page.click("button:text-is('下一步')")
    page.fill("input[name=phone]", "13800000000")
    page.select_option("select[name=unit]", unit)
    page.click("button:text-is('下一步')")
    sound(seen)
    page.check("input[name=is_true]")
    page.check("input[name=is_pledged]")
    page.click("button:text-is('提交申请')")
    page.wait_for_load_state()
    assert "录像已锁定至" in page.inner_text("main"), page.inner_text("main")
    sound(seen)
    return seen


def number_of(seen):
    return seen.page.inner_text("main h1").split()[-1]


def approve(visit, number):
    seen = visit("qian", "/viewing-desk/")
    seen.page.click(f"a:text-is('{number}')")
    seen.page.wait_for_load_state()
    sound(seen)
    seen.page.click("main button.button-main")
    seen.page.wait_for_load_state()
    assert "已同意" in seen.page.inner_text("main")
    return seen


def check_in(page, last4="0417"):
    page.fill("input[name=id_last4]", last4)
    page.check("input[name=is_pledged]")
    page.check("input[name=are_phones_away]")


def mark_segment(seen, segment):
    """Mark by hand what is to be shown; the picture goes on meanwhile."""
    page = seen.page
    page.fill("[data-segment-form] input[name=start]", local(segment[0]).replace("T", " "))
    page.fill("[data-segment-form] input[name=end]", local(segment[1]).replace("T", " "))
    page.fill("[data-segment-form] input[name=note]", "有人推车")
    page.click("button:text-is('标记出示片段')")
    page.locator("[data-live=lit] li", has_text="有人推车").wait_for()
    assert page.locator("mj-player").count() == 1
