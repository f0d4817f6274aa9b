"""Bringing the database to today's schema, and giving each runtime role exactly what its work needs."""

from typing import LiteralString

from django.core.management import call_command
from django.db import connection

# What the web and the clerk may do to each table; the ledger's own doors are set by its schema. No row of a person,
# a camera or a session can be deleted at runtime.
WEB_PRIVILEGES: tuple[tuple[LiteralString, LiteralString], ...] = (
    ("django_session", "SELECT, INSERT, UPDATE, DELETE"),
    ("django_migrations", "SELECT"),
    ("people_university", "SELECT, INSERT"),
    ("people_campus", "SELECT, INSERT"),
    ("people_body", "SELECT, INSERT, UPDATE (is_first_office)"),
    ("people_jurisdiction", "SELECT, INSERT"),
    ("people_specialowner", "SELECT, INSERT, UPDATE"),
    ("people_person", "SELECT, INSERT, UPDATE"),
    ("people_leaverlist", "SELECT, INSERT, UPDATE"),
    ("people_importrun", "SELECT, INSERT, UPDATE"),
    ("people_formerpassword", "SELECT, INSERT, DELETE"),
    ("people_appointment", "SELECT, INSERT, UPDATE"),
    ("people_console", "SELECT, INSERT, UPDATE"),
    ("people_qualification", "SELECT, INSERT, UPDATE"),
    ("people_lapsenotice", "SELECT, INSERT"),
    ("people_secondfactor", "SELECT, INSERT, UPDATE"),
    ("people_websession", "SELECT, INSERT, UPDATE"),
    ("people_ruling", "SELECT, INSERT, UPDATE"),
    ("people_signinnoise", "SELECT, INSERT, UPDATE, DELETE"),
    ("media_revocation", "SELECT, INSERT"),
    ("registry_volume", "SELECT, INSERT, UPDATE"),
    ("registry_camera", "SELECT, INSERT, UPDATE"),
    ("registry_hold", "SELECT, INSERT, UPDATE"),
    ("registry_planrevision", "SELECT, INSERT, UPDATE"),
    ("registry_reportcursor", "SELECT, INSERT, UPDATE"),
    ("registry_rollup", "SELECT, INSERT"),
    ("registry_recordedroot", "SELECT, INSERT, UPDATE"),
    ("duty_shift", "SELECT, INSERT, UPDATE"),
    ("viewing_viewingsession", "SELECT, INSERT, UPDATE"),
    ("viewing_viewingsession_cameras", "SELECT, INSERT"),
    ("viewing_viewingapplication", "SELECT, INSERT, UPDATE"),
    ("viewing_viewingapplication_cameras", "SELECT, INSERT, DELETE"),
    ("viewing_viewingapplication_holds", "SELECT, INSERT"),
    ("viewing_applicationdecision", "SELECT, INSERT"),
    ("viewing_concern", "SELECT, INSERT"),
    ("viewing_objection", "SELECT, INSERT, UPDATE"),
    ("viewing_attachment", "SELECT, INSERT"),
    ("viewing_holddecision", "SELECT, INSERT"),
    ("viewing_headcountexception", "SELECT, INSERT"),
    ("viewing_sessionviewer", "SELECT, INSERT, UPDATE"),
    ("viewing_clue", "SELECT, INSERT"),
    ("viewing_segment", "SELECT, INSERT, UPDATE"),
    ("viewing_viewinggrant", "SELECT, INSERT, UPDATE"),
    ("oversight_complaint", "SELECT, INSERT, UPDATE"),
    ("oversight_complaintact", "SELECT, INSERT"),
    ("oversight_inquiry", "SELECT, INSERT, UPDATE"),
    ("oversight_inquiryact", "SELECT, INSERT"),
)
STREAMING_PRIVILEGES: tuple[tuple[LiteralString, LiteralString], ...] = (
    ("media_revocation", "SELECT"),
    ("media_spooled", "SELECT, INSERT"),
)


def migrate() -> None:
    """Run as the owner: migrate, then set the privileges of every role anew."""
    call_command("migrate", interactive=False, verbosity=0)
    apply_privileges()


def apply_privileges() -> None:
    """Take back what the runtime roles had of our tables and grant what the two lists say."""
    with connection.cursor() as cursor:
        cursor.execute("GRANT USAGE ON SCHEMA public TO mingjian_web, mingjian_streaming")
        for table, _privileges in (*WEB_PRIVILEGES, *STREAMING_PRIVILEGES):
            cursor.execute(f"REVOKE ALL ON {table} FROM mingjian_web, mingjian_streaming")
        for table, privileges in WEB_PRIVILEGES:
            cursor.execute(f"GRANT {privileges} ON {table} TO mingjian_web")
        for table, privileges in STREAMING_PRIVILEGES:
            cursor.execute(f"GRANT {privileges} ON {table} TO mingjian_streaming")
