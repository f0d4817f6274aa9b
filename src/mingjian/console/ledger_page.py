"""The ledger as a stream to read, filter and print; one entry whole; the last verdict and how to check it oneself."""

import json
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mingjian.base.clock import SystemClock
from mingjian.console import ledger_rows, ledger_scope, ledger_standing, ledger_words, verdicts
from mingjian.console.articles import cite
from mingjian.console.ledger_filter import Filter
from mingjian.console.ledger_scope import Scope
from mingjian.oversight import queries as oversight
from mingjian.people import queries as people
from mingjian.people.capacity import Acting
from mingjian.regulation.articles import ARTICLES

_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class Badge:
    """The verdict as a word and a tone."""

    word: str
    tone: str
    verdict: verdicts.LastVerdict | None


def ledger(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List the entries in scope; `?before=` goes back in time, `?after=` asks only whether there are newer ones."""
    wanted = Filter.parse(request.GET.dict(), kinds=ledger_words.KINDS)
    scope = Scope.of(acting)
    after = _number(request.GET.get("after", ""))
    if after is not None and request.headers.get("HX-Request") == "true":
        newer = ledger_scope.count_newer(scope=scope, wanted=wanted, after_seq=after)
        return render(request, "console/_ledger_news.html", {"newer": newer, "newest": after, "wanted": wanted})
    before = _number(request.GET.get("before", ""))
    page = ledger_scope.read_page(scope=scope, before_seq=before, wanted=wanted)
    return render(
        request,
        "console/ledger.html",
        {
            "days": ledger_rows.days(page.leaves, names=ledger_scope.names_of(page.leaves), bodies=_bodies()),
            "newest": max((leaf.seq for leaf in page.leaves), default=-1),
            "is_first_page": before is None,
            "older_before": page.older_before,
            "wanted": wanted,
            "kinds": [(code, str(word)) for code, word in ledger_words.KINDS.items()],
            "articles": [cite(article.id) for article in ARTICLES],
            "badge": _badge(),
            "standing": ledger_standing.standing_of(settings.HOME, now_90k=_CLOCK.utc()),
            "scope": scope,
            "has_duty_log": acting.is_of_body,
        },
    )


def entry(request: HttpRequest, *, acting: Acting, seq: int) -> HttpResponse:
    """Show one entry with everything that stands in it."""
    scope = Scope.of(acting)
    leaf = ledger_scope.read_one(scope=scope, seq=seq)
    if leaf is None:
        raise Http404
    names = ledger_scope.names_of([leaf])
    return render(
        request,
        "console/ledger_entry.html",
        {
            "line": ledger_rows.line_of(leaf, names=names, bodies=_bodies()),
            "subject": scope.subject_of(leaf.entry),
            "facts": json.dumps(scope.facts_of(leaf.entry), ensure_ascii=False, indent=2, default=str),
            "badge": _badge(),
            "may_ask": oversight.asks_queries(acting),
            "is_about_application": leaf.entry.subject.startswith(("application:", "viewing:")),
            "is_sealed": leaf.entry.kind == ledger_scope.SEALED_KIND,
        },
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _bodies() -> dict[str, str]:
    return {body.code: body.label for body in people.bodies()}


def _badge() -> Badge:
    verdict = verdicts.read(settings.HOME)
    if verdict is None:
        return Badge(_("尚未校验"), "pending", None)
    word, tone = ledger_words.VERDICTS.get(verdict.outcome, (verdict.outcome, "trouble"))
    return Badge(str(word), tone, verdict)
