"""Pages in a real browser: axe finds nothing, nothing scrolls sideways, nothing breaks the policy."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import product

import pytest
from django.db import connection
from playwright.sync_api import StorageState

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.console.routes import all_routes
from mingjian.duty import usecases as duty
from mingjian.host.home import Home
from mingjian.oversight import usecases as oversight
from mingjian.oversight.matters import Matter
from mingjian.oversight.usecases import Grievance
from mingjian.people import acts, leavers, leaving
from mingjian.people.capacity import Acting
from mingjian.people.importing import usecases as importing
from mingjian.people.importing.kinds import Kind
from mingjian.people.models import Person
from mingjian.registry.models import Camera
from mingjian.viewing import usecases as viewing
from mingjian.viewing.models import ViewingApplication
from mingjian.viewing.words import Outcome
from tools.apart import apart
from tools.crawling import shape_of
from tools.looks import Look, look_at, walk

pytestmark = pytest.mark.django_db(transaction=True)
HOUR_90K = 3600 * TICKS_PER_S
# How many browsers look at a time.
AT_ONCE = 2
NOBODY = ""
PASSWORD = "correct horse battery"
# Language, theme and width do not depend on one another: two looks meet every value of each. Whoever wants pictures to
# look at (MINGJIAN_PICTURES names a folder for them) gets every look there is.
LOOKS: tuple[Look, ...] = (("zh-hans", "light", 1440), ("en", "dark", 360))
if "MINGJIAN_PICTURES" in os.environ:
    LOOKS = tuple(product(("zh-hans", "en"), ("light", "dark"), (1440, 390)))


# Somebody of every kind of capacity, by username.
PEOPLE: dict[str, tuple[tuple[str, str], ...]] = {
    "duty": (("operator", "security-office-campus"),),
    "student": (),
    "judge": (("reviewer", "security-office-campus"),),
    "library": (("manager", "library"),),
    "keeper": (("safety_responsible", "library"),),
    "tierone": (("manager", "security-office"),),
    "system": (("system_administrator", "security-office"),),
    "security": (("security_administrator", "security-office"),),
    "audit": (("audit_administrator", "security-office"),),
    "inspect": (("discipline_inspector", "discipline-inspection"),),
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
    "/people/import-templates/": "a template to fill in, a file",
}
SKIPPED = (*NO_PAGES, "/static/")


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
    for body in ("library", "security-office"):
        oversight.complain(
            grievance=Grievance(conduct="A14.c", body=body, person_id="", subject="", text="自行车失窃"),
            acting=acting["student"],
            clock=clock,
        )
    for body, is_about_conduct in (("library", False), ("security-office", True)):
        oversight.ask(
            matter=Matter("entry:1/1", "1", body, ""),
            body="",
            is_about_conduct=is_about_conduct,
            question="自行车失窃",
            acting=acting["audit"],
            clock=clock,
        )
    closed = hire("gone", "某人", ("operator", "library"))
    leaving.leave(person=closed, list_sha256="", actor=acts.SHELL, clock=clock)
    gone = "".join(f"{username},2026-11-22\n" for username in PEOPLE)
    table = "用户名,姓名\ns1,=1+1\ns1,<1>\n".encode()
    leavers.take(f"用户名,离校日期\n{gone}x,2026-13-01\n".encode(), clock=clock)
    importing.attempt(content=table, kind=Kind.PEOPLE, acting=acting["system"], clock=clock)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_sequence(1, 1000)")
    alone = {
        "duty": (f"/playback/{session.pk}/",),
        "student": ("/wall/", f"/viewings/{sent[2].pk}/", "/prove/", "/factors/passkey/"),
        "system": (f"/people/{closed.pk}/closed/",),
        "judge": (f"/viewing-desk/{sent[3].pk}/",),
    }
    with serving(home):
        yield Site(f"http://127.0.0.1:{home.port}", alone)


@pytest.mark.timeout(1200)
def test_every_page_is_fit_to_be_shown(site: Site) -> None:
    found: list[str] = []
    # By shape: whose page it is, and where. A start of the day is another page for each; any other is looked at once.
    met: dict[tuple[str, str], tuple[str, str]] = {}
    states: dict[str, StorageState | None] = {NOBODY: None}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        walks = [
            threads.submit(
                apart, walk, site.address, username, PASSWORD, (*STARTS, *site.alone.get(username, ())), SKIPPED
            )
            for username in PEOPLE
        ]
        for username, walked in zip(PEOPLE, walks, strict=True):
            states[username], crawled = walked.result()
            found += [f"{username}: {dead}" for dead in crawled.dead]
            for shape, path in crawled.pages.items():
                met.setdefault((shape, username if shape == "/" else ""), (username, path))
        met["refusal", ""], met["nowhere", ""] = ("student", "/wall/"), ("student", "/nowhere/")
        for path in ("/sign-in/", "/sign-in/ldap/"):
            met[shape_of(path), ""] = (NOBODY, path)
        looked = [
            threads.submit(apart, look_at, site.address, states[whose], paths, look)
            for whose in states
            for look in LOOKS
            if (paths := tuple(path for owner, path in met.values() if owner == whose))
        ]
        found += [fault for look in looked for fault in look.result()]

    assert "\n".join(sorted(found)) == ""
    assert _pages() - {shape for shape, _ in met} == set(), (
        "no link led to these pages: let this test's site have what they show, or say in NO_PAGES why they are none"
    )


def _pages() -> set[str]:
    """Return the shapes of all routes that one can open."""
    web = [door for door in all_routes() if (door.port, door.kind) == ("web", "http") and "GET" in door.methods]
    return {shape_of(door.path) for door in web if not shape_of(door.path).startswith(tuple(NO_PAGES))}
