import uuid

import django.db.models.deletion
from django.db import migrations, models

from mingjian.people import fences


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0012_training"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("sha256", models.CharField(max_length=64)),
                ("size_bytes", models.PositiveIntegerField()),
                ("encoding", models.CharField(max_length=16)),
                ("rows", models.JSONField(null=True)),
                ("row_count", models.PositiveIntegerField()),
                ("checked_at_90k", models.BigIntegerField()),
                ("entered_at_90k", models.BigIntegerField(null=True)),
                ("entered", models.PositiveIntegerField(null=True)),
                ("unchanged", models.PositiveIntegerField(null=True)),
                (
                    "checked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="import_runs",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ("-checked_at_90k",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_at_90k__isnull", True),
                            models.Q(("entered__isnull", False), ("rows__isnull", True)),
                            _connector="OR",
                        ),
                        name="people_importrun_entered_keeps_no_rows",
                    )
                ],
            },
        ),
        fences.fence("people_importrun", fences.is_mine("checked_by_id")),
    ]
