"""Addresses of this room."""

from mingjian.people import pages
from mingjian.people.routing import Operator, SignedIn, open_route, route

urlpatterns = [
    open_route("sign-in/", pages.sign_in, name="sign_in", methods=("GET", "POST")),
    route("sign-out/", pages.sign_out, name="sign_out", rule=SignedIn(), methods=("POST",)),
    route("capacity/", pages.capacity, name="capacity", rule=SignedIn(), methods=("GET", "POST")),
    route("sessions/", pages.sessions, name="sessions", rule=SignedIn()),
    route("sessions/console/", pages.register_console, name="register_console", rule=Operator(), methods=("POST",)),
    route("sessions/<str:key_hash>/end/", pages.end_session, name="end_session", rule=SignedIn(), methods=("POST",)),
]
