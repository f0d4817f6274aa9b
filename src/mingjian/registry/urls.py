"""Addresses of this room."""

from mingjian.people.routing import OfBody, route
from mingjian.registry import pages
from mingjian.registry.rules import CameraInReach, CameraToMove

urlpatterns = [
    route("cameras/", pages.cameras, name="cameras", rule=OfBody()),
    route("cameras/<str:camera_id>/", pages.camera, name="camera", rule=CameraInReach()),
    route("cameras/<str:camera_id>/move/", pages.move, name="move_camera", rule=CameraToMove(), methods=("POST",)),
]
