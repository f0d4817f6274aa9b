"""Cameras and holds are seen by the campus they stand on, and by the unit whose they are."""

from django.db import migrations

from mingjian.people import fences

_OF_CAMERA = fences.exists(
    "registry_camera AS camera",
    where=(
        "camera.id = camera_id AND "
        f"({fences.is_in_reach('camera.campus')} OR {fences.is_of_my_body('camera.owner_id')})"
    ),
)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_row_level_security"),
        ("registry", "0005_owned_points"),
    ]

    operations = [
        fences.fence("registry_camera", fences.is_in_reach("campus"), fences.is_of_my_body("owner_id")),
        fences.fence("registry_hold", _OF_CAMERA),
    ]
