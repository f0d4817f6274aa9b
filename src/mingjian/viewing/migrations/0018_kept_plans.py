"""What is one's own is asked by functions whose plans stay: planning it for every statement cost more than running it.

A set of one's own is small, unlike what a campus sees, so it is read whole, once per statement and only when a row lies
out of reach: policies are weighed in the order of their names, and these come after `scope`. No function asks the
table that its policies stand on.
"""

from django.db import migrations

from mingjian.people import fences

_FUNCTIONS = """
CREATE FUNCTION viewing_my_applications() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$ BEGIN RETURN ARRAY(
    SELECT id FROM viewing_viewingapplication WHERE applicant_id = mingjian_scope_person()); END $$;
CREATE FUNCTION viewing_my_seats() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$ BEGIN RETURN ARRAY(
    SELECT session_id FROM viewing_sessionviewer WHERE applicant_id = mingjian_scope_person()); END $$;
CREATE FUNCTION viewing_my_holds() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$ BEGIN RETURN ARRAY(
    SELECT kept.hold_id FROM viewing_viewingapplication_holds AS kept
    JOIN viewing_viewingapplication AS asked ON asked.id = kept.viewingapplication_id
    WHERE asked.applicant_id = mingjian_scope_person()); END $$;
CREATE FUNCTION viewing_my_cameras() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$ BEGIN RETURN ARRAY(
    SELECT DISTINCT shown.camera_id FROM viewing_viewingsession_cameras AS shown
    JOIN viewing_viewingsession AS session ON session.id = shown.viewingsession_id
    WHERE session.person_id = mingjian_scope_person()); END $$;
"""
_FUNCTIONS_BACK = """
DROP FUNCTION viewing_my_cameras();
DROP FUNCTION viewing_my_holds();
DROP FUNCTION viewing_my_seats();
DROP FUNCTION viewing_my_applications();
"""


def _among(column: str, function: str) -> str:
    return f"{column} = ANY ((SELECT {function}())::uuid[])"


_MACHINE = "(SELECT mingjian_scope_is_machine())"
_MINE = fences.is_mine("person_id")
_IN_REACH = fences.is_in_reach("campus_id")
_NAMED = "named_ids IS NULL OR (SELECT mingjian_scope_person()) = ANY (named_ids)"
_SAT_IN_IT = _among("id", "viewing_my_seats")
_ABOUT_ME = _among("application_id", "viewing_my_applications")
_SAT_IN_IT_BEFORE = fences.exists(
    "viewing_sessionviewer AS seat",
    where=f"seat.session_id = viewing_viewingsession.id AND {fences.is_mine('seat.applicant_id')}",
)
_ABOUT_ME_BEFORE = fences.exists(
    "viewing_viewingapplication AS asked",
    where=f"asked.id = viewing_viewingsession.application_id AND {fences.is_mine('asked.applicant_id')}",
)
_TO_PLAY_BEFORE = fences.exists(
    "viewing_viewingsession_cameras AS shown JOIN viewing_viewingsession AS session"
    " ON session.id = shown.viewingsession_id",
    where=f"shown.camera_id = registry_camera.id AND {fences.is_mine('session.person_id')}",
)
_KEPT_BEFORE = fences.exists(
    "viewing_viewingapplication_holds AS kept JOIN viewing_viewingapplication AS asked"
    " ON asked.id = kept.viewingapplication_id",
    where=f"kept.hold_id = registry_hold.id AND {fences.is_mine('asked.applicant_id')}",
)


def _sessions(*, seats: str, about_me: str) -> str:
    scope = f"{_MACHINE} OR {_MINE} OR {_IN_REACH} OR {seats}"
    named = f"{_MACHINE} OR ({_NAMED} OR {seats} OR {about_me})"
    return "".join(
        f"ALTER POLICY viewing_viewingsession_{name} ON viewing_viewingsession USING ({rows}) WITH CHECK ({rows});"
        for name, rows in (("scope", scope), ("named", named))
    )


def _regate(table: str, *, before: tuple[str, str], after: tuple[str, str]) -> list[migrations.RunSQL]:
    """Put one gate in the place of another."""
    old, new = (fences.gate(table, name=name, rows=rows) for name, rows in (before, after))
    return [migrations.RunSQL(old.reverse_sql, old.sql), new]


class Migration(migrations.Migration):
    dependencies = [
        ("viewing", "0017_concerns"),
    ]

    operations = [
        migrations.RunSQL(_FUNCTIONS, _FUNCTIONS_BACK),
        *_regate(
            "registry_camera",
            before=("mine_to_play", _TO_PLAY_BEFORE),
            after=("to_play", _among("id", "viewing_my_cameras")),
        ),
        *_regate(
            "registry_hold",
            before=("kept_for_me", _KEPT_BEFORE),
            after=("told_to_me", _among("id", "viewing_my_holds")),
        ),
        *_regate("viewing_viewingsession", before=("about_me", _ABOUT_ME_BEFORE), after=("told_to_me", _ABOUT_ME)),
        migrations.RunSQL(
            _sessions(seats=_SAT_IN_IT, about_me=_ABOUT_ME),
            _sessions(seats=_SAT_IN_IT_BEFORE, about_me=_ABOUT_ME_BEFORE),
        ),
    ]
