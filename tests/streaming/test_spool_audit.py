"""The ledger's check believes no spooled entry that a media host of ours did not sign."""

import psycopg
import pytest

from mingjian.base import ids
from mingjian.base.clock import SystemClock
from mingjian.grants import signing
from mingjian.grants.signing import KeyPurpose
from mingjian.host import deployment
from mingjian.ledger.append import Entry
from mingjian.ledger.verify import Outcome, Verdict
from mingjian.streaming import spool_audit
from mingjian.streaming.spool import Spool
from mingjian.streaming.spool_merge import SpoolMerge
from mingjian.streaming.store import Store

SOUND = Verdict(
    outcome=Outcome.UNANCHORED, shard=1, size=0, root=b"", signed_size=0, pending=0, findings=(), warnings=()
)


@pytest.fixture
def merged(home, fresh_ledger):
    """Two parts of a spool that stand in the ledger; returns what audits it, and the store to add to it."""
    founded = deployment.found(home)
    signer = signing.generate(home, purpose=KeyPurpose.SPOOL)
    spool = Spool(home.root / "spool", signer=signer, deployment=founded)
    for number in range(6):
        spool.append([{"number": number, "camera": ids.new_id(), "at_90k": number}])
        if number % 3 == 2:
            spool.finish()
    store = Store(fresh_ledger.streaming)
    store.start()
    merge = SpoolMerge(
        home.root / "spool",
        store=store,
        verifier=signer.verifier(),
        deployment_id=founded.deployment_id,
        clock=SystemClock(),
    )

    def audit():
        fresh_ledger.execute("SELECT ledger_sequence(1, 1000)")
        with psycopg.connect(**fresh_ledger.owner.parameters(), autocommit=True) as connection:
            return spool_audit.audited(connection, SOUND, verifier=signer.verifier)

    yield spool, merge, store, audit
    store.stop()


def test_merged_records_are_sound(merged):
    spool, merge, _store, audit = merged
    merge.take(spool.finished)
    merge.settle()

    assert audit() == SOUND


def test_without_spooled_entries_no_key_is_needed(merged):
    *_rest, audit = merged

    assert audit() is SOUND


def test_entry_that_only_pretends_is_a_finding(merged):
    spool, merge, store, audit = merged
    merge.take(spool.finished)
    merge.settle()
    record = {"spool": ids.new_id(), "seq": 0, "previous": "0" * 64}
    forged = Entry(
        kind="media.spooled",
        actor_id="p",
        actor_name="",
        capacity="duty_live",
        subject="camera:c",
        at_90k=SystemClock().utc(),
        via="streaming",
        facts={"record": record, "kid": "0" * 16, "signature": "AAAA"},
    )
    store.append(forged)

    verdict = audit()

    assert verdict.outcome is Outcome.INVALID
    assert [(finding.code, finding.seq) for finding in verdict.findings] == [("ledger.spool_forged", 6)]


@pytest.mark.parametrize(
    "facts",
    [
        '{"kid":"0","record":{"previous":[]},"signature":""}',
        '{"kid":"0","record":{"previous":1.5},"signature":""}',
        '{"record":{"previous":{}}}',
        "[]",
        '{"record":{"previous":"0"},"signature":7}',
    ],
)
def test_entry_without_sense_is_a_finding_and_does_not_hold_up_the_verdict(merged, fresh_ledger, facts):
    *_rest, audit = merged
    with psycopg.connect(**fresh_ledger.streaming.parameters(), autocommit=True) as connection:
        body = f'{{"facts":{facts},"kind":"media.spooled"}}'
        connection.execute("SELECT ledger_append(%s)", (body.encode(),))

    verdict = audit()

    assert [finding.code for finding in verdict.findings] == ["ledger.spool_forged"]


def test_part_that_never_came_is_a_warning(merged):
    spool, merge, _store, audit = merged
    _first, second = spool.finished
    merge.take([second])
    merge.settle()

    verdict = audit()

    assert verdict.outcome is Outcome.UNANCHORED
    assert verdict.warnings == ("ledger.spool_gap",)
