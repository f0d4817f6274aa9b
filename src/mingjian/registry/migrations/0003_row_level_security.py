"""Cameras and holds are seen by the campus they belong to."""

from django.db import migrations

from mingjian.people import fences

_OF_CAMERA = fences.exists(
    "registry_camera AS camera", where=f"camera.id = camera_id AND {fences.is_in_reach('camera.campus')}"
)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_row_level_security"),
        ("registry", "0002_hold_release_report"),
    ]

    operations = [
        fences.fence("registry_camera", fences.is_in_reach("campus")),
        fences.fence("registry_hold", _OF_CAMERA),
    ]
