"""The session's own grant goes: its turns have theirs. Not taken back where there are sessions already."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("viewing", "0009_turns"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="viewingsession",
            name="grant_id",
        ),
        migrations.AddConstraint(
            model_name="viewingsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("pause_cause", ""), ("paused_at_90k__isnull", True)),
                    models.Q(
                        ("pause_cause__in", ["hidden", "idle", "line", "operator", "taken_over", "unattended"]),
                        ("paused_at_90k__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="viewing_session_pause_has_a_cause",
            ),
        ),
    ]
