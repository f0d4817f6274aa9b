"""Addresses of this room."""

from mingjian.people.routing import OfBody, route
from mingjian.registry import pages

urlpatterns = [route("cameras/", pages.cameras, name="cameras", rule=OfBody())]
