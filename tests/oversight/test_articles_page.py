"""The articles page: every rule with its anchor, what is done about it, and today's refusals."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S, Ticks90k, parse_iso
from mingjian.oversight import refusals
from mingjian.people import acts, capacity
from mingjian.people.models import Person
from mingjian.regulation.articles import ARTICLES, CATALOGUE, LAWS, PROVISIONS, RULES, Mechanism, family

pytestmark = pytest.mark.django_db
DAY_90K = 24 * 3600 * TICKS_PER_S


def anchors(page: str) -> list[str]:
    return re.findall(r'\bid="([A-Z]+\d*(?:[.\d][^"]*)?)"', page)


def test_every_rule_and_every_provision_with_rules_has_exactly_one_anchor(signed_in: Client) -> None:
    page = signed_in.get("/articles/").content.decode()

    wanted = (
        set(CATALOGUE) | set(LAWS) | {article.id for article in ARTICLES} | {one for one in PROVISIONS if family(one)}
    )
    assert sorted(anchors(page)) == sorted(wanted)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_rule_shows_summary_mechanism_figures_and_who_may_except(signed_in: Client, language: str) -> None:
    signed_in.cookies["mingjian_language"] = language
    page = signed_in.get("/articles/").content.decode()

    rule = RULES["A15.1.4b"]
    told = {
        "zh-hans": (rule.summary_zh, "强制", "同时查阅人数上限：3 人（办法规定）", "二级管理机构主要负责人"),
        "en": (rule.summary_en, "Enforce", "Viewers at once: 3 people", "the head of the tier-2 body"),
    }[language]
    shown = page[page.index('id="A15.1.4b"') : page.index('id="A15.1.5"')]
    for words in told:
        assert words in shown


def test_the_page_says_where_a_rule_is_at_work_and_where_nothing_is_yet(signed_in: Client) -> None:
    page = signed_in.get("/articles/").content.decode()

    assert "mingjian/duty/live.py" in page[page.index('id="A18.2"') : page.index('id="A18.3"')]
    assert "程序中还没有引用本条" in page[page.index('id="A22.e"') : page.index('id="A23"')]


def test_a_rule_that_no_room_keeps_yet_says_so_and_a_kept_one_does_not(signed_in: Client) -> None:
    page = signed_in.get("/articles/").content.decode()

    assert "本版本尚未落实" in page[page.index('id="A22.e"') : page.index('id="A23"')]
    assert "本版本尚未落实" not in page[page.index('id="A18.2"') : page.index('id="A18.3"')]
    assert "没有违反的途径" in page[page.index('id="A13.b"') : page.index('id="A13.c"')]


def test_national_rules_stand_below_with_their_law_and_their_tests(signed_in: Client) -> None:
    page = signed_in.get("/articles/").content.decode()

    shown = page[page.index('id="CSL.23.3"') : page.index('id="SSL"')]
    assert "《网络安全法》第二十三条第三项" in shown
    assert "6 个月" in shown
    assert "tests/ledger/test_schema.py" in shown


@pytest.mark.parametrize("mechanism", list(Mechanism))
def test_the_filter_keeps_the_rules_of_one_mechanism(signed_in: Client, mechanism: Mechanism) -> None:
    page = signed_in.get(f"/articles/?mechanism={mechanism}").content.decode()

    shown = {anchor for anchor in anchors(page) if anchor in CATALOGUE and f'href="#{anchor}">{anchor}<' in page}
    assert shown == {rule.id for rule in CATALOGUE.values() if rule.mechanism is mechanism}


@pytest.mark.parametrize("query", ["?mechanism=nonsense", "?mechanism=%3Cscript%3E", "?mechanism="])
def test_a_senseless_filter_shows_everything(signed_in: Client, query: str) -> None:
    answer = signed_in.get(f"/articles/{query}")

    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()
    assert 'id="A23"' in answer.content.decode()


def test_a_refusal_links_to_its_rule_and_is_counted_there(signed_in: Client, sequence: Callable[[], None]) -> None:
    refused = signed_in.get("/wall/").content.decode()
    assert 'href="/articles/#A18.2"' in refused
    sequence()

    page = signed_in.get("/articles/").content.decode()

    shown = page[page.index('id="A18.2"') : page.index('id="A18.3"')]
    assert "今日 1 次" in shown
    assert "今日据此未予办理 1 次" in page[page.index('id="A18"') : page.index('id="A19"')]


def record(person: Person, *articles: str, kind: str = "people.refused") -> None:
    clock = SystemClock()
    acts.record(
        kind=kind,
        actor=acts.of(capacity.first_capacity(person, now_90k=clock.utc())),
        subject="page:/",
        facts={},
        articles=articles,
        at_90k=clock.utc(),
    )


def test_an_entry_counts_once_per_rule_and_once_per_article(person: Person, sequence: Callable[[], None]) -> None:
    record(person, "A15.1.4a", "A15.1.4b")
    record(person, "A15.1.4b", "A13", kind="media.refused")
    record(person, "A15.1.4b", kind="viewing.session_issued")
    sequence()

    today = refusals.of_the_day(now_90k=SystemClock().utc())

    assert today.by_citation == {"A15.1.4a": 1, "A15.1.4b": 2, "A13": 1}
    assert today.by_article == {"A15": 2, "A13": 1}
    assert not today.is_more


def test_yesterday_is_not_counted(person: Person, sequence: Callable[[], None]) -> None:
    record(person, "A13.b")
    sequence()

    assert refusals.of_the_day(now_90k=Ticks90k(SystemClock().utc() + DAY_90K)).by_citation == {}


def test_counting_stops_at_its_bound_and_the_page_says_so(
    person: Person, signed_in: Client, sequence: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "MOST", 2)
    monkeypatch.setattr(refusals, "_STEP", 1)
    for _ in range(3):
        record(person, "A13.b")
    sequence()

    today = refusals.of_the_day(now_90k=SystemClock().utc())

    assert (today.by_citation, today.is_more) == ({"A13.b": 2}, True)
    assert "次数只计最近的 2 条" in signed_in.get("/articles/").content.decode()


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        ("2026-11-22T00:00:00+08:00", "2026-11-22T00:00:00+08:00"),
        ("2026-11-22T23:59:59+08:00", "2026-11-22T00:00:00+08:00"),
        ("2026-11-21T16:30:00+00:00", "2026-11-22T00:00:00+08:00"),
    ],
)
def test_a_day_begins_at_midnight_on_campus(now: str, midnight: str) -> None:
    assert refusals._midnight_before(parse_iso(now)) == parse_iso(midnight)
