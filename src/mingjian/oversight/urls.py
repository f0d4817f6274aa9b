"""Addresses of this room."""

from mingjian.oversight import pages
from mingjian.people.routing import SignedIn, route

urlpatterns = [
    route("articles/", pages.articles, name="articles", rule=SignedIn()),
    route("matrix/", pages.matrix, name="matrix", rule=SignedIn()),
]
