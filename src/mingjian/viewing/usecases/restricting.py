"""Closing an application to all but those named, and opening it again. The ledger tells that it was done, not who."""

from collections.abc import Collection

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.people import acts
from mingjian.people.capacity import Acting
from mingjian.people.queries import handlers_of_campus
from mingjian.viewing import judging
from mingjian.viewing.models import ViewingApplication
from mingjian.viewing.usecases import refusals
from mingjian.viewing.usecases.errors import ViewingError
from mingjian.viewing.usecases.sending import LONGEST_REASON, worded
from mingjian.viewing.usecases.stepping import locked


def restrict(
    *,
    application: ViewingApplication,
    version: int,
    named_ids: Collection[str],
    reason: str,
    acting: Acting,
    clock: Clock,
) -> ViewingApplication:
    """Let only the named, the applicant and who does this know of an application from now on; nobody named opens it.

    Raises RuleRefused, which is recorded, and ViewingError("viewing.stale", "viewing.not_a_handler").
    """
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=application, clock=clock), transaction.atomic(durable=True):
        row = locked(application, version=version)
        grounds = refusals.require(judging.may_restrict(acting=acting, application=row))
        now_90k = clock.utc()
        known = {str(person.pk): person.pk for person in handlers_of_campus(campus=row.campus_id, now_90k=now_90k)}
        if not known.keys() >= set(named_ids):
            raise ViewingError("viewing.not_a_handler", ticket=row.ticket)
        # Who closes it has to be able to open it again.
        row.named_ids = sorted({acting.person.pk, *(known[one] for one in named_ids)}) if named_ids else None
        row.version += 1
        row.save(update_fields=["named_ids", "version"])
        acts.record(
            kind="viewing.application_restricted" if named_ids else "viewing.application_unrestricted",
            actor=actor,
            subject=refusals.subject_of(row),
            facts={"ticket": row.ticket, "version": row.version},
            texts={
                "named": " ".join(str(one) for one in row.named_ids or ()),
                "reason": worded(reason, most=LONGEST_REASON),
            },
            at_90k=now_90k,
            articles=grounds,
        )
    return row
