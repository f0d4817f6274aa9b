"""查阅登记台账: every supervised session with what was really served, as the receipts tell it; prints on paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingjian.base.clock import SystemClock
from mingjian.people import narrowing
from mingjian.people import queries as people
from mingjian.people.capacity import Acting
from mingjian.viewing import queries, served

_CLOCK = SystemClock()
MAX_LISTED = 100


def register(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List the sessions of the campuses reached."""
    shown_campuses = narrowing.shown_campuses(request, acting=acting)
    sessions = list(queries.access_sessions(acting=acting).filter(campus__in=shown_campuses)[:MAX_LISTED])
    shown = served.shown_in(sessions)
    now_90k = _CLOCK.utc()
    rows = []
    for session in sessions:
        names = {str(camera.pk): camera.name for camera in session.cameras.all()}
        spans = [(names.get(span.camera_id, ""), span) for span in shown[session.pk].spans]
        rows.append(
            {
                "session": session,
                "status": session.status_at(now_90k=now_90k).value,
                "shown": spans,
                "is_complete": shown[session.pk].is_complete,
            }
        )
    return render(
        request,
        "viewing/register.html",
        {
            "rows": rows,
            "acting": acting,
            "campuses": [campus for campus in people.access_campuses(acting=acting) if campus.pk in shown_campuses],
            "since_90k": min((session.issued_at_90k for session in sessions), default=0),
            "printed_at_90k": now_90k,
        },
    )
