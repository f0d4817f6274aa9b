"""The scope that row-level security reads, and the first table behind it."""

from django.db import migrations

from mingjian.people import fences


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_barriers"),
    ]

    operations = [
        migrations.RunSQL(fences.FUNCTIONS, fences.FUNCTIONS_BACK),
        fences.fence("people_console", fences.is_in_reach("campus_id")),
    ]
