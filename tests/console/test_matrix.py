"""The permission matrix walked through pages, API and sockets: every action × every role, own and foreign.

Requests have the role of the web process and no scope but the one they enter, so that row-level security is walked too.

What a role may is in `regulation.matrix`; here stands only how each action is done, and for which roles what it is
about does not exist at all (404). Everybody else who is refused gets 403, the article of the cell, and an entry.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.console import deciding, leases
from mingjian.console.deciding import Want
from mingjian.console.migrating import apply_privileges
from mingjian.console.routes import all_routes
from mingjian.duty import usecases as duty
from mingjian.oversight import usecases as oversight
from mingjian.oversight.matters import Matter
from mingjian.oversight.usecases import Grievance
from mingjian.people import acts
from mingjian.people.capacity import Acting
from mingjian.people.models import Appointment, Person
from mingjian.registry.models import Camera
from mingjian.regulation.matrix import ROWS, Action, Cell, Verdict
from mingjian.regulation.posts import Post, Tier
from mingjian.regulation.roles import COLUMNS, Role
from mingjian.viewing import usecases as viewing
from mingjian.viewing.models import ViewingApplication, ViewingSession
from mingjian.viewing.usecases import IdCheck
from mingjian.viewing.words import Outcome

CLOCK = SystemClock()
HOUR_90K = 3600 * TICKS_PER_S
PASSWORD = "correct horse battery"
OWN = {
    Tier.OUTSIDE: "discipline-inspection",
    Tier.FIRST: "security-office",
    Tier.SECOND: "security-office-campus",
    Tier.THIRD: "library",
}
FOREIGN = {Tier.SECOND: "panjin-general-affairs", Tier.THIRD: "chemical-engineering"}
APART = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.INSPECTOR})
CHECK = {"id_kind": "campus_card", "id_last4": "0417", "is_pledged": True, "are_phones_away": True}
SEEN = IdCheck(kind="campus_card", last4="0417", is_pledged=True, are_phones_away=True)


@dataclass(frozen=True, slots=True)
class Who:
    """One account of the walk: a role, one of its posts, at home or elsewhere."""

    role: Role
    post: Post | None
    is_foreign: bool

    @property
    def username(self) -> str:
        return f"{self.role.value}-{'none' if self.post is None else self.post.value}-{int(self.is_foreign)}"


def everybody() -> Iterator[Who]:
    for role, column in COLUMNS.items():
        if role is Role.OUTSIDER:
            continue
        for post in column.posts or (None,):
            yield Who(role, post, is_foreign=False)
            if column.tier in FOREIGN:
                yield Who(role, post, is_foreign=True)


@dataclass(frozen=True, slots=True)
class Met:
    """What somebody met: "done", "refused" with articles, or "nothing there"."""

    outcome: str
    articles: frozenset[str] = frozenset()


DONE, NOTHING = Met("done"), Met("nothing there")


@pytest.fixture
def world(world: Any, hire: Callable[..., Person], register: Callable[..., Camera]) -> Any:
    """The same world with everybody in it and a camera of the library's; the operators are on shift."""
    apply_privileges()
    register(name="馆内大厅", building="图书馆", owner="library")
    for who in everybody():
        tier = COLUMNS[who.role].tier
        body = None if tier is None else (FOREIGN if who.is_foreign else OWN)[tier]
        held = () if who.post is None or body is None else ((who.post.value, body),)
        world.people[who.username] = hire(who.username, who.username, *held)
    for username, campus in (
        ("operator-operator-0", "lingshui"),
        ("operator-operator-1", "panjin"),
        ("unit_operator-operator-0", "lingshui"),
        ("unit_operator-operator-1", "lingshui"),
    ):
        duty.start_shift(acting=world.acting(username), campus=campus, actor=acts.SHELL, clock=CLOCK)
    world.rows = {
        "sent": world.applied(),
        "at unit": world.applied(unit="library"),
        "approved": world.approved(),
        "approved, of the unit": world.approved(unit="library"),
        "in session": world.approved(),
    }
    world.held = world.opened(world.rows["in session"])
    return world


