"""Machines of control rooms: entered from the shell, registered on the spot with a code that works once."""

import secrets

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.people import acts, scope, texts
from mingjian.people.acts import Actor
from mingjian.people.capacity import Acting
from mingjian.people.models import Campus, Console, WebSession
from mingjian.people.web_sessions import hash_of
from mingjian.regulation.posts import Post

CODE_BYTES, TOKEN_BYTES = 12, 32
NAME_CHARACTERS = 64


class ConsoleError(MingjianError):
    """A machine cannot be entered or registered: "people.campus_unknown", "people.console_code_wrong"."""


@transaction.atomic(durable=True)
def add_console(*, name: str, campus: str, actor: Actor, clock: Clock) -> tuple[Console, str]:
    """Enter a machine and return it with the code that registers it. The code is shown now and never again."""
    if not Campus.objects.filter(pk=campus).exists():
        raise ConsoleError("people.campus_unknown", campus=campus)
    code = secrets.token_urlsafe(CODE_BYTES)
    name = texts.line(name, field="name", longest=NAME_CHARACTERS)
    console = Console.objects.create(name=name, campus_id=campus, code_hash=hash_of(code))
    acts.record(
        kind="people.console_added",
        actor=actor,
        subject=f"console:{console.pk}",
        facts={"name": name, "campus": campus},
        at_90k=clock.utc(),
    )
    return console, code


@transaction.atomic(durable=True)
def register_console(*, acting: Acting, session: WebSession, code: str, clock: Clock) -> str:
    """Make this machine the one that the code stands for, and return the token its browser keeps.

    Only an operator of the console's campus does so, and a code works once. Raises ConsoleError.
    """
    known = Console.objects.select_for_update().filter(retired_at_90k__isnull=True, campus__in=acting.campuses)
    console = known.filter(code_hash=hash_of(code)).first() if code.isascii() and code else None
    if console is None or Post.OPERATOR not in acting.posts:
        raise ConsoleError("people.console_code_wrong")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    console.code_hash, console.token_hash = "", hash_of(token)
    console.save(update_fields=["code_hash", "token_hash"])
    WebSession.objects.filter(pk=session.pk).update(console=console)
    acts.record(
        kind="people.console_registered",
        actor=acts.of(acting),
        subject=f"console:{console.pk}",
        facts={"name": console.name, "campus": console.campus_id, "body": acting.body},
        at_90k=clock.utc(),
    )
    return token


def console_of(token: str) -> Console | None:
    """Return the machine that a browser's token stands for, if it is in use."""
    if not token or not token.isascii():
        return None
    # Asked while somebody signs in, before there is a scope; whoever has the token knows the machine.
    with scope.machine():
        return Console.objects.filter(token_hash=hash_of(token), retired_at_90k__isnull=True).first()
