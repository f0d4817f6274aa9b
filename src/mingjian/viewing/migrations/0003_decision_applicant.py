"""A decision names the applicant of its application and of no other: nobody decides on their own, not even by SQL."""

from django.db import migrations

ADD = """
ALTER TABLE viewing_applicationdecision ADD CONSTRAINT viewing_decision_applicant_is_the_applications
    FOREIGN KEY (application_id, applicant_id) REFERENCES viewing_viewingapplication (id, applicant_id);
ALTER TABLE viewing_sessionviewer ADD CONSTRAINT viewing_viewer_applicant_is_the_applications
    FOREIGN KEY (application_id, applicant_id) REFERENCES viewing_viewingapplication (id, applicant_id)
"""
DROP = """
ALTER TABLE viewing_sessionviewer DROP CONSTRAINT viewing_viewer_applicant_is_the_applications;
ALTER TABLE viewing_applicationdecision DROP CONSTRAINT viewing_decision_applicant_is_the_applications
"""


class Migration(migrations.Migration):
    dependencies = [
        ("viewing", "0002_applications"),
    ]

    operations = [migrations.RunSQL(ADD, DROP)]
