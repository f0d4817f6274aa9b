"""Two state tables: a complaint from being made to its answer, and an auditor's query. Pure."""

from collections.abc import Mapping
from enum import StrEnum


class IllegalStep(ValueError):
    """The table has no such step from there."""


class ComplaintStage(StrEnum):
    """Where a complaint stands. Stored codes."""

    FILED = "filed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class ComplaintStep(StrEnum):
    """What is done about a complaint. Stored codes; `FILE` is how it begins."""

    FILE = "file"
    ACCEPT = "accept"
    DECLINE = "decline"
    ANSWER = "answer"
    HAND_OVER = "hand_over"
    RESTRICT = "restrict"
    WITHDRAW = "withdraw"


class InquiryStage(StrEnum):
    """Where a query stands. Stored codes."""

    OPEN = "open"
    ANSWERED = "answered"
    SETTLED = "settled"


class InquiryStep(StrEnum):
    """What is done about a query. Stored codes; `ASK` is how it begins."""

    ASK = "ask"
    ANSWER = "answer"
    ACCEPT = "accept"
    ASK_AGAIN = "ask_again"
    HAND_OVER = "hand_over"


# By the complainant: everything else is done by who deals with it.
BY_COMPLAINANT = frozenset({ComplaintStep.FILE, ComplaintStep.WITHDRAW})
_COMPLAINT: Mapping[tuple[ComplaintStage, ComplaintStep], ComplaintStage] = {
    (ComplaintStage.FILED, ComplaintStep.ACCEPT): ComplaintStage.ACCEPTED,
    (ComplaintStage.FILED, ComplaintStep.DECLINE): ComplaintStage.DECLINED,
    (ComplaintStage.FILED, ComplaintStep.HAND_OVER): ComplaintStage.FILED,
    (ComplaintStage.FILED, ComplaintStep.RESTRICT): ComplaintStage.FILED,
    (ComplaintStage.FILED, ComplaintStep.WITHDRAW): ComplaintStage.WITHDRAWN,
    (ComplaintStage.ACCEPTED, ComplaintStep.ANSWER): ComplaintStage.ANSWERED,
    (ComplaintStage.ACCEPTED, ComplaintStep.HAND_OVER): ComplaintStage.FILED,
    (ComplaintStage.ACCEPTED, ComplaintStep.RESTRICT): ComplaintStage.ACCEPTED,
    (ComplaintStage.ACCEPTED, ComplaintStep.WITHDRAW): ComplaintStage.WITHDRAWN,
}
_INQUIRY: Mapping[tuple[InquiryStage, InquiryStep], InquiryStage] = {
    (InquiryStage.OPEN, InquiryStep.ANSWER): InquiryStage.ANSWERED,
    (InquiryStage.OPEN, InquiryStep.HAND_OVER): InquiryStage.OPEN,
    (InquiryStage.ANSWERED, InquiryStep.ACCEPT): InquiryStage.SETTLED,
    (InquiryStage.ANSWERED, InquiryStep.ASK_AGAIN): InquiryStage.OPEN,
    (InquiryStage.ANSWERED, InquiryStep.HAND_OVER): InquiryStage.OPEN,
}
OPEN_COMPLAINTS = frozenset({ComplaintStage.FILED, ComplaintStage.ACCEPTED})
OPEN_INQUIRIES = frozenset({InquiryStage.OPEN, InquiryStage.ANSWERED})


def complaint_after(stage: ComplaintStage, step: ComplaintStep) -> ComplaintStage:
    """Return where a complaint stands after a step. Raises IllegalStep."""
    try:
        return _COMPLAINT[stage, step]
    except KeyError as error:
        raise IllegalStep(f"{stage} {step}") from error


def inquiry_after(stage: InquiryStage, step: InquiryStep) -> InquiryStage:
    """Return where a query stands after a step. Raises IllegalStep."""
    try:
        return _INQUIRY[stage, step]
    except KeyError as error:
        raise IllegalStep(f"{stage} {step}") from error


def complaint_steps(stage: ComplaintStage) -> frozenset[ComplaintStep]:
    """Return what can be done with a complaint that stands there."""
    return frozenset(step for at, step in _COMPLAINT if at is stage)


def inquiry_steps(stage: InquiryStage) -> frozenset[InquiryStep]:
    """Return what can be done with a query that stands there."""
    return frozenset(step for at, step in _INQUIRY if at is stage)
