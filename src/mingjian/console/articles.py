"""How an article is written on a page: its place in the regulation and our one-sentence summary."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import translation

from mingjian.regulation.articles import CATALOGUE, provision_of
from mingjian.regulation.decision import Reason


@dataclass(frozen=True, slots=True)
class Cited:
    """An article for a reader. `summary` is empty for a provision cited as a whole.

    `address` is where the articles page has it, and empty for an id that no catalogue knows. `is_national`: it is no
    provision of the university's regulation, and its form names the law.
    """

    id: str
    form: str
    summary: str
    address: str
    is_national: bool = False


def cite(article: str) -> Cited:
    """Return the article in the reader's language; an id that no catalogue knows stands for itself."""
    try:
        provision = provision_of(article)
    except KeyError:
        return Cited(id=article, form=article, summary="", address="")
    rule = CATALOGUE.get(article)
    form, summary = provision.citation_zh, rule.summary_zh if rule else ""
    if _is_english():
        form, summary = provision.citation_en, rule.summary_en if rule else ""
    return Cited(
        id=article,
        form=form,
        summary=summary,
        address=f"{reverse('articles')}#{article}",
        is_national=provision.law is not None,
    )


def text_of(reason: Reason) -> str:
    """Return what a reason says in the reader's language."""
    return reason.text_en if _is_english() else reason.text_zh


def _is_english() -> bool:
    return (translation.get_language() or "").startswith("en")
