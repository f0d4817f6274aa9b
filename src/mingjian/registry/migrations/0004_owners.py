"""Each point's owner, found by the text that stood there: a body of its campus so called, else its tier-2 body.

The text itself stays in the ledger, where the registration wrote it.
"""

from typing import Any

from django.db import migrations


def find_owners(apps: Any, schema_editor: Any) -> None:
    jurisdictions = apps.get_model("people", "Jurisdiction").objects.select_related("body").order_by("tier", "pk")
    for camera in apps.get_model("registry", "Camera").objects.filter(owner__isnull=True):
        bodies = [entry.body for entry in jurisdictions.filter(campus_id=camera.campus_id)]
        named = [body for body in bodies if camera.owner_text in (body.code, body.name, body.name_en)]
        in_charge = [body for body in bodies if body.tier == 2]
        if not (named or in_charge):
            raise LookupError(f"no body of tier 2 answers for the campus {camera.campus_id}: load the profile first")
        camera.owner = (named or in_charge)[0]
        camera.owner_tier = camera.owner.tier
        camera.system_class = "school" if camera.owner.tier == 2 else "unit"
        camera.save(update_fields=["owner", "owner_tier", "system_class"])


def write_texts(apps: Any, schema_editor: Any) -> None:
    for camera in apps.get_model("registry", "Camera").objects.select_related("owner"):
        camera.owner_text = camera.owner.name
        camera.save(update_fields=["owner_text"])


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_points"),
    ]

    operations = [migrations.RunPython(find_owners, write_texts)]
