"""Discipline inspection, outside the tiers and apart from every other post; a connection's scope names the post."""

from django.db import migrations, models

# Whoever is apart is so from everybody: each such post is a power of its own, all others together are one more.
POWERS = """
ALTER TABLE people_appointment DROP CONSTRAINT people_appointment_powers_apart;
ALTER TABLE people_appointment ADD CONSTRAINT people_appointment_powers_apart
    EXCLUDE USING gist (
        person_id WITH =,
        (CASE WHEN post IN (
            'system_administrator', 'security_administrator', 'audit_administrator', 'discipline_inspector'
        ) THEN post ELSE 'media' END) WITH <>,
        int8range(since_90k, until_90k) WITH &&
    );
"""
POWERS_BACK = """
ALTER TABLE people_appointment DROP CONSTRAINT people_appointment_powers_apart;
ALTER TABLE people_appointment ADD CONSTRAINT people_appointment_powers_apart
    EXCLUDE USING gist (
        person_id WITH =,
        (CASE WHEN post IN ('system_administrator', 'security_administrator', 'audit_administrator')
            THEN post ELSE 'media' END) WITH <>,
        int8range(since_90k, until_90k) WITH &&
    );
"""

# `<person>|<campus>,…|<body>|<post>`: a scope of three parts, without the post, is still one.
SCOPE = """
CREATE OR REPLACE FUNCTION mingjian_scope_body() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT substring(current_setting('mingjian.scope', true)
        FROM '^[0-9a-f-]{36}[|][^|]*[|]([^|]+)(?:[|][a-z_]*)?$') $$;
CREATE FUNCTION mingjian_scope_post() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT substring(current_setting('mingjian.scope', true)
        FROM '^[0-9a-f-]{36}[|][^|]*[|][^|]*[|]([a-z_]+)$') $$;
"""
SCOPE_BACK = """
DROP FUNCTION mingjian_scope_post();
CREATE OR REPLACE FUNCTION mingjian_scope_body() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT substring(current_setting('mingjian.scope', true)
        FROM '^[0-9a-f-]{36}[|][^|]*[|]([^|]+)$') $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0014_delegation"),
        # An old installation still makes bodies there, as they were then.
        ("registry", "0005_owned_points"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="appointment",
            name="people_appointment_post_exists_at_tier",
        ),
        migrations.RemoveConstraint(
            model_name="body",
            name="people_body_tier_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="body",
            name="people_body_has_parent",
        ),
        migrations.AddField(
            model_name="body",
            name="is_first_office",
            field=models.BooleanField(default=False),
        ),
        migrations.RunSQL("UPDATE people_body SET is_first_office = true WHERE tier = 1", migrations.RunSQL.noop),
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
                    models.Q(("post", "discipline_inspector"), ("tier__in", (0,))),
                    _connector="OR",
                ),
                name="people_appointment_post_exists_at_tier",
            ),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.CheckConstraint(
                condition=models.Q(("tier__in", (0, 1, 2, 3))), name="people_body_tier_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.CheckConstraint(
                condition=models.Q(("tier__lte", 1), ("parent__isnull", False), _connector="OR"),
                name="people_body_has_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_first_office", True), ("tier", 1)),
                    ("tier", 2),
                    models.Q(("is_first_office", False), ("tier__in", [0, 3])),
                    _connector="OR",
                ),
                name="people_body_first_office_is_tier_1_or_2",
            ),
        ),
        migrations.RunSQL(POWERS, POWERS_BACK),
        migrations.RunSQL(SCOPE, SCOPE_BACK),
    ]
