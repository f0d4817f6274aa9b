"""A post lent by its holder: within its term, its body and its power, whoever writes the row; and never lent on."""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE FUNCTION people_appointment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    source people_appointment;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.delegated_from_id IS DISTINCT FROM OLD.delegated_from_id THEN
        RAISE EXCEPTION 'a delegation stays what it was' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.delegated_from_id IS NULL THEN
        IF TG_OP = 'UPDATE' AND EXISTS (
            SELECT 1 FROM people_appointment
            WHERE delegated_from_id = NEW.id AND until_90k > since_90k AND until_90k > NEW.until_90k
        ) THEN
            RAISE EXCEPTION 'what was lent ends first' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO STRICT source FROM people_appointment WHERE id = NEW.delegated_from_id FOR UPDATE;
    IF source.delegated_from_id IS NOT NULL
        OR NEW.body_id <> source.body_id
        OR NEW.person_id = source.person_id
        OR NEW.appointed_by_id IS DISTINCT FROM source.person_id
        OR (NEW.post, source.post) NOT IN (
            ('acting_principal', 'principal'), ('duty_leader', 'duty_leader'),
            ('reviewer', 'reviewer'), ('approver', 'approver'))
        OR NEW.since_90k < source.since_90k
        OR (NEW.until_90k > NEW.since_90k AND NEW.until_90k > source.until_90k) THEN
        RAISE EXCEPTION 'a delegation is never wider than what it is lent from' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER people_appointment_guard BEFORE INSERT OR UPDATE ON people_appointment
    FOR EACH ROW EXECUTE FUNCTION people_appointment_guard();
CREATE FUNCTION people_ruling_keeps_whose_it_was() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a proposal stays whose it was' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER people_ruling_keeps_whose_it_was BEFORE UPDATE ON people_ruling
    FOR EACH ROW WHEN (NEW.proposed_for_id IS DISTINCT FROM OLD.proposed_for_id)
    EXECUTE FUNCTION people_ruling_keeps_whose_it_was();
"""
GUARD_BACK = """
DROP TRIGGER people_ruling_keeps_whose_it_was ON people_ruling;
DROP FUNCTION people_ruling_keeps_whose_it_was();
DROP TRIGGER people_appointment_guard ON people_appointment;
DROP FUNCTION people_appointment_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0013_import_runs"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="delegated_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delegations",
                to="people.appointment",
            ),
        ),
        migrations.AddField(
            model_name="ruling",
            name="decided_for",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="ruling",
            name="proposed_for",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("delegated_from__isnull", True),
                    models.Q(("appointed_by__isnull", False), ("until_90k__isnull", False)),
                    _connector="OR",
                ),
                name="people_appointment_delegated_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("version__isnull", True),
                    models.Q(
                        models.Q(
                            ("proposed_for__isnull", True),
                            models.Q(("decided_by", models.F("proposed_for")), _negated=True),
                            _connector="OR",
                        ),
                        models.Q(
                            ("decided_for__isnull", True),
                            models.Q(("decided_for", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        models.Q(
                            ("decided_for__isnull", True),
                            ("proposed_for__isnull", True),
                            models.Q(("decided_for", models.F("proposed_for")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="people_ruling_not_by_anothers_hand",
            ),
        ),
        migrations.RunSQL(GUARD, GUARD_BACK),
    ]
