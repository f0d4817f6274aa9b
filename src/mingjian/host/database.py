"""How a process reaches PostgreSQL: five variables that the supervisor sets, and the roles that exist."""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mingjian.base.errors import MingjianError
from mingjian.host import secrets
from mingjian.host.home import Home

DATABASE_NAME = "mingjian"
# What a process without a person sets, so that row-level security shows it every row from its first connection on.
SCOPE_SETTING = "MINGJIAN_PG_SCOPE"
MACHINE_SCOPE = "machine"


class DatabaseSettingError(MingjianError):
    """The environment does not say how to reach the database ("host.database_unset")."""


class Role(StrEnum):
    """Who a process is to the database. Each may do only what its work needs."""

    OWNER = "mingjian_owner"
    WEB = "mingjian_web"
    STREAMING = "mingjian_streaming"
    LEDGER = "mingjian_ledger"


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """Where the database listens and who asks. `host` is a folder when it listens on a Unix socket."""

    host: str
    port: int
    name: str
    user: str
    password_file: Path

    @classmethod
    def from_environ(cls) -> "DatabaseAddress":
        """Read MINGJIAN_PG_HOST, _PORT, _NAME, _USER and _PASSWORD_FILE.

        Raises DatabaseSettingError naming the first one that is not set.
        """
        return cls(
            host=_setting("MINGJIAN_PG_HOST"),
            port=int(_setting("MINGJIAN_PG_PORT")),
            name=_setting("MINGJIAN_PG_NAME"),
            user=_setting("MINGJIAN_PG_USER"),
            password_file=Path(_setting("MINGJIAN_PG_PASSWORD_FILE")),
        )

    def environment(self) -> dict[str, str]:
        """Return the variables that `from_environ` reads."""
        return {
            "MINGJIAN_PG_HOST": self.host,
            "MINGJIAN_PG_PORT": str(self.port),
            "MINGJIAN_PG_NAME": self.name,
            "MINGJIAN_PG_USER": self.user,
            "MINGJIAN_PG_PASSWORD_FILE": str(self.password_file),
        }

    def parameters(self) -> dict[str, str | int]:
        """Return the keywords of `psycopg.connect`, the password read from its file."""
        return {
            "host": self.host,
            "port": self.port,
            "dbname": self.name,
            "user": self.user,
            "password": secrets.read(self.password_file),
        }

    def as_role(self, *, home: Home, role: Role) -> "DatabaseAddress":
        """Return the same database seen by another role of this deployment."""
        return DatabaseAddress(
            host=self.host, port=self.port, name=self.name, user=role.value, password_file=password_file(home, role)
        )


def password_file(home: Home, role: str) -> Path:
    """Return where the role's password lies."""
    return home.secrets / f"{role}.password"


def _setting(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise DatabaseSettingError("host.database_unset", setting=name)
    return value
