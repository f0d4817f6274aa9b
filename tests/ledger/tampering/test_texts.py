"""Erasable texts: the leaf stays and verifies, and nothing but the act that says why takes a text away."""

import psycopg
import pytest

from mingjian.ledger import leaves, payload
from mingjian.ledger.append import append
from mingjian.ledger.payload import ERASED_KIND
from mingjian.ledger.verdict import Outcome

SAID = "我在食堂丢了学生证，学号 20230001"


@pytest.fixture
def said(ledger, make_entry):
    """A ledger whose first act holds a text; returns its commitment."""
    with ledger.connect("mingjian_web") as connection:
        cursor = connection.cursor()
        fact = payload.keep(cursor, SAID)
        append(cursor, entry=make_entry(facts={"reason": fact, "number": 1}))
    ledger.grow(3)
    return fact["commitment"]


def facts(ledger):
    with ledger.autocommit("mingjian_web") as connection:
        *_newer, first = leaves.list_entries(connection.cursor(), before_seq=None, limit=10, kind=None)
    return first.entry.facts


def erase(ledger, make_entry, commitment, **changes):
    told = make_entry(**({"kind": ERASED_KIND, "facts": {"commitments": [commitment]}} | changes))
    with ledger.connect("mingjian_web") as connection:
        return payload.erase(connection.cursor(), commitments=[commitment], entry=told)


def bodies(ledger):
    with ledger.connect("mingjian_web") as connection:
        return b"".join(bytes(body) for (body,) in connection.execute("SELECT body FROM ledger_entry").fetchall())


def test_a_text_is_read_with_its_act_and_does_not_stand_in_the_tree(ledger, said):
    assert facts(ledger) == {"reason": SAID, "number": 1}
    assert SAID.encode() not in bodies(ledger)
    assert said.encode() in bodies(ledger)
    assert ledger.verify().findings == ()


def test_an_erased_text_leaves_its_act_and_the_verdict(ledger, said, make_entry):
    assert erase(ledger, make_entry, said) == 1
    ledger.sequence()
    assert facts(ledger) == {"reason": None, "number": 1}
    verdict = ledger.verify()
    assert (verdict.outcome, verdict.findings, verdict.size) == (Outcome.UNANCHORED, (), 5)
    assert erase(ledger, make_entry, said) == 0


def test_a_salt_taken_away_by_force_breaks_no_proof(ledger, said):
    """T18: the text cannot be read or guessed any more, the leaf stays."""
    ledger.tamper("DELETE FROM ledger_payload")
    assert facts(ledger)["reason"] is None
    assert (ledger.verify().outcome, ledger.verify().findings) == (Outcome.UNANCHORED, ())


def test_a_text_changed_is_found(ledger, said):
    ledger.tamper(
        "ALTER TABLE ledger_payload DROP CONSTRAINT ledger_payload_check",
        "UPDATE ledger_payload SET said = 'something else'",
    )
    verdict = ledger.verify()
    assert (verdict.outcome, verdict.findings[0].code) == (Outcome.INVALID, "ledger.text_mismatch")


@pytest.mark.parametrize(
    "changes",
    [{"kind": "test.happened"}, {"facts": {"commitments": []}}, {"facts": {}}, {"facts": {"commitments": "x"}}],
)
def test_no_text_is_erased_without_the_act_that_says_so(ledger, said, make_entry, changes):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        erase(ledger, make_entry, said, **changes)
    assert facts(ledger)["reason"] == SAID


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("mingjian_web", "DELETE FROM ledger_payload"),
        ("mingjian_web", "UPDATE ledger_payload SET said = ''"),
        ("mingjian_web", "INSERT INTO ledger_payload VALUES ('', '', '')"),
        ("mingjian_owner", "DELETE FROM ledger_payload"),
        ("mingjian_owner", "UPDATE ledger_payload SET said = ''"),
        ("mingjian_owner", "TRUNCATE ledger_payload"),
        ("mingjian_ledger", "SELECT ledger_erase('{}', '')"),
    ],
)
def test_texts_have_no_other_door(ledger, said, role, statement):
    with ledger.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)
