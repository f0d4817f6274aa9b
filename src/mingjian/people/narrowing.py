"""The campus somebody looks at: lists show that one alone. What one may do stays what it is, wherever one may."""

from django.http import HttpRequest

from mingjian.people.capacity import Acting

CAMPUS_COOKIE = "mingjian_campus"


def chosen_campus(request: HttpRequest, *, acting: Acting) -> str:
    """Return the campus chosen, empty for all of them; one out of reach was chosen in another capacity."""
    wanted = request.COOKIES.get(CAMPUS_COOKIE, "")
    return wanted if wanted in acting.campuses else ""


def shown_campuses(request: HttpRequest, *, acting: Acting) -> tuple[str, ...]:
    """Return the campuses whose rows a list shows."""
    chosen = chosen_campus(request, acting=acting)
    return (chosen,) if chosen else acting.campuses
