"""Values and open points as pages, over the API and on the shell: listed for all, proposed and decided by tier 1."""

import argparse
import json
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from mingjian.base.clock import SystemClock
from mingjian.cli import django_door, policies
from mingjian.cli.commands import CommandError
from mingjian.host.home import Home
from mingjian.people import policy
from mingjian.people.models import Person, Ruling
from mingjian.regulation.policies import POLICIES
from mingjian.regulation.readings import READINGS

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
SCHOOL = "security-office"
Enter = Callable[[str], Client]


@pytest.fixture
def enter(hire: Callable[..., Person]) -> Enter:
    hire("wu", "吴处长", ("principal", SCHOOL))
    hire("chu", "褚监督", ("manager", SCHOOL))
    hire("qian", "钱审核", ("reviewer", "security-office-campus"))
    hire("zhao", "赵同学")

    def sign_in(username: str) -> Client:
        client = Client()
        client.post("/sign-in/", {"username": username, "password": PASSWORD})
        return client

    return sign_in


def propose(client: Client, topic: str = "objection_period", **answers: str) -> Any:
    return client.post(f"/policies/{topic}/propose/", {"value": "10", "reason": "办理周期太短"} | answers)


def value(name: str = "objection_period") -> int:
    return policy.in_force(at_90k=SystemClock().utc()).value(name)


@pytest.mark.parametrize("username", ["zhao", "qian", "chu"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_everybody_reads_every_value_with_its_bounds_and_floor(enter: Enter, username: str, language: str) -> None:
    client = enter(username)
    client.cookies["mingjian_language"] = language
    page = client.get("/policies/").content.decode()

    for name, known in POLICIES.items():
        shown = unescape(page[page.index(f'id="{name}"') :].partition("</tr>")[0])
        assert (known.label_zh if language == "zh-hans" else known.label_en[1:]) in shown
        assert f"#{known.rule.id}" in shown
    assert ("本系统默认值" if language == "zh-hans" else "our default") in page
    assert "D799.17" in page[page.index('id="retention_ordinary"') :].partition("</tr>")[0]


@pytest.mark.article("A23")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_open_points_await_interpretation_with_their_default(enter: Enter, language: str) -> None:
    client = enter("zhao")
    client.cookies["mingjian_language"] = language
    page = client.get("/readings/").content.decode()

    for name, known in READINGS.items():
        shown = page[page.index(f'id="{name}"') :].partition("</li>")[0]
        assert (known.default_zh if language == "zh-hans" else "awaits the Security Office") in shown


@pytest.mark.article("A07.1.1")
def test_value_is_proposed_by_one_and_put_into_force_by_another(enter: Enter) -> None:
    chu, wu = enter("chu"), enter("wu")

    assert propose(chu).status_code == 302
    assert "等待决定的提议" in (waiting := wu.get("/policies/objection_period/").content.decode())
    assert "采用" in waiting
    assert "待决定的规定值和解释" in wu.get("/").content.decode()
    assert "提出的人不能自己决定" in chu.get("/policies/objection_period/").content.decode()
    ruling = Ruling.objects.get()
    assert chu.post(f"/rulings/{ruling.pk}/confirm/", {"remark": ""}).status_code == 403
    assert value() == 7
    assert wu.post(f"/rulings/{ruling.pk}/confirm/", {"remark": "同意"}).status_code == 302

    assert value() == 10
    page = wu.get("/policies/objection_period/").content.decode()
    assert "吴处长" in page
    assert "现行" in page
    assert "申请复核" in page


@pytest.mark.article("A07.1.1")
@pytest.mark.parametrize("username", ["zhao", "qian"])
def test_others_are_refused_with_the_article(enter: Enter, username: str) -> None:
    client = enter(username)
    answer = propose(client)

    assert answer.status_code == 403
    assert "#A07.1.1" in answer.content.decode()
    assert "propose_ruling" not in client.get("/policies/objection_period/").content.decode()
    assert not Ruling.objects.exists()


@pytest.mark.article("A13.d")
def test_value_below_a_floor_is_refused_with_the_article_that_forbids_it(enter: Enter) -> None:
    answer = propose(enter("wu"), "retention_key_location", value="89")

    assert answer.status_code == 403
    assert "#A13.d" in answer.content.decode()


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({"value": ""}, 400),
        ({"value": "ten"}, 400),
        ({"value": "1e3"}, 400),
        ({"value": "9" * 30}, 400),
        ({"reason": ""}, 400),
        ({"reason": "办\u202e理"}, 400),
        ({"since": "tomorrow"}, 400),
        ({"since": "2020-01-01"}, 400),
        ({"value": "7"}, 302),
    ],
)
def test_senseless_forms_are_answered_in_words(enter: Enter, answers: dict[str, str], status: int) -> None:
    answer = propose(enter("chu"), **answers)

    assert answer.status_code == status
    assert Ruling.objects.exists() is (status == 302)


