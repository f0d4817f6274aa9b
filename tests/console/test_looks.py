"""Pages in a real browser: axe finds nothing, nothing scrolls sideways, nothing breaks the policy."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.console.routes import all_routes
from mingjian.duty import usecases as duty
from mingjian.host.home import Home
from mingjian.people import acts
from mingjian.people.capacity import Acting
from mingjian.people.models import Person
from mingjian.registry.models import Camera
from mingjian.viewing import usecases as viewing
from mingjian.viewing.models import ViewingApplication
from mingjian.viewing.words import Outcome
from tools.browser import opened_browser
from tools.crawling import Crawl, crawl, shape_of

pytestmark = pytest.mark.django_db(transaction=True)
HOUR_90K = 3600 * TICKS_PER_S
# Language, theme and width do not depend on one another: two looks meet every value of each.
LOOKS = (("zh-hans", "light", 1440), ("en", "dark", 360))


# Somebody of every kind of capacity, by username.
PEOPLE: dict[str, tuple[tuple[str, str], ...]] = {
    "duty": (("operator", "security-office-campus"),),
    "student": (),
    "judge": (("reviewer", "security-office-campus"),),
    "library": (("manager", "library"),),
    "tierone": (("manager", "security-office"),),
    "system": (("system_administrator", "security-office"),),
    "security": (("security_administrator", "security-office"),),
    "audit": (("audit_administrator", "security-office"),),
    "leader": (("duty_leader", "security-office-campus"), ("principal", "security-office-campus")),
}
# Pages that links do not lead to, and the page for an address that is not there.
STARTS = ("/", "/search/?q=1")
# GET routes that are no pages, each with its reason.
NO_PAGES = {
    "/healthz": "answers in JSON",
    "/api/": "answers in JSON",
    "/wall/states/": "a part that the wall renews",
    "/sign-in/cas/": "leads to the university's own page",
    "/sign-in/oidc/": "the same",
    "/viewings/<>/attachments/": "a file",
    "/viewing-desk/<>/attachments/": "a file",
}
# What stands in the language in which it was entered, whatever the reader's.
ENTERED = frozenset({"南门", "自行车棚", "图书馆大厅", "校门", "车棚", "某人", "自行车失窃", "任命文件", "简体中文"})
# Latin words of a Chinese page: names of formats, keys, the reader's other language, and commands.
LATIN = frozenset(
    {
        "Chrome",
        "Linux",
        "PNG",
        "PDF",
        "JPEG",
        "JPG",
        "English",
        "JavaScript",
        "mingjian",
        "CAS",
        "OIDC",
        "LDAP",
        "kbit",
        "TCP",
        "person",
        "console",
        "status",
        "JSON",
        "RFC",
        "https",
        "ledger",
        "witness",
        "add",
        "export",
        "prove",
    }
)
# A watermark is a mark, not something to read: it has to let the picture through.
_READ = {"exclude": [["mj-watermark"]]}
_TEXTS = """(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (node) =>
        node.parentElement.closest("script, style, noscript, code, pre, kbd, .mono, [lang=en], option[value^='A']")
            ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode.textContent);
    return texts.join("\\n");
})()"""


@dataclass(frozen=True, slots=True)
class Site:
    """A web process of ours; `alone` are pages that links do not lead to, by who may open them."""

    address: str
    alone: dict[str, tuple[str, ...]]


# Doors of sign-in that nobody goes through here: what there is to see of them is on our own pages.
DOORS = {
    "MINGJIAN_CAS_URL": "https://cas.campus.test/cas",
    "MINGJIAN_OIDC_ISSUER": "https://id.campus.test",
    "MINGJIAN_OIDC_CLIENT_ID": "mingjian",
    "MINGJIAN_LDAP_URL": "ldaps://ldap.campus.test",
    "MINGJIAN_LDAP_BASE": "dc=campus,dc=test",
}


@pytest.fixture
def site(
    hire: Callable[..., Person],
    register: Callable[..., Camera],
    act_as: Callable[..., Acting],
    founded: Home,
    home: Home,
    serving: Callable[[Home], AbstractContextManager[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Site]:
    """A campus with three cameras, a shift, applications at every stage, a supervised session and one to play alone."""
    for name, value in DOORS.items():
        monkeypatch.setenv(name, value)
    clock = SystemClock()
    now_90k = clock.utc()
    people = {username: hire(username, "某人", *held) for username, held in PEOPLE.items()}
    cameras = [register(name=name) for name in ("南门", "自行车棚", "图书馆大厅")]
    acting = {username: act_as(person, now_90k) for username, person in people.items()}
    duty.start_shift(acting=acting["duty"], campus="lingshui", actor=acts.of(acting["duty"]), clock=clock)
    wish = viewing.Wish(
        incident_kind="theft",
        reason="自行车失窃",
        campus="lingshui",
        building="校门",
        start_90k=now_90k - 2 * HOUR_90K,
        end_90k=now_90k - HOUR_90K,
        phone="13800000000",
    )
    sent = [viewing.submit(acting=acting["student"], wish=wish, clock=clock) for _ in range(5)]
    viewing.submit(acting=acting["student"], wish=replace(wish, unit="library"), clock=clock)
    head = act_as(hire("head", "某人", ("principal", "security-office-campus")), now_90k)
    outcomes = (Outcome.APPROVED, Outcome.RETURNED, Outcome.REFUSED, Outcome.REFUSED)
    for application, outcome in zip(sent, outcomes, strict=False):
        viewing.decide(
            application=application,
            version=1,
            outcome=outcome,
            reason="" if outcome is Outcome.APPROVED else "自行车失窃",
            article="A14.b" if outcome is Outcome.REFUSED else "",
            validity_days=3,
            # Who refused does not answer the objection: that is the judge's.
            acting=head if application == sent[3] else acting["judge"],
            clock=clock,
        )
    viewing.object_to_refusal(
        application=sent[3], version=2, reason="自行车失窃", acting=acting["student"], clock=clock
    )
    approved = ViewingApplication.objects.get(pk=sent[0].pk)
    viewing.open_session(application=approved, acting=acting["duty"], clock=clock)
    session = viewing.issue_session(
        person=people["duty"],
        cameras=cameras[:2],
        start_90k=now_90k - HOUR_90K,
        end_90k=now_90k,
        purpose="自行车失窃",
        valid_until_90k=now_90k + HOUR_90K,
        issued_by=None,
        actor=acts.SHELL,
        clock=clock,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_sequence(1, 1000)")
    alone = {
        "duty": (f"/playback/{session.pk}/",),
        "student": ("/wall/", f"/viewings/{sent[2].pk}/"),
        "judge": (f"/viewing-desk/{sent[3].pk}/",),
    }
    with serving(home):
        yield Site(f"http://127.0.0.1:{home.port}", alone)


def enter(browser: Browser, site: Site, username: str) -> BrowserContext:
    """Sign in by hand and return the context that is signed in; of several capacities the first is taken."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.address}/ledger/")
    page.fill("#id_username", username)
    page.fill("#id_password", "correct horse battery")
    page.click("main button")
    if "/capacity/" in page.url:
        page.click("main button")
    assert page.url == f"{site.address}/ledger/"
    page.close()
    return context


