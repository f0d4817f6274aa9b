"""How a command reaches the control plane: the database's address into the environment, then Django."""

import os
from typing import TYPE_CHECKING

from mingjian.cli.commands import CommandError
from mingjian.host import deployment, placement, secrets
from mingjian.host.database import (
    DATABASE_NAME,
    MACHINE_SCOPE,
    SCOPE_SETTING,
    DatabaseAddress,
    Role,
    password_file,
)
from mingjian.host.home import Home

if TYPE_CHECKING:
    import psycopg


def address_of(home: Home, role: Role) -> DatabaseAddress:
    """Return where the home's database listens for this role: as the environment says, else as the home's record.

    Raises DeploymentError("host.not_founded") before the first start.
    """
    deployment.load(home)
    if os.environ.get("MINGJIAN_PG_HOST"):
        return DatabaseAddress.from_environ().as_role(home=home, role=role)
    placed = placement.read(home)
    return DatabaseAddress(
        host=str(placed.sockets if placed is not None else home.root),
        port=placement.PORT,
        name=DATABASE_NAME,
        user=role.value,
        password_file=password_file(home, role),
    )


def connect(home: Home, role: Role) -> "psycopg.Connection[tuple[object, ...]]":
    """Return a plain connection in autocommit mode. Raises CommandError("host.database_away")."""
    import psycopg

    try:
        return psycopg.connect(**address_of(home, role).parameters(), autocommit=True)  # type: ignore[arg-type]  # mixed
    except psycopg.OperationalError as error:
        raise CommandError("host.database_away", reason=str(error).split("\n")[0]) from error


def open_django(home: Home, role: Role = Role.WEB) -> None:
    """Make Django usable in this process as this role, and see that its database answers.

    The process acts for no person: row-level security shows it every row.
    """
    os.environ[SCOPE_SETTING] = MACHINE_SCOPE
    _open(home, role)


def open_django_for_pages(home: Home) -> None:
    """Make Django usable for requests: each has the scope of who asks, and before that there are no rows."""
    os.environ.pop(SCOPE_SETTING, None)
    _open(home, Role.WEB)


def _open(home: Home, role: Role) -> None:
    address = address_of(home, role)
    os.environ.update(address.environment())
    os.environ["MINGJIAN_HOME"] = str(home.root)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingjian.console.settings")
    connect(home, role).close()
    import django

    django.setup()


def become(home: Home, role: Role) -> None:
    """Go on as another role of the same database: what the owner alone may do is done."""
    from django.db import connection

    address = address_of(home, role)
    os.environ.update(address.environment())
    connection.close()
    connection.settings_dict.update({"USER": address.user, "PASSWORD": secrets.read(address.password_file)})
