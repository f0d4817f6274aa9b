"""The private cluster: it starts, keeps roles apart, listens on no network, and outlives a crash."""

import json
import os
import signal
import time
from pathlib import Path

import psycopg
import pytest

from mingjian.base.clock import SystemClock
from mingjian.cli import assembly
from mingjian.host.database import Role
from mingjian.host.postgres import Cluster, PostgresError
from mingjian.host.supervisor import Supervisor


def test_each_role_signs_in_with_its_own_password(postgres: Cluster) -> None:
    for role in Role:
        with psycopg.connect(**postgres.address(role).parameters()) as connection:
            found = connection.execute("SELECT current_user, current_database()").fetchone()
        assert found == (role.value, "mingjian")


def test_cluster_refuses_a_wrong_password(postgres: Cluster) -> None:
    parameters = postgres.address(Role.WEB).parameters() | {"password": "guess"}
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**parameters)


def test_cluster_listens_on_no_network(postgres: Cluster) -> None:
    with postgres.connect_as_cluster_role("postgres") as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        rules = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
    assert rules == [("scram-sha-256",)]


@pytest.mark.parametrize("role", [Role.WEB, Role.STREAMING, Role.LEDGER])
def test_runtime_roles_touch_nothing_unless_told(postgres: Cluster, role: Role) -> None:
    with psycopg.connect(**postgres.address(Role.OWNER).parameters()) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS note (text text)")
    with psycopg.connect(**postgres.address(role).parameters(), autocommit=True) as connection:
        for attempt in ("SELECT * FROM note", "INSERT INTO note VALUES ('x')", "CREATE TABLE mine (text text)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(attempt)


def test_server_left_alone_is_ended_and_its_data_kept(postgres_home: Cluster) -> None:
    """A supervisor killed hard leaves a server or its lock; the next start ends the one and drops the other."""
    cluster = postgres_home
    process = cluster.spawn()
    cluster.wait_ready(process)
    cluster.provision()
    with psycopg.connect(**cluster.address(Role.OWNER).parameters()) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 1 AS one")

    cluster.prepare_start()

    assert process.wait(timeout=10) == 0
    with cluster.running(), psycopg.connect(**cluster.address(Role.OWNER).parameters()) as owner:
        assert owner.execute("SELECT one FROM kept").fetchone() == (1,)


def test_lock_of_a_foreign_process_is_dropped(postgres_home: Cluster) -> None:
    """After a reboot the recorded pid may belong to anyone, here to this test."""
    lock = postgres_home.placement.data / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{postgres_home.placement.data}\n")
    with postgres_home.running():
        pass
    assert not lock.exists()


def test_killed_server_starts_again(postgres_home: Cluster) -> None:
    with postgres_home.running(), psycopg.connect(**postgres_home.address(Role.OWNER).parameters()) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 1 AS one")
    process = postgres_home.spawn()
    postgres_home.wait_ready(process)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    with postgres_home.running(), psycopg.connect(**postgres_home.address(Role.OWNER).parameters()) as owner:
        assert owner.execute("SELECT one FROM kept").fetchone() == (1,)


@pytest.mark.parametrize("left", ["", "no number\n"], ids=["empty", "garbage"])
def test_supervisor_brings_back_a_server_killed_with_its_lock_half_written(postgres_home: Cluster, left: str) -> None:
    cluster = postgres_home
    cluster.home.logs.mkdir()
    cluster.home.sockets.mkdir()
    spec = assembly.postgres(cluster)
    with Supervisor(home=cluster.home, clock=SystemClock()) as supervisor:
        supervisor.start([spec])
        facts = json.loads((cluster.home.sockets / "processes.json").read_text())
        os.kill(facts["processes"][0]["pid"], signal.SIGKILL)
        while cluster.is_ready():
            time.sleep(0.02)
        (cluster.placement.data / "postmaster.pid").write_text(left)

        supervisor.watch_for(lambda: [spec], seconds=3.0)

        assert cluster.is_ready()


def test_other_major_version_is_refused(postgres_home: Cluster) -> None:
    version = postgres_home.placement.data / "PG_VERSION"
    version.write_text("9\n")
    with pytest.raises(PostgresError) as caught:
        Cluster.of(postgres_home.home)
    assert caught.value.code == "host.postgres_version"


def test_passwords_are_readable_by_the_owner_alone(postgres: Cluster) -> None:
    secrets = postgres.home.secrets
    assert secrets.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in secrets.iterdir() if isinstance(path, Path)} == {0o600}
