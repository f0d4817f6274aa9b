"""What must hold of appointments and bodies whoever writes the row, as the database says it."""

from django.db import migrations

# A copied tier is the body's own: a key of two columns, which Django's models cannot name.
TIERS = """
ALTER TABLE people_jurisdiction ADD CONSTRAINT people_jurisdiction_tier_is_the_bodys
    FOREIGN KEY (body_id, tier) REFERENCES people_body (code, tier);
ALTER TABLE people_appointment ADD CONSTRAINT people_appointment_tier_is_the_bodys
    FOREIGN KEY (body_id, tier) REFERENCES people_body (code, tier);
"""
TIERS_BACK = """
ALTER TABLE people_appointment DROP CONSTRAINT people_appointment_tier_is_the_bodys;
ALTER TABLE people_jurisdiction DROP CONSTRAINT people_jurisdiction_tier_is_the_bodys;
"""

# Nobody holds the same appointment twice at a time.
OVERLAPS = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE people_appointment ADD CONSTRAINT people_appointment_no_overlap
    EXCLUDE USING gist (person_id WITH =, post WITH =, body_id WITH =, int8range(since_90k, until_90k) WITH &&);
"""
OVERLAPS_BACK = "ALTER TABLE people_appointment DROP CONSTRAINT people_appointment_no_overlap;"

# Each kind of administrator is a power of its own, all other posts together are one more; at any instant a person has
# at most one power. So administrators exclude each other and every post that can lead to pictures.
POWERS = """
ALTER TABLE people_appointment ADD CONSTRAINT people_appointment_powers_apart
    EXCLUDE USING gist (
        person_id WITH =,
        (CASE WHEN post IN ('system_administrator', 'security_administrator', 'audit_administrator')
            THEN post ELSE 'media' END) WITH <>,
        int8range(since_90k, until_90k) WITH &&
    );
"""
POWERS_BACK = "ALTER TABLE people_appointment DROP CONSTRAINT people_appointment_powers_apart;"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_people"),
    ]

    operations = [
        migrations.RunSQL(TIERS, TIERS_BACK),
        migrations.RunSQL(OVERLAPS, OVERLAPS_BACK),
        migrations.RunSQL(POWERS, POWERS_BACK),
    ]
