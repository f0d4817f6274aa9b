import uuid

import django.db.models.deletion
from django.db import migrations, models

# What a row may become, whoever writes it: proposed by tier 1, decided once by the head of tier 1, never changed again.
# Rows without persons found a university: from a machine's scope, and only while nothing was ever ruled on the topic.
GUARD = """
CREATE FUNCTION people_ruling_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a ruling is never deleted' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.proposed_by_id IS NULL THEN
            IF NOT mingjian_scope_is_machine() OR EXISTS (SELECT 1 FROM people_ruling WHERE topic = NEW.topic) THEN
                RAISE EXCEPTION 'only a new university is founded without persons' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END IF;
        IF NEW.decided_at_90k IS NOT NULL OR NEW.version IS NOT NULL THEN
            RAISE EXCEPTION 'a ruling is proposed before it is decided' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT people_ruling_is_of_tier_1(NEW.proposed_by_id, NEW.proposed_at_90k,
            ARRAY['principal', 'acting_principal', 'manager']) THEN
            RAISE EXCEPTION 'a ruling is proposed by tier 1' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.decided_at_90k IS NOT NULL OR OLD.proposed_by_id IS NULL
        OR (NEW.id, NEW.topic, NEW.value, NEW.answer, NEW.document, NEW.reason, NEW.wanted_at_90k, NEW.proposed_by_id,
            NEW.proposed_at_90k) IS DISTINCT FROM
           (OLD.id, OLD.topic, OLD.value, OLD.answer, OLD.document, OLD.reason, OLD.wanted_at_90k, OLD.proposed_by_id,
            OLD.proposed_at_90k) THEN
        RAISE EXCEPTION 'a ruling is decided once and never changed' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.version IS NOT NULL AND NOT people_ruling_is_of_tier_1(NEW.decided_by_id, NEW.decided_at_90k,
        ARRAY['principal', 'acting_principal']) THEN
        RAISE EXCEPTION 'a ruling is decided by the head of tier 1' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION people_ruling_is_of_tier_1(person uuid, at_90k bigint, posts text[]) RETURNS boolean
    LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM people_appointment
        WHERE person_id = person AND tier = 1 AND post = ANY (posts)
            AND since_90k <= at_90k AND (until_90k IS NULL OR until_90k > at_90k)
    ) $$;
CREATE TRIGGER people_ruling_guard BEFORE INSERT OR UPDATE OR DELETE ON people_ruling
    FOR EACH ROW EXECUTE FUNCTION people_ruling_guard();
"""
GUARD_BACK = """
DROP TRIGGER people_ruling_guard ON people_ruling;
DROP FUNCTION people_ruling_guard();
DROP FUNCTION people_ruling_is_of_tier_1(uuid, bigint, text[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_hand_over"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ruling",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("topic", models.CharField(max_length=48)),
                ("value", models.IntegerField(null=True)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("document", models.CharField(blank=True, max_length=120)),
                ("reason", models.CharField(max_length=300)),
                ("wanted_at_90k", models.BigIntegerField(null=True)),
                ("proposed_at_90k", models.BigIntegerField()),
                ("decided_at_90k", models.BigIntegerField(null=True)),
                ("remark", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(null=True, unique=True)),
                ("effective_at_90k", models.BigIntegerField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "ordering": ("-proposed_at_90k",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by__isnull", True), ("proposed_by__isnull", True)),
                            ("decided_at_90k__isnull", True),
                            ("version__isnull", True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="people_ruling_by_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by__isnull", True), ("proposed_by__isnull", True)),
                            models.Q(
                                ("decided_at_90k__isnull", True),
                                ("decided_by__isnull", True),
                                ("proposed_by__isnull", False),
                            ),
                            models.Q(
                                ("decided_at_90k__isnull", False),
                                ("decided_by__isnull", False),
                                ("proposed_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="people_ruling_names_its_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("effective_at_90k__isnull", True), ("version__isnull", True)),
                            models.Q(("effective_at_90k__gte", models.F("decided_at_90k")), ("version__gte", 1)),
                            _connector="OR",
                        ),
                        name="people_ruling_for_the_future_only",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("topic__regex", "^Q[0-9]+$"),
                                ("value__isnull", True),
                                models.Q(("answer", ""), _negated=True),
                                models.Q(("document", ""), _negated=True),
                            ),
                            models.Q(
                                ("answer", ""),
                                ("value__isnull", False),
                                models.Q(("topic__regex", "^Q[0-9]+$"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="people_ruling_sets_or_interprets",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("topic", "retention_ordinary"), ("value__lt", 30), _negated=True),
                            models.Q(("topic", "retention_key_location"), ("value__lt", 90), _negated=True),
                        ),
                        name="people_ruling_above_legal_floor",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at_90k__isnull", True)),
                        fields=("topic",),
                        name="people_ruling_one_open_per_topic",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, GUARD_BACK),
    ]
