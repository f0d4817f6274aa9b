"""The search box: points by name and place, applications and ledger entries by number, all within one's scope."""

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.console import ledger_scope, ledger_words
from mingjian.people import narrowing
from mingjian.people.capacity import Acting
from mingjian.people.searching import Hit, Searcher
from mingjian.registry import searching as registry
from mingjian.viewing import searching as viewing

LONGEST = 64


def search(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List what the rooms find for `?q=`."""
    text = request.GET.get("q", "").strip().replace("\x00", "")[:LONGEST]
    chosen = narrowing.chosen_campus(request, acting=acting)
    campuses = (chosen,) if chosen else ()
    hits = [hit for find in SEARCHERS for hit in find(acting=acting, campuses=campuses, text=text)] if text else []
    return render(request, "console/search.html", {"text": text, "hits": hits})


def _ledger(*, acting: Acting, campuses: Collection[str], text: str) -> list[Hit]:
    """Return the ledger entry with this number; the ledger is one for all campuses."""
    del campuses
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return []
    leaf = ledger_scope.read_one(scope=ledger_scope.Scope.of(acting), seq=int(text))
    if leaf is None:
        return []
    address = reverse("ledger_entry", args=[leaf.seq])
    return [Hit(_("操作日志"), str(leaf.seq), ledger_words.kind_word(leaf.entry.kind), address)]


# A room with something to be found adds its searcher here.
SEARCHERS: tuple[Searcher, ...] = (viewing.search, registry.search, _ledger)
