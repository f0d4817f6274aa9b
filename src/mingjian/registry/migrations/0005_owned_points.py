"""No point without an owner: a body that answers for its campus, of the tier that its class asks for."""

import django.db.models.deletion
from django.db import migrations, models

# Keys of two columns, which Django's models cannot name: the copied tier is the owner's own, and the owner answers for
# the campus on which the point stands.
OWNERS = """
ALTER TABLE registry_camera ADD CONSTRAINT registry_camera_owner_tier_is_the_owners
    FOREIGN KEY (owner_id, owner_tier) REFERENCES people_body (code, tier);
ALTER TABLE registry_camera ADD CONSTRAINT registry_camera_owner_answers_for_campus
    FOREIGN KEY (owner_id, campus) REFERENCES people_jurisdiction (body_id, campus_id);
"""
OWNERS_BACK = """
ALTER TABLE registry_camera DROP CONSTRAINT registry_camera_owner_answers_for_campus;
ALTER TABLE registry_camera DROP CONSTRAINT registry_camera_owner_tier_is_the_owners;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0004_owners"),
    ]

    operations = [
        migrations.RemoveField(model_name="camera", name="owner_text"),
        migrations.AlterField(
            model_name="camera",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cameras", to="people.body"
            ),
        ),
        migrations.AlterField(model_name="camera", name="owner_tier", field=models.PositiveSmallIntegerField()),
        migrations.AlterField(model_name="camera", name="system_class", field=models.CharField(max_length=16)),
        migrations.AlterField(model_name="camera", name="purpose", field=models.CharField(blank=True, max_length=200)),
        migrations.AlterField(
            model_name="camera", name="field_of_view", field=models.CharField(blank=True, max_length=200)
        ),
        migrations.RemoveConstraint(model_name="camera", name="registry_camera_main_address_is_bare"),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.CheckConstraint(
                condition=models.Q(("main_address", ""), ("main_address__regex", "^rtsp://[^/@?#]+/"), _connector="OR"),
                name="registry_camera_main_address_is_bare",
            ),
        ),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("owner_tier", 2), ("system_class", "school")),
                    models.Q(
                        ("owner_tier", 3),
                        (
                            "system_class__in",
                            ["unit", "examination", "secrecy", "laboratory", "sports", "research"],
                        ),
                    ),
                    _connector="OR",
                ),
                name="registry_camera_class_fits_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("main_address", ""),
                        ("sealed_credentials", ""),
                        ("sub_address", ""),
                        ("system_class", "secrecy"),
                    ),
                    models.Q(
                        models.Q(("system_class", "secrecy"), _negated=True),
                        models.Q(("main_address", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="registry_camera_secrecy_has_no_address",
            ),
        ),
        migrations.RunSQL(OWNERS, OWNERS_BACK),
    ]
