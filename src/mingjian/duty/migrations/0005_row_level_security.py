"""A shift is seen by whose it is, by its campus and by the body it is done for."""

from django.db import migrations

from mingjian.people import fences


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_row_level_security"),
        ("duty", "0004_shift_has_body"),
    ]

    operations = [
        fences.fence(
            "duty_shift", fences.is_mine("person_id"), fences.is_in_reach("campus"), fences.is_of_my_body("body_id")
        ),
    ]