@contextmanager
def undone() -> Iterator[None]:
    """Let the next one meet the same rows."""
    before = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)


@contextmanager
def as_the_web() -> Iterator[None]:
    """Give a request the role and the privileges it has in the product, and no scope before it enters its own."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE mingjian_web")
        cursor.execute("SET mingjian.scope = ''")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("RESET mingjian.scope")


def met(answer: Any) -> Met:
    """Read an answer of a page or of the API."""
    if answer.status_code in {200, 302}:
        assert not str(answer.headers.get("Location", "")).startswith("/sign-in/")
        return DONE
    if answer.status_code == 404:
        return NOTHING
    assert answer.status_code == 403, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    return Met("refused", frozenset(article["id"] for article in answer.json()["articles"]))


def page(client: Client, address: str, told: dict[str, Any] | None = None) -> Met:
    headers = {"Accept": "application/problem+json"}
    ticked = {name: "on" if value is True else value for name, value in (told or {}).items()}
    with as_the_web():
        if told is None:
            return met(client.get(address, headers=headers))
        return met(client.post(address, ticked, headers=headers))


def api(client: Client, address: str, told: dict[str, Any] | None = None) -> Met:
    with as_the_web():
        if told is None:
            return met(client.get(f"/api/v1/{address}"))
        return met(client.post(f"/api/v1/{address}", told, content_type="application/json"))


def socket(client: Client, *, session_id: str | None = None, camera_id: str = "") -> Met:
    """Ask for a lease, as the socket does for every want every two seconds."""
    want = Want("it", session_id=session_id, camera_ids=(camera_id,) if camera_id else ())
    deciding.issuer.cache_clear()
    key = str(client.cookies["mingjian_session"].value)
    with as_the_web():
        (answer,) = deciding.answer(session_key=key, wants=[want], language="zh-hans") or ({},)
    if "lease" in answer:
        return DONE
    if answer["refused"]["code"] == "console.not_found":
        return NOTHING
    return Met("refused", frozenset(answer["refused"]["articles"]))


# One way to do an action: it returns what was met.
Door = Callable[[Any, Who, Client], Met]


def dossier_of(world: Any, who: Who) -> ViewingApplication:
    """Return an application as far along as this role gets to see one, if it sees any."""
    if COLUMNS[who.role].tier is Tier.THIRD:
        row = "at unit"
    else:
        row = "approved" if who.role is Role.OPERATOR else "sent"
    return world.rows[row]  # type: ignore[no-any-return]


def decide_by_page(world: Any, who: Who, client: Client) -> Met:
    row = dossier_of(world, who)
    return page(client, f"/viewing-desk/{row.pk}/decide/", _decision(row))


def decide_by_api(world: Any, who: Who, client: Client) -> Met:
    row = dossier_of(world, who)
    return api(client, f"desk/applications/{row.pk}/decide/", _decision(row))


def _decision(row: ViewingApplication) -> dict[str, Any]:
    return {"version": ViewingApplication.objects.get(pk=row.pk).version, "outcome": "approved"}


def forward_by_page(world: Any, who: Who, client: Client) -> Met:
    row = world.rows["approved" if who.role is Role.OPERATOR else "at unit"]
    return page(client, f"/viewing-desk/{row.pk}/forward/", {"version": _decision(row)["version"]})


def forward_by_api(world: Any, who: Who, client: Client) -> Met:
    row = world.rows["approved" if who.role is Role.OPERATOR else "at unit"]
    return api(client, f"desk/applications/{row.pk}/forward/", {"version": _decision(row)["version"]})


def apply_by_page(world: Any, who: Who, client: Client) -> Met:
    civil = {"start": "2026-01-01T08:00", "end": "2026-01-01T09:00", "place": "lingshui|校门", "step": "4"}
    return page(client, "/viewings/apply/", {**_wish(), **civil})


def apply_by_api(world: Any, who: Who, client: Client) -> Met:
    now_90k = CLOCK.utc()
    span = {"start_90k": now_90k - 2 * HOUR_90K, "end_90k": now_90k - HOUR_90K}
    return api(client, "applications/submit/", {**_wish(), **span, "campus": "lingshui", "building": "校门"})


def _wish() -> dict[str, Any]:
    return {"incident_kind": "theft", "reason": "失窃", "phone": "138", "is_true": True, "is_pledged": True}


def object_by_page(world: Any, who: Who, client: Client) -> Met:
    row = _refused_row(world, by=who.username)
    return page(client, f"/viewings/{row.pk}/object/", {"version": row.version, "reason": "已报案"})


def object_by_api(world: Any, who: Who, client: Client) -> Met:
    row = _refused_row(world, by=who.username)
    return api(client, f"applications/{row.pk}/object/", {"version": row.version, "reason": "已报案"})


def review_by_page(world: Any, who: Who, client: Client) -> Met:
    row = _objected_row(world, who)
    return page(client, f"/viewing-desk/{row.pk}/review/", _answer(row))


def review_by_api(world: Any, who: Who, client: Client) -> Met:
    row = _objected_row(world, who)
    return api(client, f"desk/applications/{row.pk}/review/", _answer(row))


def _refused_row(world: Any, *, by: str) -> ViewingApplication:
    row = world.applied(by=by)
    world.decide(row, Outcome.REFUSED, by=_decider_for(by))
    return ViewingApplication.objects.get(pk=row.pk)


def _decider_for(applicant: str) -> str:
    """Who is free to decide: not oneself, and for the head of the campus's body or above, tier 1."""
    is_head = applicant.startswith((Role.PRINCIPAL.value, Role.SCHOOL_PRINCIPAL.value)) and applicant.endswith("-0")
    if is_head:
        return Who(Role.SUPERVISOR, Post.MANAGER, is_foreign=False).username
    return "decider" if applicant != "decider" else "reviewer-reviewer-0"


