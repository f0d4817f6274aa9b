"""Addresses of this room."""

from mingjian.duty import pages
from mingjian.duty.rules import OperatorOnShift
from mingjian.people.routing import Operator, Proof, route

urlpatterns = [
    route(
        "shift/start/",
        pages.start_shift,
        name="start_shift",
        rule=Operator(),
        methods=("POST",),
        proof=Proof.SECOND_FACTOR,
    ),
    route("shift/end/", pages.end_shift, name="end_shift", rule=Operator(), methods=("POST",)),
    route("wall/", pages.wall, name="wall", rule=OperatorOnShift()),
    route("wall/states/", pages.wall_states, name="wall_states", rule=OperatorOnShift()),
]
