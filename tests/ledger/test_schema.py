"""The runtime roles have one door to the ledger; even the owner cannot take anything back."""

import psycopg
import pytest

from mingjian.base.ticks import Ticks90k
from mingjian.ledger import schema
from mingjian.ledger.append import Entry, append

WEB, STREAMING, LEDGER, OWNER = "mingjian_web", "mingjian_streaming", "mingjian_ledger", "mingjian_owner"
ENTRY = Entry(
    kind="test.happened",
    actor_id="p1",
    actor_name="王老师",
    capacity="operator",
    subject="camera:c1",
    at_90k=Ticks90k(160_000_000_000_000),
    via="web",
    articles=("A13",),
    facts={"number": 7},
)
DIRECT_WRITES = {
    "insert pending": "INSERT INTO ledger_pending (body, received_at_90k, writer) VALUES ('{}', 1, 'x')",
    "update pending": "UPDATE ledger_pending SET body = '{}'",
    "delete pending": "DELETE FROM ledger_pending",
    "truncate pending": "TRUNCATE ledger_pending",
    "insert entry": "INSERT INTO ledger_entry VALUES (1, 0, 1, '{}', sha256('\\x007b7d'::bytea))",
    "update entry": "UPDATE ledger_entry SET body = body",
    "delete entry": "DELETE FROM ledger_entry",
    "truncate entry": "TRUNCATE ledger_entry",
    "insert checkpoint": "INSERT INTO ledger_checkpoint VALUES (1, 9, sha256('x'), 'n')",
    "update checkpoint": "UPDATE ledger_checkpoint SET note = ''",
    "delete checkpoint": "DELETE FROM ledger_checkpoint",
    "truncate checkpoint": "TRUNCATE ledger_checkpoint",
}


@pytest.fixture
def filled(connect):
    """The test's database with one sequenced entry, one checkpoint and one pending act."""
    with connect(WEB) as connection:
        append(connection.cursor(), entry=ENTRY)
    with connect(LEDGER) as connection:
        connection.execute("SELECT ledger_sequence(1, 100)")
        connection.execute("SELECT ledger_publish(1, 1, sha256('x'), 'note')")
    with connect(WEB) as connection:
        append(connection.cursor(), entry=ENTRY)
    return connect


def test_append_returns_growing_numbers(connect):
    with connect(WEB) as connection:
        cursor = connection.cursor()
        first, second = append(cursor, entry=ENTRY), append(cursor, entry=ENTRY)
    assert first < second


def test_append_vanishes_with_the_act_that_is_rolled_back(connect):
    connection = connect(WEB)
    append(connection.cursor(), entry=ENTRY)
    connection.rollback()
    assert connection.execute("SELECT count(*) FROM ledger_pending").fetchone() == (0,)


@pytest.mark.article("CSL.23.3")
@pytest.mark.parametrize("role", [WEB, STREAMING, LEDGER])
def test_roles_cannot_write_around_the_doors(filled, role):
    assert allowed(filled(role), DIRECT_WRITES) == []


@pytest.mark.parametrize("role", [WEB, STREAMING])
def test_runtime_roles_cannot_sequence_or_publish(filled, role):
    for call in ("SELECT ledger_sequence(1, 1)", "SELECT ledger_publish(1, 1, sha256('x'), 'n')"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), filled(role) as connection:
            connection.execute(call)


def test_the_sequencer_cannot_append(filled):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        append(filled(LEDGER).cursor(), entry=ENTRY)


def test_guards_hold_when_every_privilege_was_granted_by_mistake(filled):
    with filled(OWNER) as connection:
        connection.execute("GRANT ALL ON ledger_pending, ledger_entry, ledger_checkpoint TO mingjian_web")
    assert allowed(filled(WEB), DIRECT_WRITES) == []


