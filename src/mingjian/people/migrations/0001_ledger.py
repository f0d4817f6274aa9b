"""The ledger stands before anything that could be recorded in it."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from mingjian.host.database import Role
from mingjian.ledger import schema


def install_ledger(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        schema.install(
            cursor,
            owner=Role.OWNER.value,
            runtime_roles=(Role.WEB.value, Role.STREAMING.value),
            sequencer_role=Role.LEDGER.value,
        )


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    # Not reversible: there is no lawful way to take a ledger away.
    operations = [migrations.RunPython(install_ledger)]
