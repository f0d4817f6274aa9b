"""Sign-in as a state: free, counting, locked; and how long a second factor holds. Pure; ticks since 1970 UTC."""

from dataclasses import dataclass

from mingjian.regulation.policies import Book


@dataclass(frozen=True, slots=True)
class LockOut:
    """After how many wrong passwords in a row an account locks, and for how long."""

    after: int
    lasts_90k: int


@dataclass(frozen=True, slots=True)
class SignInState:
    """Wrong passwords in a row, and until when the account answers nobody (None: it answers)."""

    refusals: int
    locked_until_90k: int | None

    def is_locked(self, *, now_90k: int) -> bool:
        """Say whether even the right password is refused at this instant."""
        return self.locked_until_90k is not None and now_90k < self.locked_until_90k


def after_wrong_password(state: SignInState, *, lock_out: LockOut, now_90k: int) -> SignInState:
    """Count one wrong password; so many in a row lock the account for a while.

    Raises ValueError for a locked account: while locked nothing is compared, so nothing can be wrong.
    """
    if state.is_locked(now_90k=now_90k):
        raise ValueError("a locked account compares no password")
    refusals = 1 if state.locked_until_90k is not None else state.refusals + 1
    return SignInState(refusals, now_90k + lock_out.lasts_90k if refusals >= lock_out.after else None)


def lock_out_of(book: Book) -> LockOut:
    """Return the lock-out that the values in force ask for."""
    return LockOut(after=book.value("lock_out_after"), lasts_90k=book.ticks("lock_out_time"))


def after_right_password() -> SignInState:
    """Start counting afresh."""
    return SignInState(0, None)


def is_proof_fresh(*, proved_at_90k: int | None, holds_90k: int, now_90k: int) -> bool:
    """Say whether the second factor given last still counts."""
    return proved_at_90k is not None and now_90k - proved_at_90k < holds_90k


def proof_holds_90k(book: Book, *, is_console: bool) -> int:
    """Return how long a second factor holds: on a console of the control room for a shift, phones stay outside."""
    return book.ticks("proof_on_console" if is_console else "proof_time")
