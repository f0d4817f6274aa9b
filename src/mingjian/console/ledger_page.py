"""The ledger as a list, with the last verdict and how to check it oneself."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mingjian.console import ledger_scope, ledger_words, verdicts
from mingjian.console.articles import cite
from mingjian.console.ledger_details import detail_of
from mingjian.console.ledger_scope import KIND, Scope
from mingjian.ledger.leaves import Leaf
from mingjian.people import queries as people
from mingjian.people.capacity import Acting


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a row."""

    leaf: Leaf
    kind: str
    actor: str
    capacity: str
    subject: str
    detail: str
    via: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Badge:
    """The verdict as a word and a tone."""

    word: str
    tone: str
    verdict: verdicts.LastVerdict | None


def ledger(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List the entries in scope; `?kind=` filters, `?before=` goes back in time."""
    before = request.GET.get("before", "")
    kind = request.GET.get("kind", "")
    kind = kind if KIND.fullmatch(kind) else ""
    scope = Scope.of(acting)
    page = ledger_scope.read_page(
        scope=scope,
        before_seq=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
        kind=kind or None,
    )
    names = ledger_scope.names_of(page.leaves)
    bodies = {body.code: body.label for body in people.bodies()}
    return render(
        request,
        "console/ledger.html",
        {
            "lines": [_line(leaf, names, bodies) for leaf in page.leaves],
            "older_before": page.older_before,
            "kind": kind,
            "kinds": [(code, str(word)) for code, word in ledger_words.KINDS.items()],
            "badge": _badge(),
            "scope": scope,
        },
    )


def _line(leaf: Leaf, names: dict[str, str], bodies: dict[str, str]) -> Line:
    entry = leaf.entry
    kind, _sep, subject_id = entry.subject.partition(":")
    return Line(
        leaf=leaf,
        kind=ledger_words.kind_word(entry.kind),
        actor=names.get(entry.actor_id) or ledger_words.actor_word(entry.actor_name or entry.actor_id),
        capacity=ledger_words.capacity_word(entry.capacity, bodies=bodies),
        subject=names.get(subject_id, "") if kind in {"camera", "person"} else "",
        detail=detail_of(entry, names=names),
        via=ledger_words.via_word(entry.via),
        articles=tuple(dict.fromkeys(cite(article).form for article in entry.articles)),
    )


def _badge() -> Badge:
    verdict = verdicts.read(settings.HOME)
    if verdict is None:
        return Badge(_("尚未校验"), "pending", None)
    word, tone = ledger_words.VERDICTS.get(verdict.outcome, (verdict.outcome, "trouble"))
    return Badge(str(word), tone, verdict)
