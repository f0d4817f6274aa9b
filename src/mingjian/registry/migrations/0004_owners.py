"""Each point's owner, found by the text that stood there: a body of its campus so called, else its tier-2 body.

The text itself stays in the ledger, where the registration wrote it. An upgrade must not stop recording: where no body
of tier 2 answers for the campus, the point stands under a unit "to be named" of that campus, and the upgrade says so.
A stand-in of tier 2 would keep the real one out, because a campus has but one.
"""

import sys
from typing import Any

from django.db import migrations


def find_owners(apps: Any, schema_editor: Any) -> None:
    jurisdictions = apps.get_model("people", "Jurisdiction").objects.select_related("body").order_by("tier", "pk")
    for camera in apps.get_model("registry", "Camera").objects.filter(owner__isnull=True):
        answering = jurisdictions.filter(campus_id=camera.campus_id, tier__in=(2, 3))
        bodies = [entry.body for entry in answering]
        named = [body for body in bodies if camera.owner_text in (body.code, body.name, body.name_en)]
        in_charge = [body for body in bodies if body.tier == 2]
        found = named or in_charge
        camera.owner = found[0] if found else stand_in(apps, campus=camera.campus)
        if not found:
            sys.stderr.write(
                f"摄像机“{camera.name}”所在校区 {camera.campus_id} 没有二级管理机构，暂列在“{camera.owner.name}”名下，"
                "录像不受影响。请在学校概况中补上该机构，再注销并重新登记这台摄像机。\n"
                f"Camera {camera.name}: no tier-2 body answers for {camera.campus_id}; it stands under "
                f"{camera.owner.code} for now and goes on recording. Add the body to the profile, "
                "then retire the camera and register it anew.\n"
            )
        camera.owner_tier = camera.owner.tier
        camera.system_class = "school" if camera.owner.tier == 2 else "unit"
        camera.save(update_fields=["owner", "owner_tier", "system_class"])


def stand_in(apps: Any, *, campus: Any) -> Any:
    """Return the unit of the campus that stands for an owner nobody has named yet."""
    bodies = apps.get_model("people", "Body").objects
    code = f"unnamed-{campus.pk}"
    names = {"name": f"{campus.name}（责任机构待明确）", "name_en": f"{campus.name_en} (owner to be named)"}
    above = bodies.filter(tier=1).order_by("code").first()
    # Every body of tier 2 or 3 has one above it; where there is none at all, this one stands under itself.
    body, _ = bodies.get_or_create(code=code, defaults={**names, "tier": 3, "parent_id": above.pk if above else code})
    apps.get_model("people", "Jurisdiction").objects.get_or_create(body=body, campus=campus, defaults={"tier": 3})
    return body


def write_texts(apps: Any, schema_editor: Any) -> None:
    for camera in apps.get_model("registry", "Camera").objects.select_related("owner"):
        camera.owner_text = camera.owner.name
        camera.save(update_fields=["owner_text"])


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_points"),
    ]

    operations = [migrations.RunPython(find_owners, write_texts)]
