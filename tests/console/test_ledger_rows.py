"""The ledger as rows: one visit of the wall is one row, days are headed, and a filter finds what was asked for."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from mingjian.base.clock import SimulatedClock
from mingjian.base.ticks import TICKS_PER_S, Ticks90k, parse_iso
from mingjian.console import ledger_rows, ledger_scope, ledger_words
from mingjian.console.ledger_filter import Filter
from mingjian.console.ledger_scope import Scope
from mingjian.ledger.append import Entry
from mingjian.ledger.leaves import Leaf
from mingjian.people import acts
from mingjian.people.capacity import Acting
from mingjian.people.models import Person

NOON = parse_iso("2026-11-22T12:00:00+08:00")


def leaf(seq: int, kind: str, *, at_90k: int, grant: str = "", articles: tuple[str, ...] = ()) -> Leaf:
    entry = Entry(
        kind=kind,
        actor_id="p",
        actor_name="",
        capacity="duty_live",
        subject="camera:c",
        at_90k=Ticks90k(at_90k),
        via="streaming",
        articles=articles,
        facts={"grant": grant},
    )
    return Leaf(shard=1, seq=seq, received_at_90k=Ticks90k(at_90k), writer="w", entry=entry, is_signed=True)


def visit(*, first_seq: int, at_90k: int, grant: str) -> list[Leaf]:
    """Eight pictures opened, and ended a minute later."""
    opened = [leaf(first_seq + place, "media.opened", at_90k=at_90k, grant=grant) for place in range(8)]
    end_90k = at_90k + 60 * TICKS_PER_S
    closed = [leaf(first_seq + 8 + place, "media.closed", at_90k=end_90k, grant=grant) for place in range(8)]
    return [*opened, *closed]


def rows_of(leaves: list[Leaf]) -> list[ledger_rows.Row]:
    newest_first = sorted(leaves, key=lambda one: one.seq, reverse=True)
    return [row for day in ledger_rows.days(newest_first, names={}, bodies={}) for row in day.rows]


def test_one_visit_of_the_wall_is_one_row_even_when_others_act_meanwhile() -> None:
    others = [leaf(100, "people.signed_in", at_90k=NOON + 90 * TICKS_PER_S)]

    rows = rows_of([*visit(first_seq=1, at_90k=NOON, grant="a"), *others])

    assert [(row.line.leaf.seq, row.opened, row.closed) for row in rows if row.folded] == [(16, 8, 8)]
    assert len(rows) == 2


def test_visits_of_different_grants_and_of_later_hours_stay_apart() -> None:
    hour_90k = 3600 * TICKS_PER_S
    leaves = [
        *visit(first_seq=0, at_90k=NOON, grant="a"),
        *visit(first_seq=20, at_90k=NOON, grant="b"),
        *visit(first_seq=40, at_90k=NOON + hour_90k, grant="a"),
    ]

    assert [len(row.folded) for row in rows_of(leaves)] == [16, 16, 16]


def test_two_pictures_are_not_folded() -> None:
    rows = rows_of(visit(first_seq=0, at_90k=NOON, grant="a")[7:9])

    assert [row.folded for row in rows] == [(), ()]


def test_entries_stand_under_the_day_they_arrived() -> None:
    midnight = parse_iso("2026-11-23T00:00:00+08:00")
    leaves = [
        leaf(2, "people.signed_in", at_90k=midnight),
        leaf(1, "people.signed_in", at_90k=midnight - 1),
    ]

    assert [day.date.isoformat() for day in ledger_rows.days(leaves, names={}, bodies={})] == [
        "2026-11-23",
        "2026-11-22",
    ]


@pytest.mark.parametrize(
    ("wanted", "cited", "is_taken"),
    [
        ("A15", ("A15.1.2",), True),
        ("A15.1.2", ("A15.1.2",), True),
        ("A1", ("A15.1.2",), False),
        ("A14", ("A14.b",), True),
        ("A15", (), False),
    ],
)
def test_an_article_takes_what_lies_under_it(wanted: str, cited: tuple[str, ...], *, is_taken: bool) -> None:
    assert Filter(article=wanted).takes(leaf(1, "people.refused", at_90k=NOON, articles=cited)) is is_taken


@pytest.mark.django_db
@pytest.mark.parametrize("query", ({"day": "2026-13-40"}, {"day": "9999-12-31"}, {"day": "0001-01-01"}, {"kind": "x'"}))
def test_a_senseless_filter_asks_for_nothing(query: dict[str, str]) -> None:
    assert Filter.parse(query, kinds=ledger_words.KINDS) == Filter()


@pytest.mark.django_db
def test_a_day_holds_what_arrived_on_it_and_nothing_else(
    operator: Person, clock: SimulatedClock, act_as: Callable[[Person], Acting], client: Client
) -> None:
    actor = acts.of(act_as(operator))
    for number in range(5):
        acts.record(kind="duty.shift_started", actor=actor, subject=f"shift:{number}", facts={}, at_90k=clock.utc())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_sequence(1, 1000)")
    scope = Scope.of(act_as(operator))
    today = ledger_rows.days(
        ledger_scope.read_page(scope=scope, before_seq=None, wanted=Filter()).leaves, names={}, bodies={}
    )[0].date

    of_today = ledger_scope.read_page(scope=scope, before_seq=None, wanted=Filter(day=today))
    of_yesterday = ledger_scope.read_page(
        scope=scope, before_seq=None, wanted=Filter.parse({"day": "2020-01-01"}, kinds={})
    )

    assert sum(leaf.entry.kind == "duty.shift_started" for leaf in of_today.leaves) == 5
    assert of_yesterday.leaves == ()


@pytest.mark.django_db
def test_an_entry_opens_whole_for_its_reader_and_for_nobody_else(
    operator: Person, outsider: Person, client: Client
) -> None:
    client.post("/sign-in/", {"username": "zhang", "password": "correct horse battery"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_sequence(1, 1000)")
        cursor.execute("SELECT max(seq) FROM ledger_entry WHERE ledger_kind(body) = 'people.signed_in'")
        seq = cursor.fetchone()[0]

    assert "people.signed_in" in client.get(f"/ledger/{seq}/").content.decode()
    assert f"/ledger/{seq}/" in client.get("/search/", {"q": str(seq)}).content.decode()
    assert client.get("/ledger/?after=0", headers={"HX-Request": "true"}).status_code == 200

    client.post("/sign-out/")
    client.post("/sign-in/", {"username": "zhao", "password": "correct horse battery"})
    assert client.get(f"/ledger/{seq}/").status_code == 404
    assert f"/ledger/{seq}/" not in client.get("/search/", {"q": str(seq)}).content.decode()
