"""Both state tables, every state and every event."""

import pytest

from mingjian.viewing.words import STAGES
from mingjian.viewing.workflow import (
    ALLOWED,
    FIRST_STAGES,
    STEPS,
    IllegalStep,
    Stage,
    Status,
    Step,
    after,
    stage_at,
    status,
)

LEGAL = {
    "draft": {"confirm": "submitted", "withdraw": "withdrawn"},
    "at_unit": {"forward": "submitted", "withdraw": "withdrawn"},
    "submitted": {"approve": "approved", "refuse": "refused", "return": "returned", "withdraw": "withdrawn"},
    "refused": {"object": "objected"},
    "objected": {"uphold": "upheld", "reopen": "submitted"},
    "returned": {"resubmit": "submitted", "withdraw": "withdrawn"},
    "approved": {"enter": "in_session", "withdraw": "withdrawn"},
    "in_session": {"finish": "completed"},
}


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("step", list(Step))
def test_each_step_from_each_stage_is_legal_or_raises(stage: Stage, step: Step) -> None:
    expected = LEGAL.get(stage, {}).get(step)

    if expected is None:
        with pytest.raises(IllegalStep):
            after(stage, step)
    else:
        assert after(stage, step) == expected


def test_every_stage_is_reached_and_named() -> None:
    assert FIRST_STAGES | set(STEPS.values()) | {Stage.EXPIRED} == set(Stage) == set(STAGES)


@pytest.mark.parametrize("stage", list(Stage))
def test_only_an_unused_approval_runs_out(stage: Stage) -> None:
    expected = Stage.EXPIRED if stage is Stage.APPROVED else stage

    assert stage_at(stage, valid_until_90k=10, now_90k=10) is expected
    assert stage_at(stage, valid_until_90k=10, now_90k=9) is stage
    assert stage_at(stage, valid_until_90k=None, now_90k=99) is stage


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ({}, Status.OPEN),
        ({"paused_at_90k": 3}, Status.PAUSED),
        ({"paused_at_90k": 3, "valid_until_90k": 9}, Status.EXPIRED),
        ({"revoked_at_90k": 3, "valid_until_90k": 9}, Status.REVOKED),
        ({"closed_at_90k": 4, "revoked_at_90k": 3}, Status.CLOSED),
    ],
)
def test_session_is_what_its_row_says(marks: dict[str, int], expected: Status) -> None:
    row = {"valid_until_90k": 10, "revoked_at_90k": None, **marks}

    assert status(now_90k=9, **row) is expected


def test_only_an_open_session_gives_leases() -> None:
    assert {state for state, events in ALLOWED.items() if "lease" in events} == {Status.OPEN}
    assert set(ALLOWED) == set(Status)
