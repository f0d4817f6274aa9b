"""What was shown, as the receipts tell it: over all shards, and never "nothing" where not everything was read."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from mingjian.base.ticks import Ticks90k
from mingjian.ledger.append import Entry, append
from mingjian.ledger.leaves import UNREADABLE_KIND
from mingjian.viewing import served
from mingjian.viewing.served import ServedSpan

pytestmark = pytest.mark.django_db
Close = Callable[..., None]


@pytest.fixture
def close(db: None) -> Close:
    """Write receipts of one grant and give them their places in a shard."""

    def write(grant: str, *spans: tuple[int, int], shard: int) -> None:
        with connection.cursor() as cursor:
            for start_90k, end_90k in spans:
                facts: dict[str, Any] = {"grant": grant, "served_90k": ((start_90k, end_90k),)}
                append(
                    cursor,
                    entry=Entry(
                        kind=served.CLOSED,
                        actor_id="",
                        actor_name="",
                        capacity="",
                        subject="camera:c1",
                        at_90k=Ticks90k(0),
                        via="media",
                        facts=facts,
                    ),
                )
            cursor.execute("SELECT count(*) FROM ledger_sequence(%s, 1000)", [shard])

    return write


def test_receipts_of_an_older_shard_are_read(close: Close) -> None:
    close("old", (10, 20), (20, 30), shard=1)
    close("new", (50, 60), shard=2)

    read = served.spans_of(grant_ids=["old", "new", "none"], since_90k=0)

    assert read.spans == {"old": [ServedSpan("c1", 10, 30)], "new": [ServedSpan("c1", 50, 60)], "none": []}
    assert read.since_90k == 0


def test_what_was_not_read_is_not_called_nothing(close: Close, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served, "MOST_READ", 3)
    monkeypatch.setattr(served, "_STEP", 2)
    close("old", (10, 20), shard=1)
    close("new", (50, 60), (70, 80), shard=1)
    close("newest", (1, 2), shard=2)

    read = served.spans_of(grant_ids=["old", "new"], since_90k=0)
    assert (read.spans["old"], len(read.spans["new"])) == ([], 2)
    assert read.since_90k > 0

    monkeypatch.setattr(served, "MOST_READ", 4)
    read = served.spans_of(grant_ids=["old", "new"], since_90k=0)
    assert (read.spans["old"], read.since_90k) == ([ServedSpan("c1", 10, 20)], 0)


def test_damaged_receipt_is_not_nothing(close: Close, monkeypatch: pytest.MonkeyPatch) -> None:
    close("old", (10, 20), (30, 40), shard=1)
    (newest, damaged) = list(served._receipts())
    unreadable = replace(damaged, received_at_90k=Ticks90k(0), entry=replace(damaged.entry, kind=UNREADABLE_KIND))
    monkeypatch.setattr(served, "_receipts", lambda: iter([newest, unreadable]))

    read = served.spans_of(grant_ids=["old"], since_90k=1)

    assert read == served.Read({"old": [ServedSpan("c1", 30, 40)]}, newest.received_at_90k + 1)


def test_register_says_that_it_could_not_read_everything(
    walk: Any, close: Close, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = walk.shown(walk.approved())
    monkeypatch.setattr(served, "MOST_READ", 1)
    close("another", (1, 2), (3, 4), shard=1)
    session.issued_at_90k = 0

    assert served.shown_in([session])[session.pk] == served.Shown(spans=[], is_complete=False)
    type(session).objects.filter(pk=session.pk).update(issued_at_90k=0)
    client.post("/sign-in/", {"username": "zhang", "password": "correct horse battery"})
    page = client.get("/viewing-register/").content.decode()
    assert "未能读全" in page
    assert "没有出示画面" not in page

    monkeypatch.setattr(served, "MOST_READ", 2)
    assert served.shown_in([session])[session.pk] == served.Shown(spans=[], is_complete=True)
    assert "没有出示画面" in client.get("/viewing-register/").content.decode()
