"""The words behind an error's code on a terminal: what happened to what, what to do now; Chinese, then English.

Rooms of the control plane keep their words in Django's catalogues; those are used when Django is up.
"""

from typing import NamedTuple

from mingjian.base.errors import MingjianError
from mingjian.cli.word_table import TABLE


class Told(NamedTuple):
    """One message in both languages."""

    zh: str
    en: str


def of_error(error: MingjianError) -> str:
    """Return the message of an error, ending with its code."""
    told = _from_table(error) or _from_catalogues(error) or _bare(error)
    return f"{told.zh}错误码 {error.code}\n{told.en} [{error.code}]"


def _from_table(error: MingjianError) -> Told | None:
    words = TABLE.get(error.code)
    if words is None:
        return None
    facts = _Facts(error.facts)
    return Told(words[0].format_map(facts), words[1].format_map(facts))


def _from_catalogues(error: MingjianError) -> Told | None:
    # Django costs half a second to import: asked only by commands that have already paid it.
    import sys

    if "django" not in sys.modules:
        return None
    from django.apps import apps
    from django.utils import translation

    from mingjian.console import messages

    if not apps.ready or error.code not in messages.codes():
        return None
    spoken = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told = messages.words_for(error.code, error.facts)
            spoken.append(f"{told.text}{told.remedy}" if language == "zh-hans" else f"{told.text} {told.remedy}")
    return Told(*spoken)


def _bare(error: MingjianError) -> Told:
    facts = "，".join(f"{name}={value}" for name, value in error.facts.items())
    return Told(f"操作没有完成（{facts}）。请查看 logs 目录中的日志。", f"Not done ({facts}). See the files in logs.")


class _Facts(dict[str, object]):
    """Facts for a template; one that an error did not bring is left out rather than raised about."""

    def __missing__(self, name: str) -> str:
        return "?"
