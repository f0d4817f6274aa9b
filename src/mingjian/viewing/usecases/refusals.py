"""A refusal is recorded in a transaction of its own, so that it survives the rollback of the act it refused."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.people import acts
from mingjian.people.acts import Actor
from mingjian.people.models import Campus
from mingjian.people.routing import RuleRefused
from mingjian.regulation.decision import Decision
from mingjian.viewing.models import ViewingApplication, ViewingSession

Matter = ViewingApplication | ViewingSession | Campus


def require(decision: Decision) -> tuple[str, ...]:
    """Return the articles an allowed act rests on. Raises RuleRefused."""
    if not decision.allowed:
        raise RuleRefused(decision)
    return decision.articles


@contextmanager
def recorded(*, actor: Actor, about: Matter, clock: Clock) -> Iterator[None]:
    """Carry an act; a refusal out of it becomes an entry of its own and goes on to the edge."""
    campus = about.pk if isinstance(about, Campus) else about.campus_id
    try:
        yield
    except RuleRefused as refused:
        with transaction.atomic():
            acts.record(
                kind="viewing.refused",
                actor=actor,
                subject=subject_of(about),
                facts={"codes": [reason.code for reason in refused.decision.reasons], "campus": campus},
                at_90k=clock.utc(),
                articles=refused.decision.articles,
            )
        raise


def subject_of(about: Matter) -> str:
    """Return how the ledger names it: by its campus, while there is nothing else yet."""
    match about:
        case ViewingApplication():
            return f"application:{about.pk}"
        case ViewingSession():
            return f"viewing:{about.pk}"
    return f"campus:{about.pk}"
