"""查阅登记台账: every supervised session with what was really served, as the receipts tell it; prints on paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingjian.base.clock import SystemClock
from mingjian.people.capacity import Acting
from mingjian.viewing import queries, served
from mingjian.viewing.models import ViewingSession
from mingjian.viewing.workflow import Phase

_CLOCK = SystemClock()
MAX_LISTED = 100


def register(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List the sessions of the campuses reached."""
    sessions = list(queries.access_sessions(acting=acting)[:MAX_LISTED])
    since_90k = min((session.issued_at_90k for session in sessions), default=0)
    turns = {session.pk: _turns_of_showing(session) for session in sessions}
    grants = [grant for of_session in turns.values() for grant in of_session]
    spans = served.spans_of(grant_ids=grants, since_90k=since_90k)
    now_90k = _CLOCK.utc()
    rows = []
    for session in sessions:
        names = {str(camera.pk): camera.name for camera in session.cameras.all()}
        played = served.joined([span for grant in turns[session.pk] for span in spans[grant]])
        shown = [(names.get(span.camera_id, ""), span) for span in played]
        rows.append({"session": session, "status": session.status_at(now_90k=now_90k).value, "shown": shown})
    return render(request, "viewing/register.html", {"rows": rows, "acting": acting, "printed_at_90k": now_90k})


def _turns_of_showing(session: ViewingSession) -> list[str]:
    """Return the grants under which somebody was shown something; what the operator searched alone is not shown."""
    return [str(grant.pk) for grant in session.grants.all() if grant.phase == Phase.SHOWING]
