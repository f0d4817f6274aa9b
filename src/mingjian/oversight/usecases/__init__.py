"""Writes of complaints and queries: one function, one act of a person, one transaction, one ledger entry."""

from mingjian.oversight.usecases.asking import accept, answer, ask, ask_again, hand_inquiry_over
from mingjian.oversight.usecases.complaining import Grievance, complain, withdraw
from mingjian.oversight.usecases.errors import OversightError
from mingjian.oversight.usecases.handling import accept_complaint, answer_complaint, decline, hand_over, restrict

__all__ = (
    "Grievance",
    "OversightError",
    "accept",
    "accept_complaint",
    "answer",
    "answer_complaint",
    "ask",
    "ask_again",
    "complain",
    "decline",
    "hand_inquiry_over",
    "hand_over",
    "restrict",
    "withdraw",
)
