"""Addresses of this room."""

from mingjian.people.routing import SignedIn, route
from mingjian.viewing import pages
from mingjian.viewing.rules import OwnOpenSession

urlpatterns = [
    route("viewings/", pages.mine, name="my_viewings", rule=SignedIn()),
    route("playback/<str:session_id>/", pages.playback, name="playback", rule=OwnOpenSession()),
]
