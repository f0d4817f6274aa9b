"""Which records of a media host's spool stand in the ledger already: streaming enters each exactly once."""

from django.db import migrations

CREATE = """
CREATE TABLE media_spooled (
    -- The record's name: its spool and number there, or a finding's place and digest.
    record varchar(160) PRIMARY KEY,
    -- When its entry was written; a convenience for readers.
    entered_at timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0004_row_level_security")]
    operations = [migrations.RunSQL(CREATE, reverse_sql="DROP TABLE media_spooled")]
