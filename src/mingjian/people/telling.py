"""What the next page says was done and to what, with the way back where the rules leave one open."""

import json
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Undo:
    """The form that takes an act back: where it goes and what it carries."""

    address: str
    fields: tuple[tuple[str, str], ...] = ()


def done(request: HttpRequest, words: str, *, undo: Undo | None = None) -> None:
    """Say what was done on the page that the person sees next."""
    messages.success(request, words, extra_tags="" if undo is None else json.dumps([undo.address, undo.fields]))


def undo_of(extra_tags: str) -> Undo | None:
    """Return the way back that was kept with a message."""
    if not extra_tags:
        return None
    address, fields = json.loads(extra_tags)
    return Undo(address, tuple((name, value) for name, value in fields))
