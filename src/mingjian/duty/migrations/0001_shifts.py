"""Shifts."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0003_barriers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("started_at_90k", models.BigIntegerField()),
                ("ended_at_90k", models.BigIntegerField(null=True)),
                ("grant_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "campus",
                    models.ForeignKey(
                        db_column="campus",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shifts",
                        to="people.campus",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at_90k__isnull", True)),
                        fields=("person",),
                        name="duty_shift_one_open_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at_90k__isnull", True),
                            ("ended_at_90k__gte", models.F("started_at_90k")),
                            _connector="OR",
                        ),
                        name="duty_shift_ends_after_start",
                    ),
                ],
            },
        ),
    ]