def _objected_row(world: Any, who: Who) -> ViewingApplication:
    """Return one whose refusal was objected to; for tier 1 the body is left with who refused."""
    if COLUMNS[who.role].tier is Tier.THIRD:
        return world.rows["at unit"]  # type: ignore[no-any-return]
    if who.role is Role.OPERATOR:
        return world.rows["approved"]  # type: ignore[no-any-return]
    row = _refused_row(world, by="victim")
    viewing.object_to_refusal(
        application=row,
        version=row.version,
        reason="已报案",
        acting=Acting(world.people["victim"], None, ()),
        clock=CLOCK,
    )
    if COLUMNS[who.role].tier is Tier.FIRST:
        others = Appointment.objects.filter(body=OWN[Tier.SECOND]).exclude(person=world.people["decider"])
        others.update(until_90k=CLOCK.utc())
    return ViewingApplication.objects.get(pk=row.pk)


def _answer(row: ViewingApplication) -> dict[str, Any]:
    return {**_decision(row), "outcome": "reopened", "reason": "另有回执"}


def conduct_by_page(world: Any, who: Who, client: Client) -> Met:
    return page(client, f"/viewing-desk/{world.rows['approved, of the unit'].pk}/open/", {})


def conduct_by_api(world: Any, who: Who, client: Client) -> Met:
    return api(client, f"desk/applications/{world.rows['approved, of the unit'].pk}/open/", {})


def conduct_without_ticket_by_page(world: Any, who: Who, client: Client) -> Met:
    return page(client, f"/viewing-desk/{world.rows['in session'].pk}/open/", {})


def conduct_without_ticket_by_api(world: Any, who: Who, client: Client) -> Met:
    return api(client, f"desk/applications/{world.rows['in session'].pk}/open/", {})


def allow_more_by_page(world: Any, who: Who, client: Client) -> Met:
    return page(client, f"/viewing-sessions/{world.held.pk}/exception/", {"limit": 4, "reason": "一家四口"})


def settle_hold_by_page(world: Any, who: Who, client: Client) -> Met:
    row = world.rows["sent"]
    told = {"holds": [str(hold.pk) for hold in row.holds.all()], "outcome": "kept", "reason": "复核", "keep_days": 7}
    return page(client, f"/viewing-holds/{row.pk}/", told)


