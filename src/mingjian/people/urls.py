"""Addresses of this room."""

from mingjian.people import pages
from mingjian.people.routing import SignedIn, open_route, route

urlpatterns = [
    open_route("sign-in/", pages.sign_in, name="sign_in", methods=("GET", "POST")),
    route("sign-out/", pages.sign_out, name="sign_out", rule=SignedIn(), methods=("POST",)),
]
