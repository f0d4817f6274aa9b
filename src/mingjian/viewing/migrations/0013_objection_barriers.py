"""An objection names the refusal it is against, its applicant and who refused; a decision anew bars that one.

Seen by whoever sees the application.
"""

from django.db import migrations

from mingjian.people import fences

ADD = """
ALTER TABLE viewing_objection ADD CONSTRAINT viewing_objection_names_its_refusal
    FOREIGN KEY (refusal_id, application_id, applicant_id, first_decider_id)
    REFERENCES viewing_applicationdecision (id, application_id, applicant_id, decider_id);
ALTER TABLE viewing_applicationdecision ADD CONSTRAINT viewing_decision_bars_who_refused
    FOREIGN KEY (objection_id, application_id, barred_decider_id)
    REFERENCES viewing_objection (id, application_id, first_decider_id)
"""
DROP = """
ALTER TABLE viewing_applicationdecision DROP CONSTRAINT viewing_decision_bars_who_refused;
ALTER TABLE viewing_objection DROP CONSTRAINT viewing_objection_names_its_refusal
"""


class Migration(migrations.Migration):
    dependencies = [
        ("viewing", "0012_objections"),
    ]

    operations = [
        migrations.RunSQL(ADD, DROP),
        fences.fence("viewing_objection", fences.belongs_to("application_id", "viewing_viewingapplication")),
    ]
