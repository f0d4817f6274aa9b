"""Every state of signing in against every event."""

import pytest

from mingjian.people import workflow
from mingjian.people.workflow import SignInState, after_right_password
from mingjian.regulation.policies import DEFAULTS

LOCK_OUT = workflow.lock_out_of(DEFAULTS)
MAX_REFUSALS, LOCKED_90K = LOCK_OUT.after, LOCK_OUT.lasts_90k


def after_wrong_password(state: SignInState, *, now_90k: int) -> SignInState:
    return workflow.after_wrong_password(state, lock_out=LOCK_OUT, now_90k=now_90k)


FREE = SignInState(0, None)


def test_wrong_passwords_lock_only_at_the_fifth() -> None:
    state = FREE
    for count in range(1, MAX_REFUSALS):
        state = after_wrong_password(state, now_90k=100)
        assert state == SignInState(count, None)

    state = after_wrong_password(state, now_90k=100)

    assert state == SignInState(MAX_REFUSALS, 100 + LOCKED_90K)
    assert state.is_locked(now_90k=100 + LOCKED_90K - 1)
    assert not state.is_locked(now_90k=100 + LOCKED_90K)


def test_wrong_password_starts_afresh_when_a_lock_has_run_out() -> None:
    assert after_wrong_password(SignInState(MAX_REFUSALS, 100), now_90k=100) == SignInState(1, None)


def test_wrong_password_is_impossible_while_locked() -> None:
    with pytest.raises(ValueError, match="locked"):
        after_wrong_password(SignInState(MAX_REFUSALS, 100), now_90k=99)


def test_right_password_forgets_the_count() -> None:
    assert after_right_password() == FREE
