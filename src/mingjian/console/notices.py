"""The notices in the top bar: every room tells what waits for this person, the shell only lists it."""

from django.db import Error as DatabaseError

from mingjian.console import ledger_alarms
from mingjian.oversight import matters_waiting
from mingjian.oversight import waiting as oversight
from mingjian.people import leaver_pages, staffing, training_waiting, withheld
from mingjian.people.capacity import Acting
from mingjian.people.waiting import Teller, Waiting
from mingjian.viewing import waiting as viewing

# A room with something that waits adds its teller here.
TELLERS: tuple[Teller, ...] = (
    withheld.told,
    training_waiting.told,
    leaver_pages.told,
    staffing.told,
    viewing.told,
    oversight.told,
    matters_waiting.told,
    ledger_alarms.told,
)


def notices(*, acting: Acting, now_90k: int) -> list[Waiting]:
    """Return all that waits; none when the database is away, which the page itself says."""
    try:
        return [waiting for tell in TELLERS for waiting in tell(acting=acting, now_90k=now_90k)]
    except DatabaseError:
        return []
