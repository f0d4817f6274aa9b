"""Shifts so far were those of the campus's tier-2 body: no other operator could begin one."""

from typing import Any

from django.db import migrations


def name_bodies(apps: Any, schema_editor: Any) -> None:
    shifts = apps.get_model("duty", "Shift").objects
    for jurisdiction in apps.get_model("people", "Jurisdiction").objects.filter(tier=2):
        shifts.filter(campus_id=jurisdiction.campus_id, body__isnull=True).update(body_id=jurisdiction.body_id)


class Migration(migrations.Migration):
    dependencies = [
        ("duty", "0002_shift_body"),
    ]

    operations = [migrations.RunPython(name_bodies, migrations.RunPython.noop)]
