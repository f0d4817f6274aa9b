"""What may be done in this room: one function, one act, one transaction, one ledger entry (holds carry their own)."""

from mingjian.viewing.conducting import IdCheck
from mingjian.viewing.usecases.applying import forward, resubmit, submit, withdraw
from mingjian.viewing.usecases.assisting import confirm, draft
from mingjian.viewing.usecases.attaching import attach
from mingjian.viewing.usecases.attending import note_attended, pause_unattended, take_over
from mingjian.viewing.usecases.deciding import decide
from mingjian.viewing.usecases.errors import ViewingError
from mingjian.viewing.usecases.holding import settle_holds
from mingjian.viewing.usecases.objecting import object_to_refusal, review
from mingjian.viewing.usecases.permitting import (
    issue_session,
    revoke_of_closed_accounts,
    revoke_session,
    withdraw_permission,
)
from mingjian.viewing.usecases.recusing import ask_elsewhere, recuse
from mingjian.viewing.usecases.restricting import restrict
from mingjian.viewing.usecases.searching import begin_showing, mark_segment, remove_segment, search_again
from mingjian.viewing.usecases.seating import admit, allow_more, let_out
from mingjian.viewing.usecases.sending import Wish
from mingjian.viewing.usecases.supervising import close_session, mark_clue, open_session, pause, resume

__all__ = [
    "IdCheck",
    "ViewingError",
    "Wish",
    "admit",
    "allow_more",
    "ask_elsewhere",
    "attach",
    "begin_showing",
    "close_session",
    "confirm",
    "decide",
    "draft",
    "forward",
    "issue_session",
    "let_out",
    "mark_clue",
    "mark_segment",
    "note_attended",
    "object_to_refusal",
    "open_session",
    "pause",
    "pause_unattended",
    "recuse",
    "remove_segment",
    "restrict",
    "resubmit",
    "resume",
    "review",
    "revoke_of_closed_accounts",
    "revoke_session",
    "search_again",
    "settle_holds",
    "submit",
    "take_over",
    "withdraw",
    "withdraw_permission",
]
