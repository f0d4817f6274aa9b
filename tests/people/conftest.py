"""A clock that stands still, an operator, and a look at what was written for the ledger."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from mingjian.base.clock import SimulatedClock
from mingjian.base.ticks import parse_iso
from mingjian.grants import sealing
from mingjian.ledger import payload
from mingjian.people.capacity import Acting, first_capacity
from mingjian.people.models import Person


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(parse_iso("2026-11-22T08:00:00+08:00"))


@pytest.fixture
def operator(hire: Callable[..., Person], clock: SimulatedClock) -> Person:
    return hire("zhang", "张工", ("operator", "security-office-campus"), clock=clock)


@pytest.fixture
def people(hire: Callable[..., Person], clock: SimulatedClock) -> Callable[[str], Acting]:
    """The head of tier 1, a supervisor, and somebody of tier 2; each as they act."""
    known = {
        "wu": hire("wu", "吴处长", ("principal", "security-office"), clock=clock),
        "chu": hire("chu", "褚监督", ("manager", "security-office"), clock=clock),
        "qian": hire("qian", "钱主任", ("principal", "security-office-campus"), clock=clock),
    }
    return lambda name: first_capacity(known[name], now_90k=clock.utc())


@pytest.fixture
def credential_key() -> None:
    """The key under which second factors lie sealed."""
    if not (settings.HOME.secrets / sealing.KEY_FILE).exists():
        sealing.generate_key(settings.HOME)


@pytest.fixture
def demanded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a real deployment is: everybody is asked for a second factor."""
    monkeypatch.setattr(settings, "SECOND_FACTOR", "demanded")


@pytest.fixture
def written(db: None) -> Callable[[], list[dict[str, Any]]]:
    """Return the acts written since the fixture was asked for, with their texts."""

    def read(after: int) -> list[tuple[int, dict[str, Any]]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, body FROM ledger_pending WHERE id > %s ORDER BY id", [after])
            acts = [(number, json.loads(bytes(body))) for number, body in cursor.fetchall()]
            kept = payload.read(cursor, [one for _, act in acts for one in payload.commitments_in(act["facts"])])
        return [(number, {**act, "facts": payload.filled(act["facts"], kept)}) for number, act in acts]

    known = max((number for number, _ in read(0)), default=0)
    return lambda: [act for _, act in read(known)]


@pytest.fixture(scope="session", autouse=True)
def static_files() -> None:
    """Gather static files once, as a start does: pages name them by their hashes."""
    call_command("collectstatic", interactive=False, verbosity=0)
