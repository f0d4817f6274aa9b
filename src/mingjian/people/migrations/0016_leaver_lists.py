import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0015_discipline_inspection"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="reopened_at_90k",
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="LeaverList",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("state", models.CharField(max_length=16)),
                ("taken_at_90k", models.BigIntegerField()),
                ("usernames", models.JSONField(default=list)),
                ("faults", models.JSONField(default=list)),
                ("reason", models.CharField(blank=True, max_length=64)),
                ("row_count", models.PositiveIntegerField(default=0)),
                ("to_end", models.PositiveIntegerField(default=0)),
                ("unknown", models.PositiveIntegerField(default=0)),
                ("gone_already", models.PositiveIntegerField(default=0)),
                ("ended", models.PositiveIntegerField(default=0)),
                ("ended_at_90k", models.BigIntegerField(null=True)),
                ("decided_at_90k", models.BigIntegerField(null=True)),
                ("remark", models.CharField(blank=True, max_length=200)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "ordering": ("-taken_at_90k",),
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("state__in", ("open", "held", "done", "declined", "unread"))),
                        name="people_leaverlist_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(("state__in", ("open", "held")), ("usernames", []), _connector="OR"),
                        name="people_leaverlist_over_keeps_no_names",
                    ),
                ],
            },
        ),
    ]
