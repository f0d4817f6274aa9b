"""Headers of every answer: what the browser may load, and that nothing is kept."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase

_FIXED = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "media-src 'self' blob:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)
# Anything else below the static address is a page about what went wrong.
_FILE_STATUSES = frozenset({HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.NOT_MODIFIED})
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), display-capture=(), usb=()",
}


class SecurityHeaders:
    """Sets the headers; static files may be cached, pages may not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        # A file that somebody handed in brings a stricter one of its own.
        response.setdefault("Content-Security-Policy", content_security_policy(request))
        for header, value in _HEADERS.items():
            response.setdefault(header, value)
        is_file = request.path.startswith(settings.STATIC_URL) and response.status_code in _FILE_STATUSES
        if not is_file:
            response["Cache-Control"] = "no-store"
        return response


def media_origin(request: HttpRequest) -> str:
    """Return scheme, host and port of the media socket: the same host, the other port."""
    scheme = "wss" if request.is_secure() else "ws"
    host, _port = split_domain_port(request.get_host())
    return f"{scheme}://{host}:{settings.HOME.media_port}"


def content_security_policy(request: HttpRequest) -> str:
    """Return the policy; sockets only to ourselves and to exactly the media port of the same host."""
    try:
        own = f"{'wss' if request.is_secure() else 'ws'}://{request.get_host()}"
        sockets = f"connect-src 'self' {own} {media_origin(request)}"
    except DisallowedHost:
        sockets = "connect-src 'none'"
    return "; ".join((*_FIXED, sockets))
