"""Oversight's other part of what waits: complaints and queries, what is overdue first."""

from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.oversight import queries
from mingjian.oversight.workflow import OPEN_COMPLAINTS, InquiryStage
from mingjian.people.capacity import Acting
from mingjian.people.waiting import Waiting


def told(*, acting: Acting, now_90k: int) -> list[Waiting]:
    """Return what waits in this capacity."""
    desk, list_of_queries = reverse("complaint_desk"), reverse("inquiries")
    found: list[Waiting] = []
    if queries.handles_complaints(acting):
        complaints = queries.access_complaints(acting=acting).filter(stage__in=OPEN_COMPLAINTS)
        overdue = complaints.filter(due_at_90k__lte=now_90k)
        found += [
            Waiting(_("逾期未办结的投诉"), overdue.count(), desk),
            Waiting(_("待办理的投诉"), complaints.filter(due_at_90k__gt=now_90k).count(), desk),
        ]
    if queries.answers_queries(acting) or queries.asks_queries(acting):
        unanswered = queries.access_inquiries(acting=acting).filter(stage=InquiryStage.OPEN)
        found.append(
            Waiting(_("逾期未答复的疑问单"), unanswered.filter(due_at_90k__lte=now_90k).count(), list_of_queries)
        )
        if queries.asks_queries(acting):
            answered = queries.access_inquiries(acting=acting).filter(stage=InquiryStage.ANSWERED)
            found.append(Waiting(_("待认可的疑问单答复"), answered.count(), list_of_queries))
        else:
            waiting = unanswered.filter(due_at_90k__gt=now_90k)
            found.append(Waiting(_("待答复的疑问单"), waiting.count(), list_of_queries))
    return [waiting for waiting in found if waiting.count]
