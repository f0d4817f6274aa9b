"""Free text of ledger entries lies beside the tree and can be erased; entries that stand are left as they are."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from mingjian.host.database import Role
from mingjian.ledger import schema


def install_payload(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        schema.install_payload(
            cursor,
            owner=Role.OWNER.value,
            runtime_roles=(Role.WEB.value, Role.STREAMING.value),
            sequencer_role=Role.LEDGER.value,
        )


class Migration(migrations.Migration):
    dependencies = [("people", "0008_rulings")]
    # Not reversible: there is no lawful way to take a ledger's texts away but to erase them one by one.
    operations = [migrations.RunPython(install_payload)]
