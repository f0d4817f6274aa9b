"""Addresses of this room."""

from mingjian.people.routing import Operator, route
from mingjian.registry import pages

urlpatterns = [route("cameras/", pages.cameras, name="cameras", rule=Operator())]
