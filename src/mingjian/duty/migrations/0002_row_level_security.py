"""A shift is seen by whose it is and by its campus."""

from django.db import migrations

from mingjian.people import fences


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_row_level_security"),
        ("duty", "0001_shifts"),
    ]

    operations = [
        fences.fence("duty_shift", fences.is_mine("person_id"), fences.is_in_reach("campus")),
    ]
