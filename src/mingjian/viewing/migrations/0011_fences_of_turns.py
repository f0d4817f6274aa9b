"""Segments and grants are for whoever conducts or oversees the session; an applicant sees that there was one."""

from django.db import migrations

from mingjian.people import fences

_CONDUCTED = fences.exists(
    "viewing_viewingsession AS held",
    where=f"held.id = session_id AND ({fences.is_mine('held.person_id')} OR {fences.is_in_reach('held.campus_id')})",
)
# Nobody has to sit down for a search that found nothing: its session asks the application then.
_ABOUT_ME = fences.exists(
    "viewing_viewingapplication AS asked",
    where=f"asked.id = viewing_viewingsession.application_id AND {fences.is_mine('asked.applicant_id')}",
)


class Migration(migrations.Migration):
    dependencies = [
        ("viewing", "0010_one_grant_per_turn"),
    ]

    operations = [
        fences.fence("viewing_segment", _CONDUCTED),
        fences.fence("viewing_viewinggrant", _CONDUCTED),
        fences.gate("viewing_viewingsession", name="about_me", rows=_ABOUT_ME),
    ]
