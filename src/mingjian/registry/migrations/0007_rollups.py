"""The roots that volumes report, and the hourly roll-ups that bring them into the ledger."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_row_level_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rollup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("start_90k", models.BigIntegerField()),
                ("end_90k", models.BigIntegerField()),
                ("made_at_90k", models.BigIntegerField()),
                ("files", models.PositiveIntegerField()),
                ("late", models.PositiveIntegerField()),
                ("root", models.CharField(max_length=64)),
                (
                    "volume",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rollups", to="registry.volume"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecordedRoot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recording", models.UUIDField()),
                ("camera", models.UUIDField()),
                ("role", models.CharField(max_length=16)),
                ("track", models.CharField(max_length=16)),
                ("start_90k", models.BigIntegerField()),
                ("end_90k", models.BigIntegerField()),
                ("closed_at_90k", models.BigIntegerField()),
                ("taken_at_90k", models.BigIntegerField()),
                ("is_salvaged", models.BooleanField()),
                ("root", models.BinaryField(max_length=32)),
                (
                    "volume",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="roots", to="registry.volume"
                    ),
                ),
                (
                    "rollup",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="registry.rollup",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="rollup",
            constraint=models.UniqueConstraint(fields=("volume", "number"), name="registry_rollup_number"),
        ),
        migrations.AddConstraint(
            model_name="rollup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("files__gte", 1), ("late__lte", models.F("files")), ("end_90k__gt", models.F("start_90k"))
                ),
                name="registry_rollup_figures",
            ),
        ),
        migrations.AddIndex(
            model_name="recordedroot",
            index=models.Index(
                condition=models.Q(("rollup__isnull", True)), fields=["volume"], name="registry_recorded_root_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="recordedroot",
            constraint=models.UniqueConstraint(fields=("recording", "root"), name="registry_recorded_root_once"),
        ),
    ]
