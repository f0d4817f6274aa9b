"""Addresses of this room."""

from mingjian.oversight import pages, ruling_pages
from mingjian.oversight.rules import RulingBody
from mingjian.people.routing import Proof, SignedIn, route

urlpatterns = [
    route("articles/", pages.articles, name="articles", rule=SignedIn()),
    route("matrix/", pages.matrix, name="matrix", rule=SignedIn()),
    route("policies/", ruling_pages.policies, name="policies", rule=SignedIn()),
    route("readings/", ruling_pages.readings, name="readings", rule=SignedIn()),
    route("policies/<str:topic>/", ruling_pages.topic, name="policy", rule=SignedIn()),
    route(
        "policies/<str:topic>/propose/",
        ruling_pages.propose,
        name="propose_ruling",
        rule=RulingBody(),
        methods=("POST",),
        proof=Proof.SECOND_FACTOR,
    ),
    route(
        "rulings/<str:ruling_id>/confirm/",
        ruling_pages.confirm,
        name="confirm_ruling",
        rule=RulingBody(),
        methods=("POST",),
        proof=Proof.SECOND_FACTOR,
    ),
    route(
        "rulings/<str:ruling_id>/turn-down/",
        ruling_pages.turn_down,
        name="turn_down_ruling",
        rule=RulingBody(),
        methods=("POST",),
        proof=Proof.SECOND_FACTOR,
    ),
]
