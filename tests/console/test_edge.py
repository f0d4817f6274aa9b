"""The edge: headers, problems as page and JSON, words for every code, language and theme."""

import re
from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import translation
from psycopg.errors import DeadlockDetected, SerializationFailure

from mingjian.console import log_sparing, media_refusals, media_strings, messages
from mingjian.console.articles import cite
from mingjian.people.capacity import Acting
from mingjian.people.models import Person
from mingjian.recorder.causes import StreamState
from mingjian.recordings.model import GapCause
from mingjian.registry import queries
from mingjian.registry.models import Camera
from mingjian.registry.words import CAUSE_WORDS, STATE_WORDS, cause_word, state_word
from mingjian.streaming import refusals
from mingjian.streaming.protocol import Refusal

SOURCE = Path(media_strings.__file__).parent.parent
ROOMS = ("people", "registry", "viewing", "duty", "console")


def sign_in(client: Client) -> None:
    client.post("/sign-in/", {"username": "zhang", "password": "correct horse battery"})


def test_policy_names_this_host_and_exactly_the_media_port(db: None, client: Client) -> None:
    policy = client.get("/sign-in/", headers={"Host": "localhost:8000"})["Content-Security-Policy"]

    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "connect-src 'self' ws://localhost:8000 ws://localhost:8001" in policy
    assert "unsafe" not in policy
    assert "*" not in policy


def test_foreign_host_is_refused(db: None, client: Client) -> None:
    answer = client.get("/sign-in/", headers={"Host": "evil.example"})

    assert answer.status_code == 400
    assert "connect-src 'none'" in answer["Content-Security-Policy"]


def test_foreign_hosts_do_not_fill_the_log(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = [1e9]
    monkeypatch.setattr(log_sparing.time, "monotonic", lambda: clock[0])
    for _ in range(5):
        client.get("/sign-in/", headers={"Host": "evil.example"})
    assert [(record.name, record.exc_info) for record in caplog.records] == [(log_sparing.SPARED, None)]

    clock[0] += log_sparing.INTERVAL_S
    client.get("/sign-in/", headers={"Host": "evil.example"})
    assert [vars(record)["held_back"] for record in caplog.records] == [0, 4]


def test_static_files_carry_their_hash_and_are_kept(db: None, client: Client) -> None:
    page = client.get("/sign-in/").content.decode()
    (address,) = re.findall(r'href="(/static/console/tokens\.[0-9a-f]{12}\.css)"', page)

    answer = client.get(address)
    assert "immutable" in answer["Cache-Control"]
    answer.close()


@pytest.mark.parametrize("path", ["/nowhere", "/nowhere/", "/static/nothing.css", "/admin/"])
def test_unknown_address_is_one_page_for_everybody(operator: Person, client: Client, path: str) -> None:
    for _ in range(2):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer["Cache-Control"] == "no-store"
        assert "没有找到这个页面" in answer.content.decode()
        sign_in(client)


def test_problem_is_json_for_whoever_asks_for_json(operator: Person, client: Client) -> None:
    sign_in(client)

    answer = client.get("/wall/", headers={"Accept": "application/json"})

    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["articles"] == [{"id": "A18.4a", "form": "第十八条（四）"}]


def test_page_says_so_when_the_database_is_away(
    operator: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client)

    def away(*, acting: Acting) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(queries, "access_cameras", away)

    answer = client.get("/cameras/")

    assert answer.status_code == 503
    assert "录像不受影响" in answer.content.decode()


@pytest.mark.parametrize("cause", [DeadlockDetected, SerializationFailure])
def test_acts_that_crossed_are_told_to_try_again(
    operator: Person, client: Client, monkeypatch: pytest.MonkeyPatch, cause: type[Exception]
) -> None:
    sign_in(client)

    def crossed(*, acting: Acting) -> None:
        raise OperationalError("crossed") from cause()

    monkeypatch.setattr(queries, "access_cameras", crossed)

    answer = client.get("/cameras/")

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "再试一次" in page
    assert "数据库暂时无法连接" not in page


def test_language_and_theme_are_kept_in_cookies(operator: Person, client: Client) -> None:
    chinese = client.get("/sign-in/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="zh-hans" data-theme="light">' in chinese

    answer = client.post("/preferences/", {"language": "en", "theme": "dark", "next": "/sign-in/"})
    assert answer["Location"] == "/sign-in/"

    assert '<html lang="en" data-theme="dark">' in client.get("/sign-in/").content.decode()
    client.post("/preferences/", {"language": "xx", "theme": "pink", "next": "https://example.org/"})
    assert '<html lang="en" data-theme="dark">' in client.get("/sign-in/").content.decode()


def test_control_room_pages_are_dark_of_themselves(
    operator: Person, register: Callable[..., Camera], client: Client
) -> None:
    sign_in(client)
    client.post("/shift/start/")

    assert 'data-theme="dark"' in client.get("/wall/").content.decode()
    assert 'data-theme="light"' in client.get("/").content.decode()


@pytest.mark.parametrize("room", ROOMS)
def test_english_catalogue_is_complete_and_compiled(room: str) -> None:
    folder = SOURCE / room / "locale" / "en" / "LC_MESSAGES"
    catalogue = polib.pofile(str(folder / "django.po"))

    assert [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy] == []
    assert not re.search(r"[\u4e00-\u9fff]", "".join(entry.msgstr for entry in catalogue))
    compiled = {(entry.msgctxt, entry.msgid, entry.msgstr) for entry in polib.mofile(str(folder / "django.mo"))}
    assert compiled == {(entry.msgctxt, entry.msgid, entry.msgstr) for entry in catalogue}


def test_every_named_place_of_a_message_is_in_its_translation() -> None:
    for room in ROOMS:
        for entry in polib.pofile(str(SOURCE / room / "locale" / "en" / "LC_MESSAGES" / "django.po")):
            form = re.compile(r"%\((\w+)\)|\{(\w+)\}")
            for text in entry.msgstr_plural.values() if entry.msgid_plural else (entry.msgstr,):
                assert set(form.findall(text)) == set(form.findall(entry.msgid)), entry.msgid


def test_every_code_has_words_in_both_languages() -> None:
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for code in messages.codes():
                told = messages.words_for(code, _Everything())
                assert told.text
                assert told.remedy


def test_every_state_and_cause_has_a_word() -> None:
    assert set(STATE_WORDS) == set(StreamState)
    assert set(CAUSE_WORDS) == set(GapCause)
    assert (state_word("future_state"), cause_word("future_cause")) == ("future_state", "future_cause")


def test_page_and_media_port_refuse_in_the_same_words() -> None:
    assert set(media_refusals.REFUSALS) == refusals.codes()
    for code, words in media_refusals.REFUSALS.items():
        assert str(words) == refusals.words_zh(Refusal(code))


def test_player_asks_for_no_word_that_the_page_does_not_bring() -> None:
    brought = set(media_strings.collect())
    scripts = "".join(path.read_text() for path in (SOURCE / "console/static/console/media").glob("*.js"))

    asked = set(re.findall(r'\bwords\("(\w+)"', scripts)) | set(re.findall(r'\.show\("(\w+)"', scripts))

    assert asked - brought == set()


def test_templates_hold_no_inline_style_or_script() -> None:
    for path in SOURCE.glob("*/templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", text), path


def test_article_is_cited_as_printed_papers_do() -> None:
    with translation.override("zh-hans"):
        assert cite("A15.1.2a").form == "第十五条（一）查阅程序与纪律第2项"
        assert cite("X99").form == "X99"
    with translation.override("en"):
        assert cite("A13").form == "Article 13"


class _Everything(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return name
