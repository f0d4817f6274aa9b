"""Applications, decisions, supervised sessions with their viewers, clues, and the principal's exception."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_barriers"),
        ("registry", "0001_cameras"),
        ("viewing", "0001_sessions"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApplicationDecision",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[("approved", "同意"), ("refused", "不予同意"), ("returned", "退回补正")], max_length=16
                    ),
                ),
                ("capacity", models.CharField(max_length=128)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("article", models.CharField(blank=True, max_length=16)),
                ("decided_at_90k", models.BigIntegerField()),
                ("valid_until_90k", models.BigIntegerField(null=True)),
            ],
            options={
                "ordering": ("decided_at_90k",),
            },
        ),
        migrations.CreateModel(
            name="Clue",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("at_90k", models.BigIntegerField()),
                ("note", models.CharField(blank=True, max_length=200)),
                ("marked_at_90k", models.BigIntegerField()),
            ],
            options={
                "ordering": ("at_90k",),
            },
        ),
        migrations.CreateModel(
            name="HeadCountException",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("capacity", models.CharField(max_length=128)),
                ("limit", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(max_length=500)),
                ("granted_at_90k", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="SessionViewer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("seat", models.PositiveSmallIntegerField()),
                (
                    "id_kind",
                    models.CharField(
                        choices=[("campus_card", "校园卡"), ("id_card", "居民身份证"), ("passport", "护照")],
                        max_length=16,
                    ),
                ),
                ("id_last4", models.CharField(max_length=4)),
                ("admitted_at_90k", models.BigIntegerField()),
                ("left_at_90k", models.BigIntegerField(null=True)),
            ],
            options={
                "ordering": ("admitted_at_90k",),
            },
        ),
        migrations.CreateModel(
            name="ViewingApplication",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                (
                    "incident_kind",
                    models.CharField(
                        choices=[
                            ("theft", "财物被盗"),
                            ("lost", "物品遗失"),
                            ("damage", "财物损坏"),
                            ("conflict", "纠纷或人身伤害"),
                            ("traffic", "校内交通事故"),
                            ("safety", "其他校园安全事件"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("building", models.CharField(max_length=64)),
                ("start_90k", models.BigIntegerField()),
                ("end_90k", models.BigIntegerField()),
                ("phone", models.CharField(max_length=32)),
                ("pledged_at_90k", models.BigIntegerField()),
                ("forwarded_at_90k", models.BigIntegerField(null=True)),
                ("stage", models.CharField(max_length=16)),
                ("version", models.PositiveIntegerField(default=1)),
                ("submitted_at_90k", models.BigIntegerField()),
                ("held_until_90k", models.BigIntegerField()),
                ("ended_at_90k", models.BigIntegerField(null=True)),
            ],
            options={
                "ordering": ("-submitted_at_90k",),
            },
        ),
        migrations.AddField(
            model_name="viewingsession",
            name="campus",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.campus"
            ),
        ),
        migrations.AddField(
            model_name="viewingsession",
            name="closed_at_90k",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="viewingsession",
            name="paused_at_90k",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="viewingsession",
            name="result",
            field=models.CharField(
                blank=True,
                choices=[("clue", "发现线索"), ("no_clue", "未发现线索"), ("terminated", "中止（违反查阅纪律）")],
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="viewingsession",
            name="result_note",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AlterField(
            model_name="viewingsession",
            name="purpose",
            field=models.CharField(max_length=500),
        ),
        migrations.AddConstraint(
            model_name="viewingsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at_90k__isnull", True), ("result", "")),
                    models.Q(("closed_at_90k__isnull", False), models.Q(("result", ""), _negated=True)),
                    _connector="OR",
                ),
                name="viewing_session_closes_with_result",
            ),
        ),
        migrations.AddField(
            model_name="applicationdecision",
            name="applicant",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="applicationdecision",
            name="decider",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="clue",
            name="camera",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.camera"
            ),
        ),
        migrations.AddField(
            model_name="clue",
            name="marked_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="clue",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="clues", to="viewing.viewingsession"
            ),
        ),
        migrations.AddField(
            model_name="headcountexception",
            name="principal",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="headcountexception",
            name="session",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="exception", to="viewing.viewingsession"
            ),
        ),
        migrations.AddField(
            model_name="sessionviewer",
            name="admitted_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="sessionviewer",
            name="applicant",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="sessionviewer",
            name="exception",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="viewing.headcountexception",
            ),
        ),
        migrations.AddField(
            model_name="sessionviewer",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="viewers", to="viewing.viewingsession"
            ),
        ),
        migrations.AddField(
            model_name="viewingapplication",
            name="applicant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="viewing_applications", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="viewingapplication",
            name="cameras",
            field=models.ManyToManyField(related_name="+", to="registry.camera"),
        ),
        migrations.AddField(
            model_name="viewingapplication",
            name="campus",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.campus"),
        ),
        migrations.AddField(
            model_name="viewingapplication",
            name="forwarded_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="viewingapplication",
            name="holds",
            field=models.ManyToManyField(related_name="+", to="registry.hold"),
        ),
        migrations.AddField(
            model_name="viewingapplication",
            name="unit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.body"
            ),
        ),
        migrations.AddField(
            model_name="sessionviewer",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="viewing.viewingapplication"
            ),
        ),
        migrations.AddField(
            model_name="applicationdecision",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="viewing.viewingapplication"
            ),
        ),
        migrations.AddConstraint(
            model_name="headcountexception",
            constraint=models.CheckConstraint(
                condition=models.Q(("limit__gt", 3), ("limit__lte", 20)), name="viewing_exception_is_above_three"
            ),
        ),
        migrations.AddConstraint(
            model_name="headcountexception",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="viewing_exception_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="viewingapplication",
            constraint=models.UniqueConstraint(fields=("year", "number"), name="viewing_application_number_is_unique"),
        ),
        migrations.AddConstraint(
            model_name="viewingapplication",
            constraint=models.UniqueConstraint(fields=("id", "applicant"), name="viewing_application_and_applicant"),
        ),
        migrations.AddConstraint(
            model_name="viewingapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(("start_90k__lt", models.F("end_90k"))), name="viewing_application_window_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="viewingapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(("incident_kind__in", ["theft", "lost", "damage", "conflict", "traffic", "safety"])),
                name="viewing_application_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="viewingapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "stage__in",
                        [
                            "approved",
                            "at_unit",
                            "completed",
                            "in_session",
                            "refused",
                            "returned",
                            "submitted",
                            "withdrawn",
                        ],
                    )
                ),
                name="viewing_application_stage_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="viewingapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("reason", ""), _negated=True), models.Q(("phone", ""), _negated=True)),
                name="viewing_application_is_filled_in",
            ),
        ),
        migrations.AddConstraint(
            model_name="viewingapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("forwarded_by__isnull", True),
                    models.Q(("forwarded_by", models.F("applicant")), _negated=True),
                    _connector="OR",
                ),
                name="viewing_application_forwarder_is_not_applicant",
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionviewer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at_90k__isnull", True)),
                fields=("session", "seat"),
                name="viewing_viewer_seat_is_free",
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionviewer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at_90k__isnull", True)),
                fields=("application",),
                name="viewing_viewer_sits_in_one_session",
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionviewer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("seat__gte", 1), models.Q(("seat__lte", 3), ("exception__isnull", False), _connector="OR")
                ),
                name="viewing_viewer_no_fourth_without_exception",
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionviewer",
            constraint=models.CheckConstraint(
                condition=models.Q(("admitted_by", models.F("applicant")), _negated=True),
                name="viewing_viewer_is_not_the_operator",
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionviewer",
            constraint=models.CheckConstraint(
                condition=models.Q(("id_kind__in", ["campus_card", "id_card", "passport"])),
                name="viewing_viewer_id_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionviewer",
            constraint=models.CheckConstraint(
                condition=models.Q(("id_last4__regex", "^[0-9A-Za-z]{4}$")), name="viewing_viewer_id_last4_is_four"
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("decider", models.F("applicant")), _negated=True),
                name="viewing_decision_by_another_than_applicant",
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationdecision",
            constraint=models.UniqueConstraint(
                fields=("application", "version"), name="viewing_decision_one_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationdecision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "returned"), _negated=True),
                fields=("application",),
                name="viewing_decision_one_final_per_application",
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["approved", "refused", "returned"])),
                name="viewing_decision_outcome_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "approved"), ("valid_until_90k__gt", models.F("decided_at_90k"))),
                    models.Q(
                        ("outcome", "refused"),
                        ("valid_until_90k__isnull", True),
                        models.Q(("reason", ""), _negated=True),
                        models.Q(("article", ""), _negated=True),
                    ),
                    models.Q(
                        ("outcome", "returned"),
                        ("valid_until_90k__isnull", True),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="viewing_decision_says_why",
            ),
        ),
    ]
