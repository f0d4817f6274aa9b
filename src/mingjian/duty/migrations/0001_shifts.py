"""Shifts."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0002_persons"),
    ]

    operations = [
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "campus",
                    models.CharField(
                        choices=[
                            ("lingshui", "凌水校区"),
                            ("kaifaqu", "开发区校区"),
                            ("shinei", "市内校区"),
                            ("panjin", "盘锦校区"),
                        ],
                        max_length=32,
                    ),
                ),
                ("started_at_90k", models.BigIntegerField()),
                ("ended_at_90k", models.BigIntegerField(null=True)),
                ("grant_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                    models.CheckConstraint(
                        condition=models.Q(("campus__in", ["lingshui", "kaifaqu", "shinei", "panjin"])),
                        name="duty_shift_campus_is_known",
                    ),
                ],
            },
        ),
    ]
