"""Search first, then show: phases of a session, segments marked for showing, one grant per turn."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_barriers"),
        ("registry", "0001_cameras"),
        ("viewing", "0007_assistance"),
    ]

    operations = [
        migrations.CreateModel(
            name="Segment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("start_90k", models.BigIntegerField()),
                ("end_90k", models.BigIntegerField()),
                ("note", models.CharField(blank=True, max_length=200)),
                ("marked_at_90k", models.BigIntegerField()),
                ("removed_at_90k", models.BigIntegerField(null=True)),
            ],
            options={
                "ordering": ("start_90k",),
            },
        ),
        migrations.CreateModel(
            name="ViewingGrant",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("phase", models.CharField(max_length=16)),
                ("begun_at_90k", models.BigIntegerField()),
                ("ended_at_90k", models.BigIntegerField(null=True)),
            ],
            options={
                "ordering": ("begun_at_90k",),
            },
        ),
        migrations.AddField(
            model_name="viewingsession",
            name="application",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sessions",
                to="viewing.viewingapplication",
            ),
        ),
        migrations.AddField(
            model_name="viewingsession",
            name="attended_at_90k",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="viewingsession",
            name="pause_cause",
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddField(
            model_name="viewingsession",
            name="phase",
            field=models.CharField(default="searching", max_length=16),
        ),
        migrations.AddConstraint(
            model_name="viewingsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("phase__in", ["searching", "showing"])), name="viewing_session_phase_is_known"
            ),
        ),
        migrations.AddField(
            model_name="segment",
            name="camera",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.camera"
            ),
        ),
        migrations.AddField(
            model_name="segment",
            name="marked_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="segment",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="segments", to="viewing.viewingsession"
            ),
        ),
        migrations.AddField(
            model_name="viewinggrant",
            name="segment",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="viewing.segment"
            ),
        ),
        migrations.AddField(
            model_name="viewinggrant",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="viewing.viewingsession"
            ),
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.CheckConstraint(
                condition=models.Q(("start_90k__lt", models.F("end_90k"))), name="viewing_segment_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="viewinggrant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at_90k__isnull", True)),
                fields=("session", "segment"),
                name="viewing_grant_one_per_turn",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="viewinggrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("phase", "showing"), models.Q(("phase", "searching"), ("segment__isnull", True)), _connector="OR"
                ),
                name="viewing_grant_shows_segments",
            ),
        ),
    ]
