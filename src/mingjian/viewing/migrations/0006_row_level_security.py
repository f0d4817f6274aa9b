"""Applications and sessions are seen by their campus and by whom they are about; what hangs on them, with them.

No condition comes back to its own table: sessions ask who sat in them, seats ask their application.
"""

from django.db import migrations

from mingjian.people import fences

_SAT_IN_IT = fences.exists(
    "viewing_sessionviewer AS seat",
    where=f"seat.session_id = viewing_viewingsession.id AND {fences.is_mine('seat.applicant_id')}",
)
_MINE_TO_PLAY = fences.exists(
    "viewing_viewingsession_cameras AS shown JOIN viewing_viewingsession AS session"
    " ON session.id = shown.viewingsession_id",
    where=f"shown.camera_id = registry_camera.id AND {fences.is_mine('session.person_id')}",
)
_KEPT_FOR_ME = fences.exists(
    "viewing_viewingapplication_holds AS kept JOIN viewing_viewingapplication AS asked"
    " ON asked.id = kept.viewingapplication_id",
    where=f"kept.hold_id = registry_hold.id AND {fences.is_mine('asked.applicant_id')}",
)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_row_level_security"),
        ("registry", "0006_row_level_security"),
        ("viewing", "0005_attachments"),
    ]

    operations = [
        fences.fence(
            "viewing_viewingapplication",
            fences.is_mine("applicant_id"),
            fences.is_in_reach("campus_id"),
            fences.is_of_my_body("unit_id"),
        ),
        *(
            fences.fence(table, fences.belongs_to("viewingapplication_id", "viewing_viewingapplication"))
            for table in ("viewing_viewingapplication_cameras", "viewing_viewingapplication_holds")
        ),
        *(
            fences.fence(table, fences.belongs_to("application_id", "viewing_viewingapplication"))
            for table in (
                "viewing_applicationdecision",
                "viewing_sessionviewer",
                "viewing_holddecision",
                "viewing_attachment",
            )
        ),
        fences.fence(
            "viewing_viewingsession", fences.is_mine("person_id"), fences.is_in_reach("campus_id"), _SAT_IN_IT
        ),
        fences.fence(
            "viewing_viewingsession_cameras", fences.belongs_to("viewingsession_id", "viewing_viewingsession")
        ),
        *(
            fences.fence(table, fences.belongs_to("session_id", "viewing_viewingsession"))
            for table in ("viewing_headcountexception", "viewing_clue")
        ),
        # Who may play a session sees its cameras, on whatever campus; an applicant sees what is kept, not where.
        fences.gate("registry_camera", name="mine_to_play", rows=_MINE_TO_PLAY),
        fences.gate("registry_hold", name="kept_for_me", rows=_KEPT_FOR_ME),
    ]
