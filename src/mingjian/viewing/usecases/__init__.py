"""What may be done in this room: one function, one act, one transaction, one ledger entry (holds carry their own)."""

from mingjian.viewing.judging import IdCheck
from mingjian.viewing.usecases.applying import forward, resubmit, submit, withdraw
from mingjian.viewing.usecases.assisting import confirm, draft
from mingjian.viewing.usecases.attaching import attach
from mingjian.viewing.usecases.deciding import decide
from mingjian.viewing.usecases.errors import ViewingError
from mingjian.viewing.usecases.holding import settle_holds
from mingjian.viewing.usecases.permitting import issue_session, revoke_session
from mingjian.viewing.usecases.sending import Wish
from mingjian.viewing.usecases.supervising import (
    admit,
    allow_more,
    close_session,
    mark_clue,
    open_session,
    pause,
    resume,
)

__all__ = [
    "IdCheck",
    "ViewingError",
    "Wish",
    "admit",
    "allow_more",
    "attach",
    "close_session",
    "confirm",
    "decide",
    "draft",
    "forward",
    "issue_session",
    "mark_clue",
    "open_session",
    "pause",
    "resubmit",
    "resume",
    "revoke_session",
    "settle_holds",
    "submit",
    "withdraw",
]
