"""Applications closed to all but the named: neither they nor their sessions exist for anybody else."""

import django.contrib.postgres.fields
from django.db import migrations, models

from mingjian.people import fences

_ME = "(SELECT mingjian_scope_person())"
# A session asks for its application whatever else of it can be seen: an operator's own application, or nobody's.
MAY_KNOW = """
CREATE FUNCTION viewing_may_know(application uuid, person uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET "mingjian.scope" = 'machine' AS $$
    SELECT coalesce((
        SELECT named_ids IS NULL OR applicant_id = person OR person = ANY (named_ids)
        FROM viewing_viewingapplication WHERE id = application
    ), true) $$;
"""
_SAT_IN_IT = fences.exists(
    "viewing_sessionviewer AS seat",
    where=f"seat.session_id = viewing_viewingsession.id AND {fences.is_mine('seat.applicant_id')}",
)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0013_discipline_inspection"),
        ("viewing", "0014_policy_version"),
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
            rows=f"named_ids IS NULL OR {fences.is_mine('applicant_id')} OR {_ME} = ANY (named_ids)",
        ),
        migrations.RunSQL(MAY_KNOW, "DROP FUNCTION viewing_may_know(uuid, uuid);"),
        fences.seal(
            "viewing_viewingsession", name="named", rows=f"viewing_may_know(application_id, {_ME}) OR {_SAT_IN_IT}"
        ),
    ]
