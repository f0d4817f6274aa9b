"""Two state tables: an application from sending to its end, and the session it is shown in. Pure; instants are ticks.

What follows from an instant (a session or an approval that ran out) is never stored: `status`, `stage_at` derive it.
"""

from enum import StrEnum


class Status(StrEnum):
    """What a viewing session is at an instant. Follows from its row; never stored."""

    OPEN = "open"
    PAUSED = "paused"
    EXPIRED = "expired"
    REVOKED = "revoked"
    CLOSED = "closed"


class Phase(StrEnum):
    """What an unfinished session is at: its operator searches alone, or shows what was marked. Stored codes."""

    SEARCHING = "searching"
    SHOWING = "showing"


class PauseCause(StrEnum):
    """Why a session was paused: by the operator's hand, or because nobody is known to be there. Stored codes."""

    OPERATOR = "operator"
    IDLE = "idle"
    HIDDEN = "hidden"
    LINE = "line"
    UNATTENDED = "unattended"
    TAKEN_OVER = "taken_over"


class Event(StrEnum):
    """What may happen to a viewing session after it was opened."""

    LEASE = "lease"
    SEGMENT = "segment"
    SHOW = "show"
    SEARCH = "search"
    ADMIT = "admit"
    LEAVE = "leave"
    MARK = "mark"
    TAKE_OVER = "take_over"
    PAUSE = "pause"
    RESUME = "resume"
    CLOSE = "close"
    REVOKE = "revoke"


# Whoever is left when a session has run out can still be let out, and somebody can still put an end to it.
_TO_THE_END = frozenset({Event.LEAVE, Event.CLOSE, Event.TAKE_OVER})
_WHILE_IT_STANDS = _TO_THE_END | {Event.SEGMENT, Event.SHOW, Event.SEARCH, Event.ADMIT, Event.MARK, Event.REVOKE}
ALLOWED: dict[Status, frozenset[Event]] = {
    Status.OPEN: _WHILE_IT_STANDS | {Event.LEASE, Event.PAUSE},
    Status.PAUSED: _WHILE_IT_STANDS | {Event.RESUME},
    Status.EXPIRED: _TO_THE_END,
    Status.REVOKED: _TO_THE_END,
    Status.CLOSED: frozenset(),
}
# What belongs to one phase only; everything else may happen in both.
PHASE_OF: dict[Event, Phase] = {
    Event.SEGMENT: Phase.SEARCHING,
    Event.SHOW: Phase.SEARCHING,
    Event.SEARCH: Phase.SHOWING,
    Event.ADMIT: Phase.SHOWING,
}


def status(
    *,
    valid_until_90k: int,
    revoked_at_90k: int | None,
    now_90k: int,
    paused_at_90k: int | None = None,
    closed_at_90k: int | None = None,
) -> Status:
    """Return the state at an instant. Closing outlives revocation, revocation expiry, expiry a pause.

    The last instant of validity is already outside.
    """
    if closed_at_90k is not None:
        return Status.CLOSED
    if revoked_at_90k is not None:
        return Status.REVOKED
    if now_90k >= valid_until_90k:
        return Status.EXPIRED
    return Status.OPEN if paused_at_90k is None else Status.PAUSED


class Stage(StrEnum):
    """Where an application stands. Stored codes; never reuse one. EXPIRED is derived and never stored."""

    DRAFT = "draft"
    AT_UNIT = "at_unit"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REFUSED = "refused"
    OBJECTED = "objected"
    UPHELD = "upheld"
    APPROVED = "approved"
    IN_SESSION = "in_session"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Step(StrEnum):
    """What may happen to an application."""

    CONFIRM = "confirm"
    FORWARD = "forward"
    APPROVE = "approve"
    REFUSE = "refuse"
    OBJECT = "object"
    UPHOLD = "uphold"
    REOPEN = "reopen"
    RETURN = "return"
    RESUBMIT = "resubmit"
    WITHDRAW = "withdraw"
    ENTER = "enter"
    FINISH = "finish"


# While files may still come to an application: before anybody has said the last word.
TAKES_FILES = frozenset({Stage.AT_UNIT, Stage.SUBMITTED, Stage.RETURNED})

STEPS: dict[tuple[Stage, Step], Stage] = {
    (Stage.DRAFT, Step.CONFIRM): Stage.SUBMITTED,
    (Stage.DRAFT, Step.WITHDRAW): Stage.WITHDRAWN,
    (Stage.AT_UNIT, Step.FORWARD): Stage.SUBMITTED,
    (Stage.AT_UNIT, Step.WITHDRAW): Stage.WITHDRAWN,
    (Stage.SUBMITTED, Step.APPROVE): Stage.APPROVED,
    (Stage.SUBMITTED, Step.REFUSE): Stage.REFUSED,
    (Stage.REFUSED, Step.OBJECT): Stage.OBJECTED,
    (Stage.OBJECTED, Step.UPHOLD): Stage.UPHELD,
    (Stage.OBJECTED, Step.REOPEN): Stage.SUBMITTED,
    (Stage.SUBMITTED, Step.RETURN): Stage.RETURNED,
    (Stage.SUBMITTED, Step.WITHDRAW): Stage.WITHDRAWN,
    (Stage.RETURNED, Step.RESUBMIT): Stage.SUBMITTED,
    (Stage.RETURNED, Step.WITHDRAW): Stage.WITHDRAWN,
    (Stage.APPROVED, Step.ENTER): Stage.IN_SESSION,
    (Stage.APPROVED, Step.WITHDRAW): Stage.WITHDRAWN,
    (Stage.IN_SESSION, Step.FINISH): Stage.COMPLETED,
}
FIRST_STAGES = frozenset({Stage.DRAFT, Stage.AT_UNIT, Stage.SUBMITTED})
STORED_STAGES = frozenset(Stage) - {Stage.EXPIRED}


class IllegalStep(ValueError):
    """An application that stands where it stands cannot take this step."""

    def __init__(self, stage: Stage, step: Step) -> None:
        self.stage, self.step = stage, step
        super().__init__(f"{step} from {stage}")


def after(stage: Stage, step: Step) -> Stage:
    """Return where the step leads. Raises IllegalStep."""
    try:
        return STEPS[stage, step]
    except KeyError:
        raise IllegalStep(stage, step) from None


def stage_at(stage: Stage, *, valid_until_90k: int | None, now_90k: int) -> Stage:
    """Return the stage at an instant: an approval that nobody used ends with its validity."""
    if stage is Stage.APPROVED and valid_until_90k is not None and now_90k >= valid_until_90k:
        return Stage.EXPIRED
    return stage
