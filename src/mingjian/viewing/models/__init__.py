"""Rows of viewing: applications and what is decided on them, supervised sessions. Instants are ticks since 1970 UTC."""

from mingjian.viewing.models.applications import ApplicationDecision, Attachment, ViewingApplication
from mingjian.viewing.models.concerns import Concern
from mingjian.viewing.models.holds import HoldDecision
from mingjian.viewing.models.objections import Objection
from mingjian.viewing.models.sessions import (
    MOST_VIEWERS,
    Clue,
    HeadCountException,
    SessionViewer,
    ViewingSession,
)
from mingjian.viewing.models.shown import Segment, ViewingGrant

__all__ = [
    "MOST_VIEWERS",
    "ApplicationDecision",
    "Attachment",
    "Clue",
    "Concern",
    "HeadCountException",
    "HoldDecision",
    "Objection",
    "Segment",
    "SessionViewer",
    "ViewingApplication",
    "ViewingGrant",
    "ViewingSession",
]
