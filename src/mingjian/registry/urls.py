"""Addresses of this room."""

from mingjian.people.routing import OfBody, route
from mingjian.registry import pages
from mingjian.registry.rules import PointInReach, PointToMove

urlpatterns = [
    route("cameras/", pages.cameras, name="cameras", rule=OfBody()),
    route("cameras/<str:camera_id>/", pages.camera, name="camera", rule=PointInReach()),
    route("cameras/<str:camera_id>/move/", pages.move, name="move_camera", rule=PointToMove(), methods=("POST",)),
]