@pytest.mark.article("CSL.23.3")
def test_guards_hold_against_the_owner(filled):
    # The owner is the door, so a pending act written by its own hand passes; it is still only an addition.
    assert allowed(filled(OWNER), DIRECT_WRITES) == ["insert pending"]


def test_guards_hold_against_a_superuser_who_silences_triggers(filled):
    connection = filled("superuser")
    connection.execute("SET session_replication_role = replica")
    connection.commit()
    assert allowed(connection, DIRECT_WRITES) == []


def allowed(connection, statements):
    """Return the names of the statements that were not refused; none is kept."""
    passed = []
    for name, statement in statements.items():
        try:
            connection.execute(statement)
            passed.append(name)
        except psycopg.errors.InsufficientPrivilege:
            pass
        connection.rollback()
    return passed


def test_the_owner_cannot_insert_a_leaf_with_a_hole_before_it(filled):
    connection = filled(OWNER)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="without holes"):
        connection.execute(
            "INSERT INTO ledger_entry SELECT 1, 5, p.id, ledger_leaf_body(p, 1, 5),"
            " sha256('\\x00'::bytea || ledger_leaf_body(p, 1, 5)) FROM ledger_pending p"
        )


def test_a_checkpoint_cannot_repeat_a_size(filled):
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="larger than the last"):
        filled(LEDGER).execute("SELECT ledger_publish(1, 1, sha256('y'), 'other')")


def test_a_later_shard_closes_the_earlier_ones(filled):
    with filled(LEDGER) as connection:
        assert connection.execute("SELECT ledger_sequence(2, 100)").fetchone() == (1,)
        assert connection.execute("SELECT seq FROM ledger_entry WHERE shard = 2").fetchall() == [(0,)]
    with filled(WEB) as connection:
        append(connection.cursor(), entry=ENTRY)
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
        filled(LEDGER).execute("SELECT ledger_sequence(1, 100)")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"1",
        b"{}",
        b'{"kind":5}',
        b'{"kind":"Bad Kind"}',
        b'{"kind":"a","kind":"b"}',
        b'{"kind":"a"},"seq":1,"x":{}',
        b'{"kind":"a"} trailing',
        b'{"kind":"a\\u0000"}',
        b"\xff\xfe",
        b'{"kind":"a","x":"' + b"y" * 65_536 + b'"}',
    ],
)
def test_append_refuses_what_is_not_one_small_json_object_with_a_kind(connect, body):
    with pytest.raises((psycopg.DataError, psycopg.OperationalError)):
        connect(WEB).execute("SELECT ledger_append(%s)", (body,))


def test_entries_name_the_login_that_wrote_them(connect):
    for role in (WEB, STREAMING):
        with connect(role) as connection:
            append(connection.cursor(), entry=ENTRY)
    with connect(LEDGER) as connection:
        connection.execute("SELECT ledger_sequence(1, 9)")
        rows = connection.execute("SELECT convert_from(body, 'UTF8')::jsonb FROM ledger_entry ORDER BY seq").fetchall()
    assert [body["writer"] for (body,) in rows] == [WEB, STREAMING]
    assert [body["seq"] for (body,) in rows] == [0, 1]


def test_install_refuses_a_role_that_is_not_a_plain_name(connect):
    with pytest.raises(ValueError, match="plain"):
        schema.install(connect(OWNER).cursor(), owner='x"; --', runtime_roles=(), sequencer_role=LEDGER)


def test_install_works_without_runtime_roles(connect):
    connection = connect(OWNER)
    connection.execute("DROP TABLE ledger_pending, ledger_entry, ledger_checkpoint CASCADE")
    for (name,) in connection.execute(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'ledger%' ORDER BY 1 DESC"
    ).fetchall():
        connection.execute(f"DROP FUNCTION IF EXISTS {name} CASCADE")
    schema.install(connection.cursor(), owner=OWNER, runtime_roles=())
    connection.commit()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect(WEB).execute("SELECT * FROM ledger_entry")