def see_footage_by_socket(world: Any, who: Who, client: Client) -> Met:
    if who.role in APART:
        return socket(client, session_id=str(_issued(world.people[who.username]).pk))
    return socket(client, session_id=str(_held_for(world, who).pk))


def see_footage_by_page(world: Any, who: Who, client: Client) -> Met:
    if who.role in APART:
        return page(client, f"/playback/{_issued(world.people[who.username]).pk}/")
    return page(client, f"/viewing-sessions/{_held_for(world, who).pk}/")


def _held_for(world: Any, who: Who) -> ViewingSession:
    """Return a session that this operator conducts at home, and somebody else's elsewhere."""
    if who.is_foreign:
        return world.held  # type: ignore[no-any-return]
    return world.opened(world.rows["approved"], by=who.username)  # type: ignore[no-any-return]


def see_footage_of_another_by_socket(world: Any, who: Who, client: Client) -> Met:
    return socket(client, session_id=str(world.held.pk))


def see_footage_of_another_by_api(world: Any, who: Who, client: Client) -> Met:
    return api(client, f"sessions/{world.held.pk}/")


def _issued(person: Person) -> ViewingSession:
    now_90k = CLOCK.utc()
    return viewing.issue_session(
        person=person,
        cameras=list(Camera.objects.filter(campus="lingshui")),
        start_90k=now_90k - HOUR_90K,
        end_90k=now_90k,
        purpose="失窃",
        valid_until_90k=now_90k + HOUR_90K,
        issued_by=None,
        actor=acts.SHELL,
        clock=CLOCK,
    )


def sit_in_the_room(world: Any, who: Who, client: Client) -> Met:
    """See footage as its applicant does: beside the operator, who lets the person in."""
    row = world.approved(by=who.username, decider=_decider_for(who.username))
    held = world.showing(row)
    return page(world.client("guard"), f"/viewing-sessions/{held.pk}/admit/", {**CHECK, "application": str(row.pk)})


def sit_without_ticket(world: Any, who: Who, client: Client) -> Met:
    row = world.applied(by=who.username)
    ViewingApplication.objects.filter(pk=row.pk).update(stage="completed")
    return api(world.client("guard"), f"desk/applications/{row.pk}/open/", {})


def watch_live_by_page(world: Any, who: Who, client: Client) -> Met:
    return page(client, "/wall/")


def watch_live_by_socket(world: Any, who: Who, client: Client) -> Met:
    own = Camera.objects.get(owner="library") if who.role in UNITS else world.camera
    return socket(client, camera_id=str(own.pk))


def complain_by_page(world: Any, who: Who, client: Client) -> Met:
    told = {"conduct": "A14.c", "body": "chemical-engineering", "text": "不协助申请人"}
    return page(client, "/complaints/new/", told)


def handle_complaint_by_page(world: Any, who: Who, client: Client) -> Met:
    """Take up a complaint about a unit, and for inspection one about the office that is tier 1."""
    body = OWN[Tier.FIRST] if who.role is Role.INSPECTOR else "chemical-engineering"
    row = oversight.complain(
        grievance=Grievance(conduct="A14.c", body=body, person_id="", subject="", text="不协助申请人"),
        acting=Acting(world.people["victim"], None, ()),
        clock=CLOCK,
    )
    return page(client, f"/complaints/{row.pk}/handle/", {"step": "accept", "version": 1})


def inquire_by_page(world: Any, who: Who, client: Client) -> Met:
    seq = sequenced()
    return page(client, "/inquiries/new/", {"about": f"entry:{seq}", "body": "library", "question": "为什么？"})


def answer_inquiry_by_page(world: Any, who: Who, client: Client) -> Met:
    """Answer what was put to the own body: to the home one, for who acts for none."""
    tier = COLUMNS[who.role].tier
    body = OWN[Tier.SECOND] if tier is None else OWN[tier]
    row = oversight.ask(
        matter=Matter("entry:1/1", "1", body, ""),
        body=body,
        is_about_conduct=False,
        question="为什么？",
        acting=world.acting("auditor-audit_administrator-0"),
        clock=CLOCK,
    )
    return page(client, f"/inquiries/{row.pk}/act/", {"step": "answer", "version": 1, "text": "已核对"})


