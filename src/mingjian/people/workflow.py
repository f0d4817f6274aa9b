"""Sign-in as a state: free, counting, locked; and how long a second factor holds. Pure; ticks since 1970 UTC."""

from dataclasses import dataclass

from mingjian.base.ticks import TICKS_PER_S

MINUTE_90K = 60 * TICKS_PER_S
MAX_REFUSALS = 5
LOCKED_90K = 15 * MINUTE_90K
# How long a second factor given holds; on a console of the control room for a shift, since phones stay outside.
PROOF_90K = 10 * MINUTE_90K
PROOF_ON_CONSOLE_90K = 12 * 60 * MINUTE_90K


@dataclass(frozen=True, slots=True)
class SignInState:
    """Wrong passwords in a row, and until when the account answers nobody (None: it answers)."""

    refusals: int
    locked_until_90k: int | None

    def is_locked(self, *, now_90k: int) -> bool:
        """Say whether even the right password is refused at this instant."""
        return self.locked_until_90k is not None and now_90k < self.locked_until_90k


def after_wrong_password(state: SignInState, *, now_90k: int) -> SignInState:
    """Count one wrong password; the fifth in a row locks for fifteen minutes.

    Raises ValueError for a locked account: while locked nothing is compared, so nothing can be wrong.
    """
    if state.is_locked(now_90k=now_90k):
        raise ValueError("a locked account compares no password")
    refusals = 1 if state.locked_until_90k is not None else state.refusals + 1
    return SignInState(refusals, now_90k + LOCKED_90K if refusals >= MAX_REFUSALS else None)


def after_right_password() -> SignInState:
    """Start counting afresh."""
    return SignInState(0, None)


def is_proof_fresh(*, proved_at_90k: int | None, is_console: bool, now_90k: int) -> bool:
    """Say whether the second factor given last still counts."""
    holds_90k = PROOF_ON_CONSOLE_90K if is_console else PROOF_90K
    return proved_at_90k is not None and now_90k - proved_at_90k < holds_90k
