"""A viewing session as a state: open, expired, revoked. Pure; instants are ticks since 1970 UTC."""

from enum import StrEnum


class Status(StrEnum):
    """What a viewing session is at an instant. Follows from its row; never stored."""

    OPEN = "open"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Event(StrEnum):
    """What may happen to a viewing session after it was issued."""

    LEASE = "lease"
    REVOKE = "revoke"


ALLOWED: dict[Status, frozenset[Event]] = {
    Status.OPEN: frozenset({Event.LEASE, Event.REVOKE}),
    Status.EXPIRED: frozenset(),
    Status.REVOKED: frozenset(),
}


def status(*, valid_until_90k: int, revoked_at_90k: int | None, now_90k: int) -> Status:
    """Return the state at an instant. Revocation outlives expiry; the last instant of validity is already outside."""
    if revoked_at_90k is not None:
        return Status.REVOKED
    return Status.OPEN if now_90k < valid_until_90k else Status.EXPIRED
