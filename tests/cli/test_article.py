"""`mingjian article`: the rules of a citation, where they are at work, and where they are tested."""

import argparse
from pathlib import Path

import pytest

from mingjian.cli import rules
from mingjian.cli.commands import CommandError
from mingjian.host.home import Home
from mingjian.oversight import tracing
from mingjian.regulation.articles import CATALOGUE, RULES


def printed(cited: str, home: Home, capsys: pytest.CaptureFixture[str]) -> str:
    assert rules.show(argparse.Namespace(id=cited), home) == 0
    return capsys.readouterr().out


def test_a_family_is_printed_with_functions_callers_and_tests(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    told = printed("A15.1.2", home, capsys)

    assert told.index("A15.1.2a  《办法》第十五条（一）查阅程序与纪律第2项") < told.index("A15.1.2b")
    assert RULES["A15.1.2a"].summary_zh in told
    assert "mingjian/regulation/rules/applying.py:" in told
    assert "tests/regulation/test_applying.py:" in told


def test_figures_exceptions_and_callers_are_printed(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert "3 person (regulation)" in printed("A15.1.4b", home, capsys)
    assert "the head of the tier-2 body" in printed("A15.1.4b", home, capsys)
    assert "第十七条" in printed("A13.c", home, capsys)
    assert "mingjian/duty/live.py:" in printed("A18.2", home, capsys)
    assert "nothing uses it yet" in printed("A22.e", home, capsys)


def test_without_an_id_every_rule_is_one_line(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed("", home, capsys).splitlines()

    assert [line.split()[0] for line in lines] == list(CATALOGUE)


@pytest.mark.parametrize("cited", list(CATALOGUE))
def test_every_rule_says_what_is_done_where_it_is_at_work_and_what_it_refused(
    cited: str, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    told = printed(cited, home, capsys).split("\n\n")[0]

    rule = CATALOGUE[cited]
    head = f"{cited}  {rule.provision.cited_zh}  {rule.kind.value} / {rule.mechanism.value} / {rule.standing.value}"
    assert told.startswith(head)
    for words in (rule.summary_zh, rule.summary_en, "decided:", "called:", "tested:", "refused today:"):
        assert words in told


def test_missing_sources_of_tests_are_said_to_be_missing(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tracing, "folder_of_tests", lambda: None)

    assert "sources of tests are not installed here" in printed("A13.b", home, capsys)


@pytest.mark.parametrize("cited", ["A99", "A1", "x", "A15.1.22"])
def test_a_foreign_id_is_refused(home: Home, cited: str) -> None:
    with pytest.raises(CommandError) as refusal:
        rules.show(argparse.Namespace(id=cited), home)
    assert refusal.value.code == "cli.article_unknown"
