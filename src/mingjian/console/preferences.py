"""Language, theme and the campus looked at, kept in cookies. Chinese and the room's own theme come first."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import translation

from mingjian.people.arriving import safe_next
from mingjian.people.narrowing import CAMPUS_COOKIE

LANGUAGE_COOKIE = "mingjian_language"
THEME_COOKIE = "mingjian_theme"
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
THEMES = ("auto", "light", "dark")
# The shape of a campus code; whether it is in reach is asked wherever it is used.
_CAMPUS = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_COOKIE_AGE_S = 365 * 24 * 3600


class Language:
    """Speaks the language of the cookie, else Chinese; the browser's own wishes do not decide for a guard."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with translation.override(language_of(request.COOKIES)):
            response = self._get_response(request)
            response.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response


def language_of(cookies: dict[str, str]) -> str:
    """Return the language that the cookies ask for, if it is one of ours."""
    wanted = cookies.get(LANGUAGE_COOKIE, "")
    return wanted if wanted in LANGUAGES else settings.LANGUAGE_CODE


def theme_of(cookies: dict[str, str]) -> str:
    """Return the theme that the cookies ask for; "auto" lets each page decide."""
    wanted = cookies.get(THEME_COOKIE, "")
    return wanted if wanted in THEMES else "auto"


def choose(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen and go back."""
    response = HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))
    for cookie, field, known in ((LANGUAGE_COOKIE, "language", LANGUAGES), (THEME_COOKIE, "theme", THEMES)):
        chosen = request.POST.get(field, "")
        if chosen in known:
            _keep(response, cookie, chosen)
    campus = request.POST.get("campus")
    if campus is not None and (not campus or _CAMPUS.fullmatch(campus)):
        _keep(response, CAMPUS_COOKIE, campus)
    return response


def _keep(response: HttpResponse, cookie: str, chosen: str) -> None:
    response.set_cookie(
        cookie,
        chosen,
        max_age=_COOKIE_AGE_S,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
