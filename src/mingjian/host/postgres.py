"""The private PostgreSQL: our own initdb, passwords only (scram), a Unix socket only, one role per kind of process."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from mingjian.base.errors import MingjianError
from mingjian.host import placement, secrets
from mingjian.host.database import DATABASE_NAME, DatabaseAddress, Role, password_file
from mingjian.host.home import Home
from mingjian.host.placement import PORT, Placement

CLUSTER_ROLE = "mingjian_cluster"
READY_TIMEOUT_S = 30.0
_POLL_S = 0.02


class PostgresError(MingjianError):
    """The cluster would not do its work: "host.postgres_initdb", "host.postgres_start", "host.postgres_version"."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One private cluster of one home."""

    home: Home
    placement: Placement

    @classmethod
    def of(cls, home: Home) -> "Cluster":
        """Return the home's cluster, made at the first call.

        Raises PostgresError("host.postgres_initdb") with PostgreSQL's own words, and ("host.postgres_version") when the
        data folder belongs to another major version than the installed binaries.
        """
        cluster = cls(home=home, placement=placement.place(home))
        if not (cluster.placement.data / "PG_VERSION").exists():
            cluster._initialise()
        cluster._check_version()
        return cluster

    def address(self, role: Role) -> DatabaseAddress:
        """Return how this role reaches the product's database."""
        return DatabaseAddress(
            host=str(self.placement.sockets),
            port=PORT,
            name=DATABASE_NAME,
            user=role.value,
            password_file=password_file(self.home, role),
        )

    def command(self, settings: Mapping[str, str] | None = None) -> list[str]:
        """Return the command that serves the cluster in the foreground, logging to stderr."""
        chosen = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.placement.sockets),
            "unix_socket_permissions": "0700",
            "port": str(PORT),
            "max_connections": "80",
            "shared_buffers": "64MB",
            "password_encryption": "scram-sha-256",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **(settings or {}),
        }
        command = [str(self.placement.binaries / "postgres"), "-D", str(self.placement.data)]
        for name, value in chosen.items():
            command += ["-c", f"{name}={value}"]
        return command

    def prepare_start(self) -> None:
        """Clear what an earlier life left: end a server without a supervisor, drop a lock of a process long gone."""
        pid = _owner_of(self._lock, self.placement.data)
        if pid is not None:
            os.kill(pid, signal.SIGINT)
            _wait_for_end(pid, self.placement.data)
        self.drop_stale_lock()

    def drop_stale_lock(self) -> None:
        """Remove the lock file unless the server it names lives; due before every start.

        PostgreSQL refuses to start beside a lock whose pid now belongs to another process, as after a reboot, and
        beside an empty one, as after a kill between making the file and filling it. Backends that outlive their
        server are told by the shared memory of the data folder, which PostgreSQL looks for itself.
        """
        if _owner_of(self._lock, self.placement.data) is None:
            self._lock.unlink(missing_ok=True)

    @property
    def _lock(self) -> Path:
        return self.placement.data / "postmaster.pid"

    def wait_ready(self, process: "subprocess.Popen[bytes] | None" = None) -> None:
        """Block until the cluster takes connections.

        Raises PostgresError("host.postgres_start") when the process ends or the time is over.
        """
        deadline = time.monotonic() + READY_TIMEOUT_S
        while True:
            try:
                self.connect_as_cluster_role("postgres").close()
                return
            except psycopg.OperationalError as error:
                is_dead = process is not None and process.poll() is not None
                if is_dead or time.monotonic() > deadline:
                    raise PostgresError("host.postgres_start", reason=str(error).strip()) from error
            time.sleep(_POLL_S)

    def is_ready(self) -> bool:
        """Say whether the cluster takes connections now."""
        try:
            self.connect_as_cluster_role("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def provision(self) -> None:
        """Make roles and database as they should be; safe to repeat at every start, and how a new role arrives.

        A role may connect and nothing more: what it may touch is said by migrations, table by table.
        Raises PostgresError("host.postgres_start") when the server does not take it.
        """
        try:
            self._provision()
        except psycopg.Error as error:
            raise PostgresError("host.postgres_start", reason=str(error).strip()) from error

    def _provision(self) -> None:
        with self.connect_as_cluster_role("postgres") as connection:
            for role in Role:
                _ensure_role(connection, role, secrets.ensure(password_file(self.home, role)))
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]).fetchone()
            if known is not None:
                return
            name = sql.Identifier(DATABASE_NAME)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, sql.Identifier(Role.OWNER)))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
            for role in Role:
                connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.Identifier(role)))

    def connect_as_cluster_role(self, database: str) -> "psycopg.Connection[tuple[object, ...]]":
        """Return a connection that may do everything; for provisioning, never handed to a process."""
        return psycopg.connect(
            host=str(self.placement.sockets),
            port=PORT,
            dbname=database,
            user=CLUSTER_ROLE,
            password=secrets.read(password_file(self.home, CLUSTER_ROLE)),
            autocommit=True,
            connect_timeout=5,
        )

    @contextlib.contextmanager
    def running(self, settings: Mapping[str, str] | None = None) -> Iterator[None]:
        """Serve the cluster, provisioned, for the length of a with-block; for tests and single commands."""
        self.prepare_start()
        process = self.spawn(settings=settings)
        try:
            self.wait_ready(process)
            self.provision()
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=READY_TIMEOUT_S)

    def spawn(self, *, settings: Mapping[str, str] | None = None) -> "subprocess.Popen[bytes]":
        """Start the server as a child of this process, logging beside the data folder."""
        run_as = self.placement.run_as
        with (self.home.root / "postgres.log").open("ab") as log:
            return subprocess.Popen(
                self.command(settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                user=None if run_as is None else run_as.uid,
                group=None if run_as is None else run_as.gid,
                extra_groups=None if run_as is None else [],
            )

    def _initialise(self) -> None:
        password = secrets.ensure(password_file(self.home, CLUSTER_ROLE))
        data, sockets, run_as = self.placement.data, self.placement.sockets, self.placement.run_as
        # A half-made cluster has no PG_VERSION at its end; initdb wants an empty folder.
        for leftover in data.iterdir():
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        # initdb reads the password as the run-as user, who cannot see our secrets folder.
        handed_over = sockets / "initdb.password"
        handed_over.touch(mode=0o600)
        try:
            handed_over.write_text(password, encoding="ascii")
            if run_as is not None:
                os.chown(handed_over, run_as.uid, run_as.gid)
            made = subprocess.run(
                [
                    str(self.placement.binaries / "initdb"),
                    f"--pgdata={data}",
                    f"--username={CLUSTER_ROLE}",
                    f"--pwfile={handed_over}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C",
                    "--no-instructions",
                ],
                env={"PATH": os.defpath, "LC_ALL": "C"},
                capture_output=True,
                check=False,
                cwd="/",
                user=None if run_as is None else run_as.uid,
                group=None if run_as is None else run_as.gid,
                extra_groups=None if run_as is None else [],
            )
        finally:
            handed_over.unlink(missing_ok=True)
        if made.returncode != 0:
            raise PostgresError("host.postgres_initdb", reason=made.stderr.decode(errors="replace").strip()[-500:])

    def _check_version(self) -> None:
        stored = (self.placement.data / "PG_VERSION").read_text(encoding="ascii").strip()
        asked = subprocess.run(
            [str(self.placement.binaries / "postgres"), "--version"], capture_output=True, check=True
        )
        installed = asked.stdout.decode().split()[-1].split(".")[0]
        if stored != installed:
            raise PostgresError("host.postgres_version", stored=stored, installed=installed)


def _ensure_role(connection: "psycopg.Connection[tuple[object, ...]]", role: Role, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role.value]).fetchone()
    verb = sql.SQL("CREATE") if known is None else sql.SQL("ALTER")
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE PASSWORD {}").format(
            verb, sql.Identifier(role), sql.Literal(password)
        )
    )


def _owner_of(lock: Path, data: Path) -> int | None:
    """Return the pid of the living server that serves `data`."""
    try:
        pid = int(lock.read_text(encoding="utf-8").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return pid if _serves(pid, data) else None


def _serves(pid: int, data: Path) -> bool:
    """Judge by the working folder, which a server never leaves and a dead process, a zombie too, does not have."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data
    except (FileNotFoundError, ProcessLookupError):
        return False


def _wait_for_end(pid: int, data: Path) -> None:
    deadline = time.monotonic() + READY_TIMEOUT_S
    while _serves(pid, data):
        if time.monotonic() > deadline:
            raise PostgresError("host.postgres_start", reason=f"an earlier server (pid {pid}) does not end")
        time.sleep(_POLL_S)
