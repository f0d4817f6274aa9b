"""Alarms of the ledger in the top bar: told to those who answer for it, and to nobody else."""

import json
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client

from mingjian.base import ids
from mingjian.base.clock import SimulatedClock, SystemClock
from mingjian.base.ticks import Ticks90k
from mingjian.console import ledger_alarms, verdicts
from mingjian.console.verdicts import LastVerdict
from mingjian.people.capacity import Acting
from mingjian.people.models import Body, Person
from mingjian.people.posts import TIERS_OF
from mingjian.registry import rollups
from mingjian.registry.models import RecordedRoot, Volume
from mingjian.regulation.posts import Post

pytestmark = pytest.mark.django_db
ActAs = Callable[[Person], Acting]
NOW_90K = Ticks90k(1_795_000_000 * 90_000)


def verdict(*warnings: str, outcome: str = "UNANCHORED", verified_at_90k: int = NOW_90K) -> None:
    settings.HOME.sockets.mkdir(parents=True, exist_ok=True)
    verdicts.write(settings.HOME, LastVerdict(outcome, 9, 0, 0, verified_at_90k, warnings=warnings))


@pytest.fixture(autouse=True)
def no_verdict() -> Iterator[None]:
    """No verdict before and after."""
    (settings.HOME.sockets / "ledger-verdict.json").unlink(missing_ok=True)
    yield
    (settings.HOME.sockets / "ledger-verdict.json").unlink(missing_ok=True)


@pytest.fixture
def auditor(hire: Callable[..., Person], clock: SimulatedClock) -> Person:
    return hire("shen", "沈审计", (Post.AUDIT_ADMINISTRATOR.value, "security-office"), clock=clock)


def words(acting: Acting, now_90k: int = NOW_90K) -> list[str]:
    return [waiting.words for waiting in ledger_alarms.told(acting=acting, now_90k=now_90k)]


def test_silence_and_flood_are_told_with_where_to_look(auditor: Person, act_as: ActAs) -> None:
    acting = act_as(auditor)
    assert words(acting) == []
    verdict("ledger.silent", "ledger.flood", "ledger.witness_late")
    assert words(acting) == ["操作日志一小时没有新的记录", "操作日志新增的速度异常"]
    assert {waiting.address for waiting in ledger_alarms.told(acting=acting, now_90k=NOW_90K)} == {"/ledger/#standing"}


def test_a_broken_ledger_comes_first(auditor: Person, act_as: ActAs) -> None:
    verdict("ledger.silent", outcome="DIVERGED")
    assert words(act_as(auditor)) == ["操作日志与留存的校验点不一致", "操作日志一小时没有新的记录"]


def test_a_ledger_that_nobody_verifies_any_more_is_silent_too(auditor: Person, act_as: ActAs) -> None:
    verdict()
    assert words(act_as(auditor), NOW_90K + ledger_alarms.STALE_90K) == []
    assert words(act_as(auditor), NOW_90K + ledger_alarms.STALE_90K + 1) == ["操作日志一小时没有校验，请查看系统进程"]


def test_roll_ups_that_stopped_are_told(auditor: Person, act_as: ActAs) -> None:
    volume = Volume.objects.create(id=ids.new_id(), name="v", path="/v", created_at_90k=0)
    RecordedRoot.objects.create(
        volume=volume,
        recording=ids.new_id(),
        camera=ids.new_id(),
        role="main",
        track="video",
        start_90k=0,
        end_90k=1,
        closed_at_90k=1,
        taken_at_90k=NOW_90K,
        is_salvaged=False,
        root=b"x" * 32,
    )
    assert words(act_as(auditor), NOW_90K + rollups.HOUR_90K) == []
    assert words(act_as(auditor), NOW_90K + 2 * rollups.HOUR_90K) == ["录像摘要没有按时汇总进操作日志"]


def test_a_ledger_that_the_clerk_cannot_write_is_told_at_once(auditor: Person, act_as: ActAs) -> None:
    left = settings.HOME.sockets / "clerk.json"
    verdict()
    try:
        left.write_text(json.dumps({"troubles": {"plan": "OSError"}}), encoding="utf-8")
        assert words(act_as(auditor)) == []
        left.write_text(json.dumps({"troubles": {"reports": "ProgrammingError"}}), encoding="utf-8")
        assert words(act_as(auditor)) == ["操作日志写不进去或无法校验，播放和导出可能已经停止"]
        left.write_text("torn", encoding="utf-8")
        assert words(act_as(auditor)) == []
    finally:
        left.unlink()


@pytest.mark.parametrize("post", list(Post))
def test_who_answers_for_the_ledger_is_told(
    university: None, hire: Callable[..., Person], act_as: ActAs, clock: SimulatedClock, post: Post
) -> None:
    body = Body.objects.filter(tier__in=TIERS_OF[post]).order_by("tier", "pk")[0]
    verdict("ledger.silent")
    person = hire("someone", "某人", (post.value, body.pk), clock=clock)
    assert bool(words(act_as(person))) is (post in {Post.AUDIT_ADMINISTRATOR, Post.SECURITY_ADMINISTRATOR})


def test_the_alarm_stands_in_the_top_bar(auditor: Person, client: Client) -> None:
    verdict("ledger.flood", verified_at_90k=SystemClock().utc())
    client.post("/sign-in/", {"username": "shen", "password": "correct horse battery"})
    page = client.get("/ledger/").content.decode()
    assert "操作日志新增的速度异常" in page
    assert 'href="/ledger/#standing"' in page