@pytest.mark.article("A23")
def test_interpretation_changes_what_the_page_says(enter: Enter) -> None:
    chu, wu = enter("chu"), enter("wu")
    told = {"answer": "外包人员\r\n按校内人员办理", "document": "保卫处〔2026〕31号", "reason": "来函询问"}

    assert chu.post("/policies/Q04/propose/", told | {"document": ""}).status_code == 403
    assert chu.post("/policies/Q04/propose/", told).status_code == 302
    wu.post(f"/rulings/{Ruling.objects.get().pk}/confirm/", {})

    shown = enter("zhao").get("/readings/").content.decode()
    shown = shown[shown.index('id="Q04"') :].partition("</li>")[0]
    assert "外包人员 按校内人员办理" in shown
    assert "保卫处〔2026〕31号" in shown
    assert "已解释" in shown


def test_proposal_is_withdrawn_by_who_made_it_and_turned_down_by_the_head(enter: Enter) -> None:
    chu, wu = enter("chu"), enter("wu")
    for by in (chu, wu):
        propose(chu)
        ruling = Ruling.objects.get(decided_at_90k__isnull=True)
        assert by.post(f"/rulings/{ruling.pk}/turn-down/", {"remark": "再议"}).status_code == 302
    assert value() == 7
    assert "没有采用" in chu.get("/policies/objection_period/").content.decode()


@pytest.mark.parametrize("path", ["/policies/moon/", "/policies/Q99/", "/policies/%00/"])
def test_foreign_topics_do_not_exist(enter: Enter, path: str) -> None:
    assert enter("chu").get(path).status_code == 404


@pytest.mark.parametrize("ruling_id", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_foreign_rulings_do_not_exist(enter: Enter, ruling_id: str) -> None:
    assert enter("wu").post(f"/rulings/{ruling_id}/confirm/").status_code == 404


def test_names_with_markup_are_shown_as_text(enter: Enter) -> None:
    propose(enter("chu"), reason="<script>alert(1)</script>")
    page = enter("wu").get("/policies/objection_period/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_api_does_the_same(enter: Enter) -> None:
    chu, wu, zhao = enter("chu"), enter("wu"), enter("zhao")
    sent: dict[str, Any] = {"content_type": "application/json"}

    asked = {"value": 12, "reason": "办理周期太短"}
    refused = zhao.post("/api/v1/policies/objection_period/propose/", asked, **sent)
    assert (refused.status_code, [one["id"] for one in refused.json()["articles"]]) == (403, ["A07.1.1"])
    proposed = chu.post("/api/v1/policies/objection_period/propose/", asked, **sent).json()
    assert (proposed["state"], proposed["value"]) == ("open", 12)
    accepted = wu.post(f"/api/v1/rulings/{proposed['id']}/confirm/", {"remark": ""}, **sent).json()
    assert (accepted["state"], accepted["number"]) == ("accepted", 1)

    (line,) = (one for one in zhao.get("/api/v1/policies/").json()["items"] if one["topic"] == "objection_period")
    assert (line["value"], line["default"], line["version"], line["proposal"]) == (12, 7, 1, None)
    assert zhao.get("/api/v1/policies/objection_period/rulings/").json()["items"] == [accepted]
    assert len(zhao.get("/api/v1/readings/").json()["items"]) == len(READINGS)
    assert zhao.get("/api/v1/policies/moon/rulings/").status_code == 404


def test_shell_lists_values_points_and_histories(
    enter: Enter, home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(django_door, "open_django", lambda home: None)
    chu, wu = enter("chu"), enter("wu")
    propose(chu)
    wu.post(f"/rulings/{Ruling.objects.get().pk}/confirm/", {})

    def told(run: Callable[..., int], topic: str = "", *, is_json: bool = False) -> str:
        assert run(argparse.Namespace(topic=topic, at_90k=None, is_json=is_json), home) == 0
        return capsys.readouterr().out

    assert "objection_period  10  day" in told(policies.show_policies)
    rows = {row["topic"]: row for row in json.loads(told(policies.show_policies, is_json=True))}
    assert rows["retention_ordinary"]["floor"] == "D799.17"
    assert "吴处长" in told(policies.show_policies, "objection_period")
    assert "Nothing was ever ruled" in told(policies.show_readings, "Q04")
    assert told(policies.show_readings).count("待保卫处解释") == len(READINGS)
    with pytest.raises(CommandError, match="topic_unknown"):
        told(policies.show_policies, "moon")


def test_articles_page_shows_the_value_in_force(enter: Enter) -> None:
    chu, wu = enter("chu"), enter("wu")
    propose(chu, "fault_open", value="9")
    wu.post(f"/rulings/{Ruling.objects.get().pk}/confirm/", {})

    page = wu.get("/articles/").content.decode()
    assert "故障视为长期的天数：9 天" in page[page.index('id="A20.5"') : page.index('id="A20.6"')]
