"""Persons, revoked grants and counted noise."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_ledger"),
    ]

    operations = [
        migrations.CreateModel(
            name="GrantRevocation",
            fields=[
                ("grant_id", models.UUIDField(primary_key=True, serialize=False)),
                ("revoked_at_90k", models.BigIntegerField()),
                ("reason", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "media_revocation",
            },
        ),
        migrations.CreateModel(
            name="SignInNoise",
            fields=[
                ("bucket_start_90k", models.BigIntegerField(primary_key=True, serialize=False)),
                ("attempts", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("username", models.CharField(max_length=64, unique=True)),
                ("display_name", models.CharField(max_length=64)),
                (
                    "role",
                    models.CharField(choices=[("none", "校内人员"), ("operator", "监控系统操作员")], max_length=32),
                ),
                (
                    "campus",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("lingshui", "凌水校区"),
                            ("kaifaqu", "开发区校区"),
                            ("shinei", "市内校区"),
                            ("panjin", "盘锦校区"),
                        ],
                        max_length=32,
                    ),
                ),
                ("password", models.CharField(max_length=256)),
                ("is_active", models.BooleanField(default=True)),
                ("refusals", models.PositiveSmallIntegerField(default=0)),
                ("locked_until_90k", models.BigIntegerField(null=True)),
                ("created_at_90k", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["none", "operator"])), name="people_person_role_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role", "none"), models.Q(("campus", ""), _negated=True), _connector="OR"),
                        name="people_person_appointment_has_campus",
                    ),
                ],
            },
        ),
    ]