def sequenced() -> int:
    """Give pending acts their place and return the number of the newest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_sequence(1, 1000)")
        cursor.execute("SELECT max(seq) FROM ledger_entry")
        return int(cursor.fetchone()[0])


DOORS: dict[Action, tuple[Door, ...]] = {
    Action.WATCH_LIVE: (watch_live_by_page, watch_live_by_socket),
    Action.APPLY: (apply_by_page, apply_by_api),
    Action.FORWARD: (forward_by_page, forward_by_api),
    Action.DECIDE: (decide_by_page, decide_by_api),
    Action.OBJECT: (object_by_page, object_by_api),
    Action.REVIEW: (review_by_page, review_by_api),
    Action.CONDUCT: (conduct_by_page, conduct_by_api),
    Action.ALLOW_MORE: (allow_more_by_page,),
    Action.SETTLE_HOLD: (settle_hold_by_page,),
    Action.COMPLAIN: (complain_by_page,),
    Action.HANDLE_COMPLAINT: (handle_complaint_by_page,),
    Action.INQUIRE: (inquire_by_page,),
    Action.ANSWER_INQUIRY: (answer_inquiry_by_page,),
}
WITHOUT_TICKET: dict[Action, tuple[Door, ...]] = {
    Action.CONDUCT: (conduct_without_ticket_by_page, conduct_without_ticket_by_api),
}
# Walked by tests of their own below: who sees what, rather than one door that opens or not.
OTHERWISE = {Action.SEE_FOOTAGE, Action.READ_LEDGER}

NOBODY_ELSES = frozenset({Role.MEMBER, *APART})
UNITS = frozenset({Role.UNIT_OPERATOR, Role.UNIT_MANAGER})
# For whom the thing does not exist even at home: an application of somebody else, a session, a hold.
BEYOND: dict[Action, frozenset[Role]] = {
    Action.WATCH_LIVE: frozenset(),
    Action.APPLY: frozenset(),
    Action.FORWARD: NOBODY_ELSES,
    Action.DECIDE: NOBODY_ELSES,
    Action.OBJECT: frozenset(),
    Action.REVIEW: NOBODY_ELSES,
    Action.CONDUCT: NOBODY_ELSES,
    Action.ALLOW_MORE: NOBODY_ELSES | UNITS,
    Action.SETTLE_HOLD: NOBODY_ELSES | UNITS,
    Action.COMPLAIN: frozenset(),
    Action.HANDLE_COMPLAINT: frozenset(Role) - {Role.SUPERVISOR, Role.SCHOOL_PRINCIPAL, Role.INSPECTOR},
    Action.INQUIRE: frozenset(Role) - {Role.AUDITOR},
    # The auditor sees the query and is refused the answer to it.
    Action.ANSWER_INQUIRY: frozenset(
        {Role.MEMBER, Role.UNIT_OPERATOR, Role.OPERATOR, Role.REVIEWER, Role.ADMINISTRATOR}
    ),
}
# Actions about oneself, which have no elsewhere.
ANYWHERE = {Action.APPLY, Action.OBJECT, Action.COMPLAIN}
# What the page of one's own campus shows cannot be foreign.
OWN_PAGE = {watch_live_by_page}


def test_every_row_has_its_walk() -> None:
    offered = {action for action, row in ROWS.items() if row.is_offered}
    assert set(DOORS) | OTHERWISE == offered
    assert set(BEYOND) == set(DOORS)


def expected(action: Action, who: Who, door: Door) -> Met:
    cell: Cell = ROWS[action].cells[who.role]
    is_elsewhere = who.is_foreign and action not in ANYWHERE and door not in OWN_PAGE
    if who.role in BEYOND[action]:
        return NOTHING
    if action is Action.APPLY and who.is_foreign and COLUMNS[who.role].tier is Tier.SECOND:
        # A body applies for its own work; the campus is named by the applicant, so that naming another is refused.
        return Met("refused", frozenset({"A07.2.0"}))
    if is_elsewhere and (cell.verdict is not Verdict.REFUSED or action is not Action.WATCH_LIVE):
        return NOTHING
    return Met("refused", frozenset({cell.rule.id})) if cell.verdict is Verdict.REFUSED else DONE


def refusals_since(number: int) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM ledger_pending WHERE id > %s ORDER BY id", [number])
        written = [json.loads(bytes(body)) for (body,) in cursor.fetchall()]
    return [act for act in written if act["kind"].endswith(".refused")]


def last_entry() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM ledger_pending")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("action", DOORS)
def test_each_role_meets_what_its_cell_says(action: Action, world: Any) -> None:
    differences = []
    for who in everybody():
        client = world.client(who.username)
        for door in DOORS[action]:
            with undone():
                before = last_entry()
                found, wanted = door(world, who, client), expected(action, who, door)
                refusals = refusals_since(before)
                is_socket = door.__name__.endswith("_by_socket")
                # The socket tells articles as they are cited, and its refusals are no acts: it asks every two seconds.
                is_right = found.outcome == wanted.outcome and (is_socket or wanted.articles <= found.articles)
                is_told = is_socket or len(refusals) == (wanted.outcome == "refused")
                if not (is_right and is_told):
                    differences.append((who.username, door.__name__, wanted, found, len(refusals)))
                for act in refusals:
                    assert act["actor"]["id"] == str(world.people[who.username].pk)
    assert differences == []


async def asked(session_key: str, **want: Any) -> Met:
    """Open the lease socket itself, as a browser does, and return what its first answer says."""
    told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    headers = {"host": "localhost:8000", "origin": "http://localhost:8000", "cookie": f"mingjian_session={session_key}"}
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "websocket", "path": "/leases", "scheme": "ws", "headers": encoded}
    await told.put({"type": "websocket.connect"})
    await told.put({"type": "websocket.receive", "text": json.dumps({"want": [want]})})
    serving = asyncio.create_task(leases.serve(scope, told.get, heard.put))
    event = await asyncio.wait_for(heard.get(), 20)
    while event["type"] != "websocket.send":
        assert event["type"] == "websocket.accept", event
        event = await asyncio.wait_for(heard.get(), 20)
    await told.put({"type": "websocket.disconnect", "code": 1000})
    await asyncio.wait_for(serving, 20)
    answer = json.loads(event["text"])
    if "lease" in answer:
        return DONE
    return NOTHING if answer["refused"]["code"] == "console.not_found" else Met("refused")


@pytest.mark.django_db(transaction=True)
@pytest.mark.article("A18.2")
def test_lease_socket_itself_gives_each_role_what_its_cell_says(world: Any) -> None:
    """Live view of the own area, and a session that somebody else conducts, with committed rows and its own threads."""
    library = Camera.objects.get(owner="library")
    differences = []
    for who in everybody():
        world.client(who.username)
    keys = {who: str(world.clients[who.username].cookies["mingjian_session"].value) for who in everybody()}
    deciding.issuer.cache_clear()

    async def walk() -> None:
        for who, key in keys.items():
            camera = library if who.role in UNITS else world.camera
            live = await asked(key, kind="live", cameras=[str(camera.pk)])
            if live.outcome != expected(Action.WATCH_LIVE, who, watch_live_by_socket).outcome:
                differences.append((who.username, "live", live))
            foreign = await asked(key, kind="viewing", id=str(world.held.pk))
            if foreign != NOTHING:
                differences.append((who.username, "viewing", foreign))

    asyncio.run(walk())
    assert differences == []


@pytest.mark.article("A15.1.4a")
@pytest.mark.article("A14.b")
def test_footage_is_seen_with_a_ticket_only(world: Any) -> None:
    """The operator plays what was approved; its applicant sits beside; nobody else has a picture, in any capacity."""
    differences = []
    world.client("guard")
    for who in everybody():
        client, cell = world.client(who.username), ROWS[Action.SEE_FOOTAGE].cells[who.role]
        walk: dict[Door, Met] = dict.fromkeys(
            (see_footage_of_another_by_socket, see_footage_of_another_by_api), NOTHING
        )
        if who.role in APART:
            walk |= dict.fromkeys((see_footage_by_page, see_footage_by_socket), _refused(cell))
        elif who.role is Role.OPERATOR:
            met_there = NOTHING if who.is_foreign else DONE
            walk |= dict.fromkeys((see_footage_by_page, see_footage_by_socket), met_there)
        else:
            assert cell.verdict is Verdict.TICKET
            walk |= {sit_in_the_room: DONE, sit_without_ticket: _refused(cell)}
        for door, wanted in walk.items():
            with undone():
                found = door(world, who, client)
            is_cited = door.__name__.endswith("_by_socket") or wanted.articles <= found.articles
            if found.outcome != wanted.outcome or not is_cited:
                differences.append((who.username, door.__name__, wanted, found))
    assert differences == []


def _refused(cell: Cell) -> Met:
    return Met("refused", frozenset({cell.rule.id}))


LEDGERS = {
    Role.MEMBER: "own",
    Role.UNIT_OPERATOR: "unit",
    Role.UNIT_MANAGER: "unit",
    Role.OPERATOR: "campus",
    Role.REVIEWER: "campus",
    Role.PRINCIPAL: "campus",
    Role.SUPERVISOR: "all",
    Role.SCHOOL_PRINCIPAL: "all",
    Role.AUDITOR: "all",
}


@pytest.mark.article("A07.1.3b")
def test_ledger_shows_each_role_its_part(world: Any) -> None:
    cameras = {camera.name: f"camera:{camera.pk}" for camera in Camera.objects.all()}
    clients = {who: world.client(who.username) for who in everybody()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_sequence(1, 1000)")
    differences = []
    for who, client in clients.items():
        reach = LEDGERS.get(who.role, "own")
        wanted = {
            "own": set(),
            "unit": set() if who.is_foreign else {"馆内大厅"},
            "campus": {"盘锦东门"} if who.is_foreign else {"南门", "馆内大厅"},
            "all": set(cameras),
        }[reach]
        with as_the_web():
            told = client.get("/api/v1/ledger/entries/?kind=registry.camera_registered").json()["items"]
            told += client.get("/api/v1/ledger/entries/?kind=people.signed_in").json()["items"]
            listing = client.get("/ledger/?kind=registry.camera_registered").content.decode()
        subjects = {entry["subject"] for entry in told}
        by_api = {name for name, subject in cameras.items() if subject in subjects}
        by_page = {name for name in cameras if name in listing}
        has_own = f"person:{world.people[who.username].pk}" in subjects
        if not (by_api == by_page == wanted and has_own):
            differences.append((who.username, wanted, by_api, by_page, has_own))
    assert differences == []


@pytest.mark.article("A13.b")
def test_no_door_stops_recording_or_shortens_retention(world: Any) -> None:
    """There is nothing to press: no door takes anything but GET and POST, and none below cameras takes a POST."""
    for door in all_routes():
        assert set(door.methods) <= {"GET", "POST"}
    address = f"/api/v1/cameras/{world.camera.pk}/"
    for who in everybody():
        client = world.client(who.username)
        for method in ("post", "put", "patch", "delete"):
            assert getattr(client, method)(address).status_code == 405


def test_outsider_has_no_door_at_all(world: Any) -> None:
    client = Client()
    for door in all_routes():
        if (door.port, door.kind) != ("web", "http") or door.rule == "anyone":
            continue
        answer = client.generic(door.methods[0], door.path.replace("<int:seq>", "1"))
        wanted = 401 if door.path.startswith("/api/") else 302
        assert (answer.status_code, answer.headers.get("Location", "/sign-in/")[:9]) == (wanted, "/sign-in/")
    assert deciding.answer(session_key="0" * 32, wants=[], language="en") is None
