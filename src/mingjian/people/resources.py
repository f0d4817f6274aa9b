"""The thin HTTP API: an address declares its rule and its operations, the use-cases are those of the pages.

JSON in and out. What an operation takes is a form, as on a page; what it gives is a dataclass. From both the OpenAPI
document is written, so that it cannot say anything else than what is done.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _

from mingjian.base.errors import MingjianError
from mingjian.people.capacity import Acting
from mingjian.people.routing import API, Proof, Rule, route

BASE = f"{API.lstrip('/')}v1/"
JSON = "application/json"
MOST_LISTED = 100
FARTHEST = 10_000
LATEST_90K = (1 << 62) - 1

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


class InputError(MingjianError):
    """What was sent is not taken. Codes: "api.not_json", "api.malformed", "api.unknown_field", "api.fields"."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request as an operation sees it; `answers` are the cleaned values of what it takes."""

    request: HttpRequest
    acting: Acting
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that an address does.

    `handle(call, **captured)` returns a `gives`, or `Listed` ones where `is_list`. `takes` reads the body of a POST and
    the query of a GET.
    """

    handle: Callable[..., Any]
    summary: Any
    gives: type
    takes: type[forms.Form] | None = None
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Resource:
    """One address of the API, for the document and for tests."""

    pattern: str
    name: str
    operations: Mapping[str, Operation]


@dataclass(frozen=True, slots=True)
class Listed:
    """Some of many. `next` is what to send as `offset` or `before` for more, None at the end."""

    items: tuple[Any, ...]
    next: int | None = field(default=None)


class TicksField(forms.IntegerField):
    """An instant in 90 kHz ticks since 1970 UTC."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=LATEST_90K, **options)


class OffsetForm(forms.Form):
    """Which part of a list: at most `limit`, after the first `offset`."""

    limit = forms.IntegerField(min_value=1, max_value=MOST_LISTED, required=False)
    offset = forms.IntegerField(min_value=0, max_value=FARTHEST, required=False)


def resource(
    pattern: str,
    *,
    name: str,
    rule: Rule,
    get: Operation | None = None,
    post: Operation | None = None,
    proof: Proof = Proof.NONE,
) -> URLPattern:
    """Declare an address below `/api/v1/` with the rule that opens it, and the proof that its acts ask for."""
    operations = {method: each for method, each in (("GET", get), ("POST", post)) if each is not None}

    def view(request: HttpRequest, *, acting: Acting, **captured: str) -> JsonResponse:
        operation = operations["POST" if request.method == "POST" else "GET"]
        answers = {} if operation.takes is None else _answers(request, operation.takes)
        given = operation.handle(Call(request, acting, answers), **captured)
        return JsonResponse(asdict(given), json_dumps_params={"ensure_ascii": False})

    declared = route(f"{BASE}{pattern}", view, name=f"api_{name}", rule=rule, methods=tuple(operations), proof=proof)
    found = Resource(f"/{BASE}{pattern}", name, operations)
    declared.callback.resource = found  # type: ignore[attr-defined]  # as `routing` does with its facts
    return declared


def resource_of(pattern: URLPattern) -> Resource | None:
    """Return what stands behind an address of the API; None for a page."""
    found = getattr(pattern.callback, "resource", None)
    return found if isinstance(found, Resource) else None


def listed(rows: QuerySet[Row], *, call: Call, shape: Callable[[Row], Item]) -> Listed:
    """Return the part of the rows that was asked for, each in its shape."""
    limit = call.answers.get("limit") or MOST_LISTED
    offset = call.answers.get("offset") or 0
    found = list(rows[offset : offset + limit + 1])
    is_more = len(found) > limit
    return Listed(tuple(shape(row) for row in found[:limit]), offset + limit if is_more else None)


def _answers(request: HttpRequest, takes: type[forms.Form]) -> Mapping[str, Any]:
    """Return the cleaned values of what was sent. Raises InputError."""
    sent = _body(request) if request.method == "POST" else request.GET.dict()
    form = takes()
    for name, value in sent.items():
        if name not in form.fields:
            raise InputError("api.unknown_field", field=name[:64])
        if request.method == "POST" and not _fits(value, form.fields[name]):
            raise InputError("api.fields", **{name: str(_("类型不对"))})
    form = takes(sent)
    if not form.is_valid():
        raise InputError("api.fields", **{name: " ".join(map(str, said)) for name, said in form.errors.items()})
    return form.cleaned_data


def _body(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != JSON:
        raise InputError("api.not_json")
    try:
        sent = json.loads(request.body or b"{}", parse_constant=_no_constant)
        # Escapes can spell half a character, which no database could keep.
        json.dumps(sent, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise InputError("api.malformed") from error
    if not isinstance(sent, dict):
        raise InputError("api.malformed")
    return {name: value for name, value in sent.items() if value is not None}


def _fits(value: object, field: forms.Field) -> bool:
    """Say whether a JSON value has the type of the field: true and 1 are not the same."""
    if isinstance(field, forms.BooleanField):
        return isinstance(value, bool)
    if isinstance(field, forms.IntegerField):
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str)


def _no_constant(name: str) -> Any:
    raise ValueError(name)
