"""What a person is told whose posts are withheld since somebody gave the account a password."""

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mingjian.base.clock import Clock
from mingjian.people import usecases
from mingjian.people.capacity import Acting, held_by
from mingjian.people.models import IN_HAND, Appointment
from mingjian.people.routing import RuleRefused
from mingjian.people.waiting import Waiting
from mingjian.regulation.decision import Decision
from mingjian.regulation.rules.appointing import WITHHELD

REFUSAL = Decision(allowed=False, reasons=(WITHHELD,))


def appointments(*, acting: Acting, now_90k: int) -> list[Appointment]:
    """Return what the person holds and cannot act under."""
    return list(held_by(acting.person, now_90k=now_90k).exclude(IN_HAND))


def words() -> str:
    """Say in the reader's language why, and who changes it."""
    return WITHHELD.text_en if (get_language() or "").startswith("en") else WITHHELD.text_zh


def told(*, acting: Acting, now_90k: int) -> list[Waiting]:
    """Return that posts wait for somebody's confirmation, for who acts without any."""
    count = 0 if acting.appointment is not None else len(appointments(acting=acting, now_90k=now_90k))
    return [Waiting(_("您的职务待确认交接，暂停使用"), count, reverse("capacity"))] if count else []


def refusal(*, acting: Acting, now_90k: int) -> Decision | None:
    """Return why this member of the university cannot act under the post held; None when there is no such post."""
    if acting.appointment is not None or not appointments(acting=acting, now_90k=now_90k):
        return None
    return REFUSAL


def require_in_hand(*, acting: Acting, appointment_id: str | None, path: str, clock: Clock) -> None:
    """Refuse, with an entry in the ledger, to act under an own appointment that is withheld. Raises RuleRefused."""
    if appointment_id in {str(each.pk) for each in appointments(acting=acting, now_90k=clock.utc())}:
        usecases.record_refusal(acting=acting, decision=REFUSAL, path=path, clock=clock)
        raise RuleRefused(REFUSAL)
