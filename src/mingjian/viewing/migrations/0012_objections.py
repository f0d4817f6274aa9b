"""Objections to refusals (申请复核), and decisions anew that bar the one who refused."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_accounts"),
        ("registry", "0006_row_level_security"),
        ("viewing", "0011_fences_of_turns"),
    ]

    operations = [
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=500)),
                ("filed_at_90k", models.BigIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("upheld", "维持不予同意"), ("reopened", "撤销原决定，重新审批")],
                        max_length=16,
                    ),
                ),
                ("capacity", models.CharField(blank=True, max_length=128)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("article", models.CharField(blank=True, max_length=16)),
                ("answered_at_90k", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="applicationdecision",
            name="viewing_decision_one_final_per_application",
        ),
        migrations.RemoveConstraint(
            model_name="viewingapplication",
            name="viewing_application_stage_is_known",
        ),
        migrations.AddField(
            model_name="applicationdecision",
            name="barred_decider",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
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
                            "draft",
                            "in_session",
                            "objected",
                            "refused",
                            "returned",
                            "submitted",
                            "upheld",
                            "withdrawn",
                        ],
                    )
                ),
                name="viewing_application_stage_is_known",
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="applicant",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="objection",
            name="application",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="objection", to="viewing.viewingapplication"
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="first_decider",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="objection",
            name="refusal",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="viewing.applicationdecision"
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="reviewer",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="applicationdecision",
            name="objection",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="viewing.objection"
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationdecision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "returned"), _negated=True),
                fields=("application", "objection"),
                name="viewing_decision_one_final_per_round",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationdecision",
            constraint=models.UniqueConstraint(
                fields=("id", "application", "applicant", "decider"), name="viewing_decision_and_its_people"
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("barred_decider__isnull", True), ("objection__isnull", True)),
                    models.Q(
                        ("barred_decider__isnull", False),
                        ("objection__isnull", False),
                        models.Q(("decider", models.F("barred_decider")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="viewing_decision_anew_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                fields=("id", "application", "first_decider"), name="viewing_objection_and_first_decider"
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="viewing_objection_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reviewer__isnull", True),
                    models.Q(
                        models.Q(("reviewer", models.F("first_decider")), _negated=True),
                        models.Q(("reviewer", models.F("applicant")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="viewing_objection_answered_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", ""),
                        ("answered_at_90k__isnull", True),
                        ("article", ""),
                        ("outcome", ""),
                        ("reviewer__isnull", True),
                    ),
                    models.Q(
                        ("answered_at_90k__gte", models.F("filed_at_90k")),
                        ("reviewer__isnull", False),
                        models.Q(("answer", ""), _negated=True),
                        models.Q(
                            ("outcome", "reopened"),
                            models.Q(("outcome", "upheld"), models.Q(("article", ""), _negated=True)),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="viewing_objection_answered_whole",
            ),
        ),
    ]