def pages_of(context: BrowserContext, site: Site, username: str) -> Crawl:
    """Return one address of every kind of page that this person can open, and the links that lead nowhere."""
    page = context.new_page()
    starts = (*STARTS, *site.alone.get(username, ()))
    found = crawl(page, base=site.address, starts=starts, skipped=(*NO_PAGES, "/static/"))
    page.close()
    return found


def faults(context: BrowserContext, site: Site, path: str, look: tuple[str, str, int]) -> list[str]:
    """Open a page in one look and return everything that one would not show."""
    language, theme, width = look
    context.add_cookies(
        [
            {"name": "mingjian_language", "value": language, "url": site.address},
            {"name": "mingjian_theme", "value": theme, "url": site.address},
        ]
    )
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(f"{path}: {error}"))
    page.on("console", lambda told: found.append(f"{path}: {told.text}") if _is_fault(told) else None)
    answer = page.goto(f"{site.address}{path}")
    page.wait_for_selector("main h1")
    scroll_width = page.evaluate("document.documentElement.scrollWidth")
    if scroll_width > width:
        found.append(f"{path}: {scroll_width} px wide at {width} ({look})")
    for violation in Axe().run(page, context=_READ).response["violations"]:
        found.append(f"{path}: {violation['id']} {[node['target'] for node in violation['nodes']]} ({look})")
    texts = page.evaluate(_TEXTS)
    if language == "en":
        left = set(re.findall(r"[一-鿿]{2,}", texts)) - ENTERED
    else:
        left = set(re.findall(r"(?<![\w./:-])[A-Za-z]{3,}(?![\w./:-])", texts)) - LATIN - set(PEOPLE)
    found += [f"{path}: not in the reader's language: {text}" for text in sorted(left)]
    # Nobody is signed in there, and a refusal explains itself.
    is_explained = path.startswith("/sign-in/") or answer is None or answer.status != 200
    if not is_explained and page.query_selector("details.help") is None:
        found.append(f"{path}: says nowhere what it is for; its words belong into console/help_texts.py")
    page.close()
    return found


def _is_fault(told: ConsoleMessage) -> bool:
    """Say whether a line of the browser's console is ours to mend; the media port is not served here."""
    is_media = "WebSocket" in told.text or "/leases" in told.text
    return told.type == "error" and not is_media and "status of 4" not in told.text


# Every page of every capacity: more work than any other test, and more with each page.
@pytest.mark.timeout(1200)
def test_every_page_is_fit_to_be_shown(site: Site) -> None:
    found: list[str] = []
    met: dict[tuple[str, str], tuple[BrowserContext, str]] = {}
    with opened_browser() as opened:
        for username in PEOPLE:
            context = enter(opened, site, username)
            crawled = pages_of(context, site, username)
            found += [f"{username}: {dead}" for dead in crawled.dead]
            for shape, path in crawled.pages.items():
                # The start of the day is another page for each; any other page is looked at once.
                met.setdefault((shape, username if shape == "/" else ""), (context, path))
            if username == "student":
                met["refusal", ""] = (context, "/wall/")
                met["nowhere", ""] = (context, "/nowhere/")
        for path in ("/sign-in/", "/sign-in/ldap/"):
            met[shape_of(path), ""] = (opened.new_context(), path)
        for look in LOOKS:
            for context, path in met.values():
                found += faults(context, site, path, look)

    assert "\n".join(found) == ""
    assert _pages() - {shape for shape, _ in met} == set(), (
        "no link led to these pages: let this test's site have what they show, or say in NO_PAGES why they are none"
    )


def _pages() -> set[str]:
    """Return the shapes of all routes that one can open."""
    web = [door for door in all_routes() if (door.port, door.kind) == ("web", "http") and "GET" in door.methods]
    return {shape_of(door.path) for door in web if not shape_of(door.path).startswith(tuple(NO_PAGES))}
