"""What sessions had before there were phases, told in the new words; nothing of a register is lost."""

from django.db import migrations

# Whoever had somebody in the room was showing; a lone grant stood for the whole window.
FORTH = """
UPDATE viewing_viewingsession AS held SET
    pause_cause = CASE WHEN held.paused_at_90k IS NULL THEN '' ELSE 'operator' END,
    attended_at_90k = held.issued_at_90k,
    application_id = (
        SELECT viewer.application_id FROM viewing_sessionviewer AS viewer
        WHERE viewer.session_id = held.id ORDER BY viewer.admitted_at_90k LIMIT 1
    ),
    phase = CASE WHEN held.campus_id IS NULL THEN 'searching' ELSE 'showing' END;
INSERT INTO viewing_viewinggrant (id, session_id, segment_id, phase, begun_at_90k, ended_at_90k)
    SELECT held.grant_id, held.id, NULL, held.phase, held.issued_at_90k,
        CASE WHEN held.campus_id IS NULL THEN held.closed_at_90k
        ELSE coalesce(held.closed_at_90k, held.revoked_at_90k, held.valid_until_90k) END
    FROM viewing_viewingsession AS held
"""
BACK = """
DELETE FROM viewing_viewinggrant;
UPDATE viewing_viewingsession SET application_id = NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("viewing", "0008_phases"),
    ]

    operations = [migrations.RunSQL(FORTH, BACK)]
