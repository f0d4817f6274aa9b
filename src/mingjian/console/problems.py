"""The edge: refusals, named errors and bugs become a page, or problem+json for whoever asked for JSON."""

import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from mingjian.base import ticks
from mingjian.base.clock import SystemClock
from mingjian.base.errors import MingjianError
from mingjian.console.articles import Cited, cite, text_of
from mingjian.console.messages import Fact, Words, words_for, words_of_error
from mingjian.people.routing import RuleRefused, is_api
from mingjian.regulation.decision import Decision

log = logging.getLogger(__name__)
_CLOCK = SystemClock()
_JSON = ("application/json", "application/problem+json")


class NamedErrors:
    """Turns what a view raised into an answer. Bugs are logged once, here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """Answer for a view that raised."""
        match error:
            case RuleRefused():
                return refused(request, error.decision)
            case Http404():
                return not_found(request, error)
            case MingjianError():
                return answer(request, code=error.code, words=words_of_error(error), facts=error.facts)
            case OperationalError() if _is_crossed(error):
                log.warning("acts crossed", extra={"path": request.path})
                return _plain(request, "console.changed_meanwhile")
            case OperationalError() | InterfaceError():
                log.error("database away", extra={"path": request.path, "reason": type(error).__name__})
                return _plain(request, "console.database_away")
            case RequestDataTooBig():
                return too_large(request)
            case BadRequest() | SuspiciousOperation() | PermissionDenied():
                return _plain(request, "console.bad_request")
        log.exception("a page failed", extra={"path": request.path})
        return _plain(request, "console.internal")


def refused(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Answer with what was refused, which article says so and what to do instead."""
    first, *others = decision.reasons
    words = Words(
        text=text_of(first), remedy=" ".join(text_of(reason) for reason in others), status=HTTPStatus.FORBIDDEN
    )
    return answer(request, code=first.code, words=words, articles=decision.articles)


def answer(
    request: HttpRequest,
    *,
    code: str,
    words: Words,
    articles: Sequence[str] = (),
    facts: dict[str, Fact] | None = None,
) -> HttpResponse:
    """Return the page, or the JSON shape `code, message, remedy, facts, articles`."""
    cited = [cite(article) for article in articles]
    at = ticks.to_iso(_CLOCK.utc())
    if _wants_json(request):
        return JsonResponse(
            {
                "code": code,
                "message": words.text,
                "remedy": words.remedy,
                "facts": {**(facts or {}), "at": at},
                "articles": [{"id": article.id, "form": article.form} for article in cited],
            },
            status=words.status,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
    return _page(request, code=code, words=words, cited=cited, at=at)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for an address that is not there, or not there for this person."""
    return _plain(request, "console.not_found")


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer for a request that brings more than its address takes."""
    return _plain(request, "console.too_large")


def too_many_large(request: HttpRequest) -> HttpResponse:
    """Answer for a large request while too many others are on their way."""
    return _plain(request, "console.too_many_large")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for a request that Django would not take."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _plain(request, "console.bad_request")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a bug outside of views."""
    return _plain(request, "console.internal")


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer for a form without a valid CSRF token."""
    return _plain(request, "console.stale_form")


def _is_crossed(error: OperationalError) -> bool:
    """Say whether the database gave one of two acts up in favour of the other: it is there, and trying again helps."""
    return isinstance(error.__cause__, DeadlockDetected | SerializationFailure | LockNotAvailable)


def _plain(request: HttpRequest, code: str) -> HttpResponse:
    return answer(request, code=code, words=words_for(code))


def _page(request: HttpRequest, *, code: str, words: Words, cited: list[Cited], at: str) -> HttpResponse:
    return render(
        request,
        "console/problem.html",
        {"code": code, "words": words, "articles": cited, "at": at},
        status=words.status,
    )


def _wants_json(request: HttpRequest) -> bool:
    if is_api(request):
        return True
    accepted = request.headers.get("Accept", "")
    return any(kind in accepted for kind in _JSON) and "text/html" not in accepted
