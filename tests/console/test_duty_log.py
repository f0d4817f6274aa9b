"""The printed duty log: a day's shifts and events in scope, and the checkpoint of that day as a QR code."""

from collections.abc import Callable
from datetime import date

import pytest
import segno
from django.db import connection
from django.test import Client

from mingjian.base.clock import SimulatedClock, SystemClock
from mingjian.base.ticks import Ticks90k, parse_iso
from mingjian.console import duty_log, ledger_standing
from mingjian.duty import usecases as duty
from mingjian.people import acts
from mingjian.people.capacity import Acting
from mingjian.people.models import Person

pytestmark = pytest.mark.django_db
ActAs = Callable[[Person], Acting]
DAY_90K = 86_400 * 90_000


def sequence() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_sequence(1, 1000)")


def publish(size: int, note: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_publish(1, %s, sha256('x'), %s)", [size, note])


def today() -> date:
    """Today on campus, by the database's clock: it says when an entry came."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date")
        found = cursor.fetchone()[0]
    assert isinstance(found, date)
    return found


@pytest.fixture
def on_duty(operator: Person, act_as: ActAs) -> Acting:
    """Somebody who went on duty now and left again."""
    acting = act_as(operator)
    duty.start_shift(acting=acting, campus="lingshui", actor=acts.of(acting), clock=SystemClock())
    duty.end_shift(person=operator, actor=acts.of(acting), clock=SystemClock())
    sequence()
    return acting


def test_a_day_has_its_shifts_and_what_happened_in_scope(
    on_duty: Acting, hire: Callable[..., Person], act_as: ActAs, clock: SimulatedClock
) -> None:
    log = duty_log.log_of(acting=on_duty, day=today(), is_over=False)
    assert [shift.person.display_name for shift in log.shifts] == ["张工"]
    assert [line.leaf.entry.kind for line in log.lines] == ["duty.shift_started", "duty.shift_ended"]
    assert (log.is_cut, log.checkpoint) == (False, None)
    elsewhere = act_as(hire("bie", "别处", ("operator", "panjin-general-affairs"), clock=clock))
    foreign = duty_log.log_of(acting=elsewhere, day=today(), is_over=False)
    assert (foreign.shifts, foreign.lines) == ([], [])
    tier_1 = act_as(hire("sun", "孙督导", ("manager", "security-office"), clock=clock))
    assert len(duty_log.log_of(acting=tier_1, day=today(), is_over=False).shifts) == 1
    yesterday = date.fromordinal(today().toordinal() - 1)
    before = duty_log.log_of(acting=on_duty, day=yesterday, is_over=True)
    assert (before.shifts, before.lines) == ([], [])


def test_the_checkpoint_is_the_last_one_of_the_day(on_duty: Acting) -> None:
    publish(1, "first\n")
    publish(2, "second\n")
    now_90k = SystemClock().utc()
    newest = ledger_standing.paper_before(Ticks90k(now_90k + DAY_90K))
    assert newest is not None
    assert (newest.size, newest.text) == (2, "second\n")
    assert ledger_standing.paper_before(parse_iso("2020-01-01T00:00:00+08:00")) is None


def test_the_page_is_printed_with_note_and_lines_to_sign(on_duty: Acting, client: Client) -> None:
    note = "mingjian/00000000-0000-0000-0000-000000000000/1\n2\nAAAA\n\n— mingjian/x AAAA\n"
    publish(2, note)
    client.post("/sign-in/", {"username": "zhang", "password": "correct horse battery"})
    page = client.get("/duty-log/").content.decode()
    assert f"值班日志 {today().isoformat()}" in page
    assert "张工" in page
    assert note in page
    assert segno.make(note, error="l", micro=False).svg_inline(scale=3, border=4, omitsize=False) in page
    assert "带班领导（签名）" in page
    assert "当天还没有结束" in page
    older = client.get("/duty-log/?day=2026-01-02").content.decode()
    assert "值班日志 2026-01-02" in older
    assert "当天没有人上岗" in older
    assert "当天还没有结束" not in older
    for odd in ("2999-01-01", "nonsense", ""):
        assert f"值班日志 {today().isoformat()}" in client.get("/duty-log/", {"day": odd}).content.decode()
    assert 'href="/duty-log/"' in client.get("/ledger/").content.decode()
