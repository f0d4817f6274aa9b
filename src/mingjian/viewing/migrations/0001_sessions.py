"""Viewing sessions."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0003_barriers"),
        ("registry", "0001_cameras"),
    ]

    operations = [
        migrations.CreateModel(
            name="ViewingSession",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("start_90k", models.BigIntegerField()),
                ("end_90k", models.BigIntegerField()),
                ("purpose", models.CharField(max_length=200)),
                ("articles", models.JSONField()),
                ("issued_at_90k", models.BigIntegerField()),
                ("valid_until_90k", models.BigIntegerField()),
                ("revoked_at_90k", models.BigIntegerField(null=True)),
                ("revocation_reason", models.CharField(blank=True, max_length=200)),
                ("grant_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("cameras", models.ManyToManyField(related_name="+", to="registry.camera")),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="viewing_sessions", to="people.person"
                    ),
                ),
            ],
            options={
                "ordering": ("-issued_at_90k",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("start_90k__lt", models.F("end_90k"))),
                        name="viewing_session_window_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("issued_at_90k__lt", models.F("valid_until_90k"))),
                        name="viewing_session_validity_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issued_by__isnull", True),
                            models.Q(("issued_by", models.F("person")), _negated=True),
                            _connector="OR",
                        ),
                        name="viewing_session_issuer_is_not_holder",
                    ),
                ],
            },
        ),
    ]
