"""The ledger as a list: each reader sees the own entries and those of the own campus, worded and cited."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import segno
from django.db import connection
from django.test import Client
from django.utils import translation

from mingjian.base.clock import SimulatedClock
from mingjian.base.ticks import Ticks90k, parse_iso
from mingjian.console import ledger_scope, ledger_words
from mingjian.console.ledger_details import detail_of
from mingjian.console.ledger_filter import Filter
from mingjian.console.ledger_scope import Scope
from mingjian.duty import usecases as duty
from mingjian.host.home import Home
from mingjian.ledger import cosigners, witness_folder
from mingjian.ledger.append import Entry
from mingjian.ledger.cosigners import Standing, Witnessing
from mingjian.people import acts
from mingjian.people.capacity import Acting
from mingjian.people.models import Person
from mingjian.registry.models import Camera

pytestmark = pytest.mark.django_db
ActAs = Callable[[Person], Acting]
NINE = parse_iso("2026-11-22T09:00:00+08:00")
MINUTE_90K = 60 * 90_000


@pytest.fixture
def sequence(db: None) -> Callable[[], None]:
    """Give pending acts their place, as the clerk does."""

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM ledger_sequence(1, 1000)")

    return run


def entry(kind: str, **facts: Any) -> Entry:
    return Entry(
        kind=kind,
        actor_id="",
        actor_name="",
        capacity="",
        subject="page:/wall/",
        at_90k=Ticks90k(NINE),
        via="web",
        facts=facts,
    )


def test_operator_reads_the_campus_and_outsider_only_the_own(
    operator: Person,
    outsider: Person,
    register: Callable[..., Camera],
    sequence: Callable[[], None],
    act_as: ActAs,
    client: Client,
    clock: SimulatedClock,
) -> None:
    register(name="南门")
    register(name="盘锦大门", campus="panjin")
    acting = act_as(operator)
    duty.start_shift(acting=acting, campus="lingshui", actor=acts.of(acting), clock=clock)
    sequence()
    client.post("/sign-in/", {"username": "zhang", "password": "correct horse battery"})
    page = client.get("/ledger/").content.decode()
    assert "南门" in page
    assert "第十八条（四）" in page
    assert "盘锦大门" not in page
    assert "赵同学" not in page

    client.post("/sign-out/")
    sequence()
    client.post("/sign-in/", {"username": "zhao", "password": "correct horse battery"})
    sequence()
    own = client.get("/ledger/").content.decode()
    assert "赵同学" in own
    assert "南门" not in own
    assert "张工" not in own


def test_pages_follow_one_another_without_loss(
    operator: Person,
    sequence: Callable[[], None],
    act_as: ActAs,
    clock: SimulatedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ledger_scope, "PAGE", 3)
    acting = act_as(operator)
    actor = acts.of(acting)
    for number in range(8):
        acts.record(kind="duty.shift_started", actor=actor, subject=f"shift:{number}", facts={}, at_90k=clock.utc())
    sequence()
    scope = Scope.of(acting)

    seen: list[str] = []
    before: int | None = None
    while True:
        page = ledger_scope.read_page(scope=scope, before_seq=before, wanted=Filter(kind="duty.shift_started"))
        seen += [leaf.entry.subject for leaf in page.leaves]
        before = page.older_before
        if before is None:
            break

    assert seen == [f"shift:{number}" for number in reversed(range(8))]


@pytest.mark.parametrize(
    "query", ("?before=abc", "?before=-1", "?before=99999999999999999999", "?kind=<script>", "?kind=")
)
def test_senseless_filters_do_no_harm(operator: Person, client: Client, query: str) -> None:
    client.post("/sign-in/", {"username": "zhang", "password": "correct horse battery"})

    answer = client.get(f"/ledger/{query}")

    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (
            entry(
                "media.closed", served_90k=[[NINE, NINE + MINUTE_90K], [NINE + 2 * MINUTE_90K, NINE + 3 * MINUTE_90K]]
            ),
            "实际播放 2026-11-22 09:00:00–09:01:00、2026-11-22 09:02:00–09:03:00",
        ),
        (entry("media.closed", served_90k=[]), "没有播放任何画面"),
        (
            entry("recordings.gap_closed", start_90k=NINE, end_90k=NINE + MINUTE_90K, cause="disk"),
            "2026-11-22 09:00:00–09:01:00，磁盘写不进",
        ),
        (
            entry("viewing.session_issued", start_90k=NINE, end_90k=NINE + MINUTE_90K, person="p", purpose="失窃"),
            "张工，2026-11-22 09:00:00–09:01:00，失窃",
        ),
        (entry("viewing.session_revoked", reason="误签"), "误签"),
        (entry("viewing.session_revoked", reason=None), "（文字已依规清除）"),
        (entry("recordings.roots", roots=["a", "b"]), "2 个录像文件"),
        (
            entry("recordings.rolled_up", start_90k=NINE, end_90k=NINE + 60 * MINUTE_90K, files=7, late=2),
            "2026-11-22 09:00:00–10:00:00，7 个录像文件，其中 2 个属于更早的时段",
        ),
        (
            entry("recordings.rolled_up", start_90k=NINE, end_90k=NINE + 60 * MINUTE_90K, files=7, late=0),
            "2026-11-22 09:00:00–10:00:00，7 个录像文件",
        ),
        (entry("people.refused"), "/wall/"),
        (entry("people.signed_in"), ""),
    ],
)
def test_detail_says_what_exactly(told: Entry, line: str) -> None:
    assert detail_of(told, names={"p": "张工"}) == line


def test_words_of_the_ledger_fall_back_to_what_stands_there() -> None:
    with translation.override("en"):
        assert ledger_words.kind_word("duty.shift_started") == "Shift started"
        assert ledger_words.capacity_word("operator@east", bodies={"east": "East Office"}) == "East Office · operator"
    assert ledger_words.kind_word("future.kind") == "future.kind"
    assert ledger_words.capacity_word("future", bodies={}) == "future"
    assert ledger_words.capacity_word("duty_live", bodies={}) == "值班巡查"


def test_applicant_learns_no_camera_from_the_own_entries(
    operator: Person,
    outsider: Person,
    register: Callable[..., Camera],
    sequence: Callable[[], None],
    client: Client,
    clock: SimulatedClock,
) -> None:
    camera = register(name="南门")
    known, unknown = str(camera.pk), "0196f000-0000-7000-8000-000000000000"
    for person in (operator, outsider):
        for subject, facts in (
            (f"camera:{known}", {"camera": known, "start_90k": 1}),
            ("application:1", {"cameras": [known], "unit": "x"}),
            (f"camera:{unknown}", {"camera": unknown}),
        ):
            actor = acts.Actor(str(person.pk), person.display_name, "member", "web")
            acts.record(kind="registry.hold_placed", actor=actor, subject=subject, facts=facts, at_90k=clock.utc())
    sequence()

    def told(username: str) -> str:
        client.post("/sign-in/", {"username": username, "password": "correct horse battery"})
        listed = client.get("/api/v1/ledger/entries/?kind=registry.hold_placed").json()["items"]
        assert {"application:1", "camera:"} <= {each["subject"] for each in listed}
        pages = [client.get(f"/ledger/{each['seq']}/").content.decode() for each in listed]
        return str(listed) + "".join(pages)

    to_applicant, to_operator = told("zhao"), told("zhang")
    assert (known in to_applicant, known in to_operator) == (False, True)
    assert unknown not in to_applicant + to_operator
    assert "start_90k" in to_applicant


def test_the_page_says_how_the_ledger_stands(
    operator: Person, founded: Home, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = witness_folder.found(tmp_path / "witness", name="witness.example/jijian")
    (home := founded.root / "ledger").mkdir(exist_ok=True)
    client.post("/sign-in/", {"username": "zhang", "password": "correct horse battery"})
    page = client.get("/ledger/").content.decode()
    assert "还没有见证方" in page
    assert "签名进程没有应答" in page
    try:
        cosigners.write_list(home, [Witnessing(key=key, address="http://127.0.0.1:9")])
        assert "还没有答复" in client.get("/ledger/").content.decode()
        told = Standing(name=key.name, size=7, cosigned_at_s=1_795_000_000, trouble="ledger.witness_ahead")
        (home / "witnesses-standing.json").write_text(json.dumps([asdict(told)]), encoding="utf-8")
        page = client.get("/ledger/").content.decode()
        assert "witness.example/jijian" in page
        assert "可能被截短或被旧副本替换" in page
        with translation.override("en"):
            english = client.get("/ledger/", headers={"Accept-Language": "en"}).content.decode()
        assert "witness.example/jijian" in english
    finally:
        for name in ("witnesses.json", "witnesses-standing.json"):
            (home / name).unlink(missing_ok=True)


def test_the_newest_checkpoint_is_printed_with_the_log(
    operator: Person, sequence: Callable[[], None], client: Client
) -> None:
    sequence()
    note = "mingjian/00000000-0000-0000-0000-000000000000/1\n1\nAAAA\n\n— mingjian/x AAAA\n"
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_publish(1, 1, sha256('x'), %s)", [note])
    client.post("/sign-in/", {"username": "zhang", "password": "correct horse battery"})
    page = client.get("/ledger/").content.decode()
    assert note in page
    assert segno.make(note, error="l", micro=False).svg_inline(scale=3, border=4, omitsize=False) in page
    assert "<svg" not in client.get("/ledger/?before=1").content.decode()
