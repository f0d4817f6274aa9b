"""Volumes, cameras, holds, plan revisions and how far reports were told."""

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
            name="PlanRevision",
            fields=[
                ("revision", models.BigAutoField(primary_key=True, serialize=False)),
                ("cause", models.CharField(max_length=64)),
                ("requested_at_90k", models.BigIntegerField()),
                ("published_at_90k", models.BigIntegerField(null=True)),
                ("confirmed_shrink_from", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Volume",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=64, unique=True)),
                ("path", models.CharField(max_length=1024, unique=True)),
                ("budget_bytes", models.BigIntegerField(default=0)),
                ("created_at_90k", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Camera",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=64)),
                ("building", models.CharField(max_length=64)),
                ("owner", models.CharField(max_length=64)),
                ("is_key_location", models.BooleanField(default=False)),
                ("main_address", models.CharField(max_length=512)),
                ("sub_address", models.CharField(blank=True, max_length=512)),
                ("sealed_credentials", models.TextField(blank=True)),
                ("slot", models.PositiveIntegerField()),
                ("created_at_90k", models.BigIntegerField()),
                ("retired_at_90k", models.BigIntegerField(null=True)),
                (
                    "campus",
                    models.ForeignKey(
                        db_column="campus",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cameras",
                        to="people.campus",
                    ),
                ),
            ],
            options={
                "ordering": ("campus", "building", "name"),
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("start_90k", models.BigIntegerField()),
                ("end_90k", models.BigIntegerField()),
                ("reason", models.CharField(max_length=200)),
                ("placed_at_90k", models.BigIntegerField()),
                ("acknowledged_at_90k", models.BigIntegerField(null=True)),
                ("released_at_90k", models.BigIntegerField(null=True)),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="registry.camera"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReportCursor",
            fields=[
                (
                    "volume",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="registry.volume",
                    ),
                ),
                ("series", models.CharField(blank=True, max_length=64)),
                ("last_id", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.AddConstraint(
            model_name="volume",
            constraint=models.CheckConstraint(
                condition=models.Q(("budget_bytes__gte", 0)), name="registry_volume_budget"
            ),
        ),
        migrations.AddField(
            model_name="camera",
            name="volume",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cameras", to="registry.volume"
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(("start_90k__lt", models.F("end_90k"))), name="registry_hold_span_is_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at_90k__isnull", True)),
                fields=("slot",),
                name="registry_camera_slot_is_free",
            ),
        ),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at_90k__isnull", True)),
                fields=("campus", "name"),
                name="registry_camera_name_is_unique_on_campus",
            ),
        ),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.CheckConstraint(
                condition=models.Q(("main_address__regex", "^rtsp://[^/@?#]+/")),
                name="registry_camera_main_address_is_bare",
            ),
        ),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.CheckConstraint(
                condition=models.Q(("sub_address", ""), ("sub_address__regex", "^rtsp://[^/@?#]+/"), _connector="OR"),
                name="registry_camera_sub_address_is_bare",
            ),
        ),
    ]
