"""Locked footage: what becomes of it when an application ends, and the reviewer's word that lets it go or keeps it."""

from collections.abc import Collection

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.people import acts, policy
from mingjian.people.acts import Actor
from mingjian.people.capacity import Acting
from mingjian.registry import usecases as registry
from mingjian.registry.models import Hold
from mingjian.regulation.rules.holding import DAY_90K
from mingjian.viewing import holding, judging
from mingjian.viewing.models import HoldDecision, ViewingApplication
from mingjian.viewing.usecases import refusals
from mingjian.viewing.usecases.errors import ViewingError
from mingjian.viewing.usecases.sending import LONGEST_REASON, worded
from mingjian.viewing.words import HoldChoice, HoldOutcome
from mingjian.viewing.workflow import Stage


def settle_holds(
    *,
    application: ViewingApplication,
    hold_ids: Collection[str],
    outcome: HoldOutcome,
    reason: str,
    keep_days: int | None,
    acting: Acting,
    clock: Clock,
) -> list[HoldDecision]:
    """Let the named holds of an application go, or keep them for some days more; nothing lets them go by itself.

    `keep_days` (None: usual) is for keeping. Raises RuleRefused, which is recorded, and ViewingError or RegistryError.
    """
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=application, clock=clock), transaction.atomic(durable=True):
        row = ViewingApplication.objects.select_for_update().get(pk=application.pk)
        now_90k = clock.utc()
        holds = list(
            row.holds.filter(pk__in=hold_ids, released_at_90k__isnull=True).select_related("camera").order_by("pk")
        )
        if not holds or len(holds) != len(set(hold_ids)):
            raise ViewingError("viewing.hold_settled", ticket=row.ticket)
        weigh = judging.may_release if outcome is HoldOutcome.RELEASED else judging.may_keep
        grounds = refusals.require(weigh(acting=acting, application=row, holds=holds, now_90k=now_90k))
        if not reason.strip():
            raise ViewingError("viewing.hold_reason_missing", ticket=row.ticket)
        said = worded(reason, most=LONGEST_REASON)
        book = policy.in_force(at_90k=now_90k)
        wanted = book.value("keeping_usual") if keep_days is None else keep_days
        days = min(max(wanted, 1), book.value("keeping_longest"))
        keep_until_90k = now_90k + days * DAY_90K if outcome is HoldOutcome.KEPT else None
        decisions = HoldDecision.objects.bulk_create(
            HoldDecision(
                application=row,
                hold=hold,
                outcome=outcome.value,
                decider=acting.person,
                capacity=actor.capacity,
                reason=said,
                decided_at_90k=now_90k,
                keep_until_90k=keep_until_90k,
                policy_version=book.version,
            )
            for hold in holds
        )
        acts.record(
            kind=f"viewing.holds_{outcome.value}",
            actor=actor,
            subject=refusals.subject_of(row),
            facts={
                "campus": row.campus_id,
                "ticket": row.ticket,
                "holds": tuple(str(hold.pk) for hold in holds),
                "keep_until_90k": keep_until_90k,
                "policy_version": book.version,
            },
            texts={"reason": said},
            at_90k=now_90k,
            articles=grounds,
        )
        if outcome is HoldOutcome.RELEASED:
            _release(holds, reason=said, actor=actor, clock=clock)
    return decisions


def settle_at_closing(row: ViewingApplication, *, choice: HoldChoice, actor: Actor, clock: Clock) -> None:
    """Do as the operator said when the viewing was closed: let the footage go, or keep it for the case.

    Within the transaction that completes the locked row, before the row is saved.
    """
    now_90k = clock.utc()
    book = policy.in_force(at_90k=now_90k)
    row.held_until_90k = holding.held_until_after(Stage.COMPLETED, book=book, now_90k=now_90k)
    if choice is HoldChoice.RELEASE:
        row.held_until_90k = now_90k
        standing = row.holds.filter(released_at_90k__isnull=True).select_related("camera").order_by("pk")
        _release(list(standing), reason="viewing_closed", actor=actor, clock=clock)


def _release(holds: list[Hold], *, reason: str, actor: Actor, clock: Clock) -> None:
    for hold in holds:
        registry.release_hold(hold=hold, reason=reason, actor=actor, clock=clock)
