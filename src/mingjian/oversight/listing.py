"""The catalogue as a page shows it: chapters, articles, rules, each in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mingjian.oversight import tracing, words
from mingjian.oversight.refusals import Refusals
from mingjian.oversight.speech import spoken
from mingjian.oversight.tracing import Place, Trace
from mingjian.regulation.articles import (
    ARTICLES,
    CHAPTERS,
    LAWS,
    PROVISIONS,
    RULES,
    Article,
    Mechanism,
    Number,
    Rule,
    family,
)
from mingjian.regulation.policies import POLICIES, Book


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule. `anchors` are provisions that may be cited as a whole and begin here.

    `tested` is None where only the product is installed and nobody can look.
    """

    rule: Rule
    anchors: tuple[str, ...]
    citation: str
    summary: str
    kind: str
    mechanism: str
    standing: str
    figures: tuple[str, ...]
    exception: str
    decided: tuple[Place, ...]
    called: tuple[Place, ...]
    tested: tuple[Place, ...] | None
    refusals: int


@dataclass(frozen=True, slots=True)
class ArticleBlock:
    """One article with those of its rules that are shown."""

    id: str
    citation: str
    heading: str
    refusals: int
    rules: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True)
class ChapterBlock:
    """One chapter with those of its articles that are shown."""

    number: int
    heading: str
    articles: tuple[ArticleBlock, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page knows beside the catalogue: where rules are at work, today's refusals, the values in force."""

    traces: Mapping[str, Trace]
    refusals: Refusals
    book: Book


def chapters(*, mechanism: Mechanism | None, seen: Seen) -> list[ChapterBlock]:
    """Return what the page lists: everything, or the rules of one mechanism and whatever still holds one."""
    lines = {rule.id: _line(rule, seen=seen) for rule in RULES.values() if mechanism in {None, rule.mechanism}}
    found = []
    for number, (heading_zh, heading_en) in CHAPTERS.items():
        blocks = tuple(
            _block(article, lines=lines, refusals=seen.refusals.by_article.get(article.id, 0))
            for article in ARTICLES
            if article.chapter == number and any(rule.id in lines for rule in family(article.id))
        )
        if blocks:
            found.append(ChapterBlock(number, spoken(heading_zh, heading_en), blocks))
    return found


def national(*, mechanism: Mechanism | None, seen: Seen) -> list[ArticleBlock]:
    """Return the national texts that bind this system, each with those of its rules that are shown."""
    blocks = []
    for law in LAWS.values():
        rules = [rule for rule in family(law.id) if mechanism in {None, rule.mechanism}]
        lines = [_line(rule, seen=seen) for rule in rules]
        if lines:
            blocks.append(
                ArticleBlock(
                    id=law.id,
                    citation=spoken(law.title_zh, law.title_en),
                    heading=spoken(law.edition_zh, law.edition_en),
                    refusals=sum(line.refusals for line in lines),
                    rules=tuple(lines),
                )
            )
    return blocks


def _tested(rule: Rule) -> tuple[Place, ...] | None:
    tests = tracing.folder_of_tests()
    return None if tests is None else tracing.marked_tests(rule.id, tests=tests)


def _block(article: Article, *, lines: Mapping[str, RuleLine], refusals: int) -> ArticleBlock:
    provision = PROVISIONS[article.id]
    return ArticleBlock(
        id=article.id,
        citation=spoken(provision.citation_zh, provision.citation_en),
        heading=spoken(article.heading_zh, article.heading_en),
        refusals=refusals,
        rules=tuple(lines[rule.id] for rule in family(article.id) if rule.id in lines),
    )


def _line(rule: Rule, *, seen: Seen) -> RuleLine:
    trace = seen.traces[rule.id]
    return RuleLine(
        rule=rule,
        anchors=_BEGINNING.get(rule.id, ()),
        citation=spoken(rule.provision.citation_zh, rule.provision.citation_en),
        summary=spoken(rule.summary_zh, rule.summary_en),
        kind=str(words.KINDS[rule.kind]),
        mechanism=str(words.MECHANISMS[rule.mechanism]),
        standing=str(words.STANDINGS[rule.standing]),
        figures=tuple(_figure(number, book=seen.book) for number in rule.numbers),
        exception=_exception(rule),
        decided=trace.decided,
        called=trace.called,
        tested=_tested(rule),
        refusals=seen.refusals.by_citation.get(rule.id, 0),
    )


def _figure(number: Number, *, book: Book) -> str:
    source = str(words.SOURCES[number.source])
    if number.basis_zh:
        source = spoken(number.basis_zh, number.basis_en)
    return _("%(label)s：%(value)s %(unit)s（%(source)s）") % {
        "label": spoken(number.label_zh, number.label_en),
        "value": book.value(number.name) if number.name in POLICIES else number.value,
        "unit": words.UNITS[number.unit],
        "source": source,
    }


def _exception(rule: Rule) -> str:
    if rule.principle is None:
        return ""
    return _("原则上如此；例外由%(authority)s决定并写明理由（%(source)s）") % {
        "authority": spoken(rule.principle.authority_zh, rule.principle.authority_en),
        "source": words.SOURCES[rule.principle.source],
    }


def _beginnings() -> dict[str, Sequence[str]]:
    """Return which provisions have their first rule where; articles and rules of the same name anchor themselves."""
    found: dict[str, list[str]] = {}
    whole = {article.id for article in ARTICLES}
    for provision in PROVISIONS:
        rules = family(provision)
        if rules and provision not in whole and provision not in RULES:
            found.setdefault(rules[0].id, []).append(provision)
    return {rule: tuple(provisions) for rule, provisions in found.items()}


_BEGINNING = {rule: tuple(provisions) for rule, provisions in _beginnings().items()}
