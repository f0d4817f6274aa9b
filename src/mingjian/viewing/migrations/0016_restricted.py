"""Applications closed to all but the named: neither they nor their sessions exist for anybody else."""

import django.contrib.postgres.fields
from django.db import migrations, models

from mingjian.people import fences

_ME = "(SELECT mingjian_scope_person())"
# Who may know of a session is who may know of its application: said on the row itself, because a fence that asked the
# application would ask only those that can be seen.
AS_ITS_APPLICATION = """
CREATE FUNCTION viewing_session_named_as_its_application() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.application_id IS NOT NULL THEN
        SELECT named_ids INTO NEW.named_ids FROM viewing_viewingapplication WHERE id = NEW.application_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER viewing_session_named_as_its_application BEFORE INSERT ON viewing_viewingsession
    FOR EACH ROW EXECUTE FUNCTION viewing_session_named_as_its_application();
CREATE FUNCTION viewing_application_names_its_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE viewing_viewingsession SET named_ids = NEW.named_ids WHERE application_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER viewing_application_names_its_sessions AFTER UPDATE OF named_ids ON viewing_viewingapplication
    FOR EACH ROW WHEN (OLD.named_ids IS DISTINCT FROM NEW.named_ids)
    EXECUTE FUNCTION viewing_application_names_its_sessions();
"""
AS_ITS_APPLICATION_BACK = """
DROP TRIGGER viewing_application_names_its_sessions ON viewing_viewingapplication;
DROP FUNCTION viewing_application_names_its_sessions();
DROP TRIGGER viewing_session_named_as_its_application ON viewing_viewingsession;
DROP FUNCTION viewing_session_named_as_its_application();
"""
_NAMED = f"named_ids IS NULL OR {_ME} = ANY (named_ids)"
_SAT_IN_IT = fences.exists(
    "viewing_sessionviewer AS seat",
    where=f"seat.session_id = viewing_viewingsession.id AND {fences.is_mine('seat.applicant_id')}",
)

_ABOUT_ME = fences.exists(
    "viewing_viewingapplication AS asked",
    where=f"asked.id = viewing_viewingsession.application_id AND {fences.is_mine('asked.applicant_id')}",
)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0015_discipline_inspection"),
        ("viewing", "0015_delegation"),
    ]

    operations = [
        migrations.AddField(
            model_name="viewingapplication",
            name="named_ids",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), null=True, size=None),
        ),
        fences.seal(
            "viewing_viewingapplication",
            name="named",
            rows=f"{_NAMED} OR {fences.is_mine('applicant_id')}",
        ),
        migrations.AddField(
            model_name="viewingsession",
            name="named_ids",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), null=True, size=None),
        ),
        migrations.RunSQL(AS_ITS_APPLICATION, AS_ITS_APPLICATION_BACK),
        fences.seal("viewing_viewingsession", name="named", rows=f"{_NAMED} OR {_SAT_IN_IT} OR {_ABOUT_ME}"),
    ]
