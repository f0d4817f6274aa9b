"""Every refusal of the host has words in both languages, and says what to do."""

import re
from pathlib import Path

from mingjian.base.errors import MingjianError
from mingjian.cli import words
from mingjian.cli.word_table import TABLE

SOURCE = Path(words.__file__).parent.parent
RAISED = re.compile(r'"((?:host|cli)\.[a-z_]+)"')
# Places in a sentence, not errors.
NOT_ERRORS = {"host.process"}


def test_every_code_of_host_and_cli_has_words() -> None:
    raised = {
        code
        for room in ("host", "cli")
        for path in (SOURCE / room).glob("*.py")
        for code in RAISED.findall(path.read_text(encoding="utf-8"))
    }
    assert raised - NOT_ERRORS - set(TABLE) == set()


def test_both_languages_name_the_same_facts() -> None:
    # A fact that is words itself is given in both: `reasons_zh`, `reasons_en`.
    place = re.compile(r"\{(\w+?)(?:_zh|_en)?\W")
    for code, (zh, en) in TABLE.items():
        # What a process said last stands once, above the English.
        assert set(place.findall(zh)) - {"last_words"} == set(place.findall(en)), code


def test_message_ends_with_its_code_in_both_languages() -> None:
    told = words.of_error(MingjianError("host.port_taken", bind="127.0.0.1", port=8000, setting="MINGJIAN_PORT"))
    zh, en = told.split("\n")
    assert zh.endswith("错误码 host.port_taken")
    assert en.endswith("[host.port_taken]")
    assert "8000" in zh and "MINGJIAN_PORT" in en


def test_error_without_words_still_shows_its_facts() -> None:
    assert "volume='v1'" not in words.of_error(MingjianError("host.unheard_of", volume="v1"))
    assert "volume=v1" in words.of_error(MingjianError("host.unheard_of", volume="v1"))
