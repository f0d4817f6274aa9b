"""Who acts, in which capacity, through which door; and the one way an act reaches the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from mingjian.base.ticks import Ticks90k
from mingjian.ledger import append as ledger
from mingjian.ledger import payload
from mingjian.ledger.canonical import JsonValue
from mingjian.people.capacity import Acting

Fact = JsonValue


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts. `capacity` is the appointment acted under (办理身份), `via` the door: web, shell, clerk.

    `on_behalf_of` is the person who lent the post acted in, empty without one: every leaf of such an act says it.
    """

    person_id: str
    name: str
    capacity: str
    via: str
    on_behalf_of: str = ""


SHELL = Actor(person_id="", name="shell", capacity="platform_administrator", via="shell")
CLERK = Actor(person_id="", name="clerk", capacity="machine", via="clerk")


def of(acting: Acting, *, via: str = "web") -> Actor:
    """Return somebody in a capacity as an actor."""
    person = acting.person
    return Actor(
        person_id=str(person.pk),
        name=person.display_name,
        capacity=acting.code,
        via=via,
        on_behalf_of=acting.behalf_id,
    )


@dataclass(frozen=True, slots=True)
class Deed:
    """One of many acts of the same kind: what was acted upon, its facts and articles."""

    subject: str
    facts: Mapping[str, Fact]
    articles: tuple[str, ...] = ()


def record_all(deeds: Iterable[Deed], *, kind: str, actor: Actor, at_90k: int) -> None:
    """Put a leaf for each act into the ledger, in the transaction of them all. As `record`."""
    if not connection.in_atomic_block:
        raise AssertionError("an act and its leaf share one transaction")
    entries = (
        ledger.Entry(
            kind=kind,
            actor_id=actor.person_id,
            actor_name=actor.name,
            capacity=actor.capacity,
            subject=deed.subject,
            facts=deed.facts,
            articles=deed.articles,
            at_90k=Ticks90k(at_90k),
            via=actor.via,
        )
        for deed in deeds
    )
    with connection.cursor() as cursor:
        ledger.append_all(cursor, entries=entries)


def record(
    *,
    kind: str,
    actor: Actor,
    subject: str,
    facts: Mapping[str, Fact],
    at_90k: int,
    articles: tuple[str, ...] = (),
    texts: Mapping[str, str] | None = None,
) -> None:
    """Put the act's leaf into the ledger, in the transaction of the act: both happen or neither.

    `kind` is "room.past_participle", `subject` what was acted upon ("camera:<id>"). `texts` are what somebody wrote in
    words of their own: they become facts too, committed to by the leaf and erasable without it.
    """
    if not connection.in_atomic_block:
        raise AssertionError("an act and its leaf share one transaction")
    with connection.cursor() as cursor:
        said = {name: payload.keep(cursor, text) for name, text in (texts or {}).items()}
        ledger.append(
            cursor,
            entry=ledger.Entry(
                kind=kind,
                actor_id=actor.person_id,
                actor_name=actor.name,
                capacity=actor.capacity,
                subject=subject,
                facts={**facts, **said, **_behalf(actor)},
                articles=articles,
                at_90k=Ticks90k(at_90k),
                via=actor.via,
            ),
        )


def erase_texts(
    *,
    commitments: Sequence[str],
    subject: str,
    facts: Mapping[str, Fact],
    texts: Mapping[str, str],
    articles: tuple[str, ...],
    actor: Actor,
    at_90k: int,
) -> int:
    """Erase what somebody wrote in acts, by the commitments in their leaves, with an act of its own that says why.

    Returns how many texts were still there. The leaves stay.
    """
    if not connection.in_atomic_block:
        raise AssertionError("an act and its leaf share one transaction")
    with connection.cursor() as cursor:
        said = {name: payload.keep(cursor, text) for name, text in texts.items()}
        entry = ledger.Entry(
            kind=payload.ERASED_KIND,
            actor_id=actor.person_id,
            actor_name=actor.name,
            capacity=actor.capacity,
            subject=subject,
            facts={**facts, **said, "commitments": list(commitments), **_behalf(actor)},
            articles=articles,
            at_90k=Ticks90k(at_90k),
            via=actor.via,
        )
        return payload.erase(cursor, commitments=commitments, entry=entry)


def _behalf(actor: Actor) -> Mapping[str, Fact]:
    return {"on_behalf_of": actor.on_behalf_of} if actor.on_behalf_of else {}
