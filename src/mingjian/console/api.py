"""The ledger over the API, and the document that describes the whole of it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from mingjian.console import ledger_scope, verdicts
from mingjian.console.ledger_filter import KIND, Filter
from mingjian.console.ledger_scope import Scope
from mingjian.console.openapi import document
from mingjian.ledger.leaves import Leaf
from mingjian.oversight import api as oversight
from mingjian.oversight import ruling_api
from mingjian.people import api as people
from mingjian.people.capacity import Acting
from mingjian.people.resources import BASE, Call, Listed, Operation, TicksField, resource
from mingjian.people.routing import SignedIn, route
from mingjian.registry import api as registry
from mingjian.viewing import api as viewing


@dataclass(frozen=True, slots=True)
class EntryBody:
    """One entry of the ledger in its place."""

    shard: int
    seq: int
    kind: str
    actor: str
    actor_name: str
    capacity: str
    subject: str
    facts: dict[str, Any]
    articles: tuple[str, ...]
    at_90k: int
    received_at_90k: int
    via: str
    is_signed: bool


@dataclass(frozen=True, slots=True)
class VerdictBody:
    """What the last full verification found; "unverified" since the start of the server."""

    outcome: str
    size: int | None
    pending: int | None
    findings: int | None
    verified_at_90k: int | None


class EntriesForm(forms.Form):
    """Which entries: of one kind, below a number."""

    kind = forms.RegexField(KIND, required=False, max_length=64)
    before = TicksField(required=False)


def entries(call: Call) -> Listed:
    """List the entries within the scope of the capacity, the newest first."""
    scope = Scope.of(call.acting)
    page = ledger_scope.read_page(
        scope=scope, before_seq=call.answers["before"], wanted=Filter(kind=call.answers["kind"])
    )
    return Listed(tuple(_entry(leaf, scope=scope) for leaf in page.leaves), page.older_before)


def verdict(call: Call) -> VerdictBody:
    """Return the last verdict on the whole ledger."""
    last = verdicts.read(settings.HOME)
    if last is None:
        return VerdictBody("unverified", None, None, None, None)
    return VerdictBody(last.outcome, last.size, last.pending, last.findings, last.verified_at_90k)


def openapi(request: HttpRequest, *, acting: Acting) -> JsonResponse:
    """Describe every operation, in the reader's language."""
    return JsonResponse(document(urlpatterns), json_dumps_params={"ensure_ascii": False})


def _entry(leaf: Leaf, *, scope: Scope) -> EntryBody:
    entry = leaf.entry
    return EntryBody(
        shard=leaf.shard,
        seq=leaf.seq,
        kind=entry.kind,
        actor=entry.actor_id,
        actor_name=entry.actor_name,
        capacity=entry.capacity,
        subject=scope.subject_of(entry),
        facts=scope.facts_of(entry),
        articles=tuple(entry.articles),
        at_90k=entry.at_90k,
        received_at_90k=leaf.received_at_90k,
        via=entry.via,
        is_signed=leaf.is_signed,
    )


urlpatterns: list[URLPattern] = [
    resource(
        "ledger/entries/",
        name="ledger_entries",
        rule=SignedIn(),
        get=Operation(entries, _("本身份可查的操作日志"), EntryBody, takes=EntriesForm, is_list=True),
    ),
    resource(
        "ledger/verdict/",
        name="ledger_verdict",
        rule=SignedIn(),
        get=Operation(verdict, _("操作日志最近一次校验"), VerdictBody),
    ),
    *people.urlpatterns,
    *viewing.urlpatterns,
    *registry.urlpatterns,
    *oversight.urlpatterns,
    *ruling_api.urlpatterns,
    route(f"{BASE}openapi.json", openapi, name="api_openapi", rule=SignedIn()),
]
