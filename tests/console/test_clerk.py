"""The clerk: sequences, publishes, follows, verifies; and what each database role may not do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from mingjian.base.clock import SystemClock
from mingjian.base.errors import MingjianError
from mingjian.console import clerk, ledger_duties, migrating, verdicts
from mingjian.console.clerk import Duty
from mingjian.grants import signing
from mingjian.grants.signing import KeyPurpose
from mingjian.host import deployment
from mingjian.host.database import Role
from mingjian.host.home import Home
from mingjian.ledger.sequencer import Sequencer
from mingjian.ledger.signer import Signer
from mingjian.people.models import Person
from mingjian.registry.models import Camera

CLOCK = SystemClock()


@pytest.fixture
def as_role(founded: Home, monkeypatch: pytest.MonkeyPatch) -> Callable[[Role], Any]:
    """Connect to the test database as one of the runtime roles."""
    monkeypatch.setenv("MINGJIAN_PG_NAME", str(connection.settings_dict["NAME"]))
    migrating.apply_privileges()
    return lambda role: ledger_duties.connect(founded, role)


@pytest.mark.django_db(transaction=True)
def test_acts_are_sequenced_signed_verified(
    operator: Person, founded: Home, as_role: Callable[[Role], Any], tmp_path: Path
) -> None:
    identity = deployment.load(founded)
    key = signing.load_signer(founded, purpose=KeyPurpose.LEDGER)
    sequencer = Sequencer(
        signer=Signer(key=key, deployment_id=identity.deployment_id, folder=tmp_path),
        keys=key.verifier().keys.values(),
        deployment_id=identity.deployment_id,
        shard=identity.epoch,
        memory_folder=founded.ledger,
    )
    with as_role(Role.LEDGER) as ledger:
        sequencer.run_once(ledger)

    verdict = ledger_duties.verify_ledger(founded, clock=CLOCK)

    assert (verdict.outcome, verdict.findings, verdict.pending) == ("UNANCHORED", 0, 0)
    assert verdict.size > 0
    assert verdicts.read(founded) == verdict


@pytest.mark.django_db(transaction=True)
def test_plan_is_published_by_a_round(
    register: Callable[..., Camera], founded: Home, as_role: Callable[[Role], Any]
) -> None:
    founded.plan.unlink(missing_ok=True)
    register()
    plan, *_others = clerk.duties_of(founded, clock=CLOCK)

    plan.round(now_s=1.0)

    assert founded.plan.exists()
    assert plan.trouble == ""


@pytest.mark.django_db
def test_duty_in_trouble_is_told_once_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    outcomes: list[Exception | None] = [MingjianError("x.broken"), MingjianError("x.broken"), None]

    def work() -> None:
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome

    duty = Duty("test", 1.0, work)
    caplog.set_level("INFO")
    for now_s in (0.0, 0.5, 1.0, 2.0):
        duty.round(now_s)

    assert outcomes == []
    assert [record.levelname for record in caplog.records if record.name.endswith("clerk")] == ["ERROR", "INFO"]


@pytest.mark.django_db
def test_bug_in_one_duty_ends_neither_the_clerk_nor_the_other_duties(caplog: pytest.LogCaptureFixture) -> None:
    poisoned, other = Duty("test", 1.0, lambda: {}["no such word"]), Duty("other", 1.0, lambda: None)

    for now_s in (0.0, 2.0):
        for duty in (poisoned, other):
            duty.round(now_s)

    assert (poisoned.trouble, other.trouble) == ("KeyError", "")
    assert [record.levelname for record in caplog.records if record.name.endswith("clerk")] == ["ERROR"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("role", "statement"),
    [
        (Role.WEB, "DELETE FROM people_person"),
        (Role.WEB, "DELETE FROM people_appointment"),
        (Role.WEB, "DELETE FROM people_websession"),
        (Role.WEB, "UPDATE people_jurisdiction SET campus_id = 'panjin'"),
        (Role.WEB, "UPDATE people_body SET tier = 2"),
        (Role.WEB, "DELETE FROM media_revocation"),
        (Role.WEB, "UPDATE media_revocation SET reason = 'x'"),
        (Role.WEB, "DELETE FROM viewing_viewingsession"),
        (Role.WEB, "DELETE FROM registry_camera"),
        (Role.WEB, "UPDATE ledger_entry SET body = ''"),
        (Role.WEB, "DELETE FROM ledger_pending"),
        (Role.WEB, "INSERT INTO ledger_pending (body, received_at_90k, writer) VALUES ('', 1, 'x')"),
        (Role.WEB, "DROP TABLE people_person"),
        (Role.STREAMING, "SELECT * FROM people_person"),
        (Role.STREAMING, "SELECT * FROM django_session"),
        (Role.STREAMING, "INSERT INTO media_revocation VALUES (gen_random_uuid(), 1, 'x')"),
        (Role.STREAMING, "SELECT * FROM registry_camera"),
        (Role.LEDGER, "SELECT * FROM people_person"),
    ],
)
def test_runtime_role_may_not(as_role: Callable[[Role], Any], role: Role, statement: str) -> None:
    with as_role(role) as runtime, pytest.raises(psycopg.errors.InsufficientPrivilege):
        runtime.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_runtime_roles_may_do_their_work(as_role: Callable[[Role], Any]) -> None:
    with as_role(Role.STREAMING) as streaming:
        streaming.execute("SELECT key FROM media_revocation")
        streaming.execute("SELECT ledger_append(convert_to('{\"kind\":\"test.done\"}', 'UTF8'))")
    with as_role(Role.WEB) as web:
        for table, privileges in migrating.WEB_PRIVILEGES:
            for privilege in privileges.split(", "):
                kind, _, column = privilege.rstrip(")").partition(" (")
                asked = "has_column_privilege(%s, %s, %s)" if column else "has_table_privilege(%s, %s)"
                where = (table, column) if column else (table,)
                (may,) = web.execute(f"SELECT {asked}", (*where, kind)).fetchone()
                assert may, (table, privilege)


@pytest.mark.django_db
def test_every_table_has_its_privileges_written_down() -> None:
    ours = {table for table in connection.introspection.table_names() if not table.startswith("ledger_")}

    assert ours == {table for table, _ in (*migrating.WEB_PRIVILEGES, *migrating.STREAMING_PRIVILEGES)}


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
