"""Campuses, bodies, persons, appointments, web sessions, revoked keys and counted noise."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_ledger"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campus",
            fields=[
                ("name", models.CharField(max_length=64)),
                ("name_en", models.CharField(blank=True, max_length=96)),
                ("code", models.SlugField(max_length=32, primary_key=True, serialize=False)),
                ("place", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ("place", "code"),
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("username", models.CharField(max_length=64, unique=True)),
                ("display_name", models.CharField(max_length=64)),
                ("password", models.CharField(max_length=256)),
                ("is_active", models.BooleanField(default=True)),
                ("refusals", models.PositiveSmallIntegerField(default=0)),
                ("locked_until_90k", models.BigIntegerField(null=True)),
                ("created_at_90k", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Revocation",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
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
            name="Body",
            fields=[
                ("name", models.CharField(max_length=64)),
                ("name_en", models.CharField(blank=True, max_length=96)),
                ("code", models.SlugField(max_length=48, primary_key=True, serialize=False)),
                ("tier", models.PositiveSmallIntegerField()),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="people.body",
                    ),
                ),
            ],
            options={
                "ordering": ("tier", "code"),
            },
        ),
        migrations.CreateModel(
            name="Console",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=64)),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("token_hash", models.CharField(blank=True, max_length=64)),
                ("retired_at_90k", models.BigIntegerField(null=True)),
                (
                    "campus",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consoles", to="people.campus"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Jurisdiction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tier", models.PositiveSmallIntegerField()),
                ("body", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.body")),
                ("campus", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.campus")),
            ],
        ),
        migrations.AddField(
            model_name="body",
            name="campuses",
            field=models.ManyToManyField(related_name="bodies", through="people.Jurisdiction", to="people.campus"),
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("post", models.CharField(max_length=32)),
                ("tier", models.PositiveSmallIntegerField()),
                ("since_90k", models.BigIntegerField()),
                ("until_90k", models.BigIntegerField(null=True)),
                ("document", models.CharField(max_length=200)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="people.body"
                    ),
                ),
                (
                    "appointed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="people.person"
                    ),
                ),
            ],
            options={
                "ordering": ("tier", "body", "post"),
            },
        ),
        migrations.CreateModel(
            name="SpecialOwner",
            fields=[
                ("name", models.CharField(max_length=64)),
                ("name_en", models.CharField(blank=True, max_length=96)),
                ("kind", models.SlugField(max_length=32, primary_key=True, serialize=False)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="special_systems", to="people.body"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WebSession",
            fields=[
                ("key_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("device", models.CharField(max_length=120)),
                ("begun_at_90k", models.BigIntegerField()),
                ("seen_at_90k", models.BigIntegerField()),
                ("ended_at_90k", models.BigIntegerField(null=True)),
                (
                    "appointment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="web_sessions",
                        to="people.appointment",
                    ),
                ),
                (
                    "console",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="web_sessions",
                        to="people.console",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="web_sessions", to="people.person"
                    ),
                ),
            ],
            options={
                "ordering": ("-seen_at_90k",),
            },
        ),
        migrations.AddConstraint(
            model_name="jurisdiction",
            constraint=models.UniqueConstraint(fields=("body", "campus"), name="people_jurisdiction_once"),
        ),
        migrations.AddConstraint(
            model_name="jurisdiction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("tier", 2)), fields=("campus",), name="people_campus_has_one_tier_2_body"
            ),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.CheckConstraint(
                condition=models.Q(("tier__in", (1, 2, 3))), name="people_body_tier_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.CheckConstraint(
                condition=models.Q(("tier", 1), ("parent__isnull", False), _connector="OR"),
                name="people_body_has_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.UniqueConstraint(fields=("code", "tier"), name="people_body_code_and_tier"),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_90k__isnull", True), ("until_90k__gte", models.F("since_90k")), _connector="OR"
                ),
                name="people_appointment_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("post", "principal"), ("tier__in", (1, 2, 3))),
                    models.Q(("post", "acting_principal"), ("tier__in", (1, 2, 3))),
                    models.Q(("post", "duty_leader"), ("tier__in", (2,))),
                    models.Q(("post", "reviewer"), ("tier__in", (2,))),
                    models.Q(("post", "approver"), ("tier__in", (2,))),
                    models.Q(("post", "safety_responsible"), ("tier__in", (1, 2, 3))),
                    models.Q(("post", "manager"), ("tier__in", (1, 2, 3))),
                    models.Q(("post", "operator"), ("tier__in", (2, 3))),
                    models.Q(("post", "audit_administrator"), ("tier__in", (1,))),
                    models.Q(("post", "security_administrator"), ("tier__in", (1,))),
                    models.Q(("post", "system_administrator"), ("tier__in", (1,))),
                    _connector="OR",
                ),
                name="people_appointment_post_exists_at_tier",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("appointed_by__isnull", True),
                    models.Q(("appointed_by", models.F("person")), _negated=True),
                    _connector="OR",
                ),
                name="people_appointment_not_by_oneself",
            ),
        ),
    ]
