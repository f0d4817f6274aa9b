"""What remains to be done about the footage that applications have locked: from when on it may be let go."""

from collections.abc import Sequence
from dataclasses import dataclass

from mingjian.registry.models import Hold
from mingjian.regulation.policies import Book
from mingjian.viewing.models import ViewingApplication
from mingjian.viewing.workflow import Stage

_OVER = {Stage.REFUSED, Stage.UPHELD, Stage.WITHDRAWN, Stage.COMPLETED, Stage.EXPIRED}
# As stored: an approval runs out without anybody's doing.
MAY_BE_OVER = frozenset({*_OVER, Stage.APPROVED})


@dataclass(frozen=True, slots=True)
class Held:
    """The holds of one application that concern a capacity. `free_from_90k` None: the application is still open."""

    application: ViewingApplication
    stage: Stage
    holds: tuple[Hold, ...]
    free_from_90k: int | None
    is_due: bool


def held_of(*, application: ViewingApplication, holds: Sequence[Hold], now_90k: int) -> Held:
    """Return the holds with what remains to be done: due when somebody may let them go and nobody has decided."""
    free_from_90k = free_from(application, now_90k=now_90k)
    stands = any(hold.released_at_90k is None for hold in holds)
    return Held(
        application=application,
        stage=application.stage_at(now_90k=now_90k),
        holds=tuple(holds),
        free_from_90k=free_from_90k,
        is_due=stands and free_from_90k is not None and now_90k >= free_from_90k,
    )


def free_from(application: ViewingApplication, *, now_90k: int) -> int | None:
    """Return from when on the footage may be let go, None while the application is open."""
    stage = application.stage_at(now_90k=now_90k)
    if stage not in _OVER:
        return None
    ends = [one.keep_until_90k for one in application.hold_decisions.all() if one.keep_until_90k is not None]
    decision = application.final_decision
    if stage is Stage.EXPIRED and decision is not None and decision.valid_until_90k is not None:
        ends.append(decision.valid_until_90k)
    else:
        ends.append(application.held_until_90k)
    return max(ends)


def held_until_after(stage: Stage, *, book: Book, now_90k: int) -> int:
    """Return until when the applicant is told that the footage stays, once the application has ended in this stage.

    A refusal against which no more can be said leaves nothing to wait for: it ends as one that was upheld.
    """
    period = {Stage.REFUSED: "objection_period", Stage.COMPLETED: "case_hold"}.get(stage)
    return now_90k if period is None else now_90k + book.ticks(period)
