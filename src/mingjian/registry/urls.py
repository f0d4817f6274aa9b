"""Addresses of this room."""

from mingjian.people.routing import Staff, route
from mingjian.registry import pages

urlpatterns = [route("cameras/", pages.cameras, name="cameras", rule=Staff())]
