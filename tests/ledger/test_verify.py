"""The tamper corpus: each way to falsify a ledger gives its verdict, and the row is named."""

import shutil

import pytest

from mingjian.base.ticks import TICKS_PER_S
from mingjian.ledger import checkpoint, verify
from mingjian.ledger import verdict as verdict_words
from mingjian.ledger.checkpoint import Checkpoint, CheckpointError
from mingjian.ledger.merkle import TreeHasher
from mingjian.ledger.verify import EXIT_CODES, Finding, Outcome

FLIP_BODY = "UPDATE ledger_entry SET body = set_byte(body, {at}, get_byte(body, {at}) # 1) WHERE seq = {seq}"
FLIP_LEAF = "UPDATE ledger_entry SET leaf = set_byte(leaf, 5, get_byte(leaf, 5) # 16) WHERE seq = {seq}"
REHASH = "UPDATE ledger_entry SET leaf = sha256('\\x00'::bytea || body) WHERE seq = {seq}"


@pytest.fixture
def grown(ledger):
    """Ten leaves under checkpoints of size 3, 6 and 10."""
    ledger.grow(3, 3, 4)
    return ledger


def named(verdict):
    return [(finding.code.removeprefix("ledger."), finding.seq, finding.last_seq) for finding in verdict.findings]


def test_an_untouched_ledger_is_unanchored_and_without_findings(grown):
    verdict = grown.verify()
    assert (verdict.outcome, verdict.findings, verdict.warnings) == (Outcome.UNANCHORED, (), ())
    assert (verdict.shard, verdict.size, verdict.signed_size, verdict.pending) == (1, 10, 10, 0)


def test_an_empty_ledger_is_fine(ledger):
    verdict = ledger.verify()
    assert (verdict.outcome, verdict.size, verdict.findings) == (Outcome.UNANCHORED, 0, ())


def test_a_note_kept_elsewhere_anchors_it(grown):
    notes = grown.notes()
    grown.grow(2)
    assert grown.verify(anchors=notes).outcome is Outcome.ANCHORED
    assert grown.verify(remembered=notes).outcome is Outcome.UNANCHORED


def test_one_flipped_bit_in_any_body_names_the_row(grown):
    for seq in range(10):
        for at in (0, 40, 200):
            grown.tamper(FLIP_BODY.format(seq=seq, at=at))
            verdict = grown.verify()
            assert verdict.outcome is Outcome.INVALID
            assert named(verdict) == [("leaf_mismatch", seq, seq)]
            grown.tamper(FLIP_BODY.format(seq=seq, at=at))
    assert grown.verify().findings == ()


def test_one_flipped_bit_in_a_stored_hash_names_the_row(grown):
    grown.tamper(FLIP_LEAF.format(seq=4))
    assert named(grown.verify()) == [("leaf_mismatch", 4, 4), ("root_mismatch", 3, 5)]


def test_a_body_changed_with_its_hash_names_the_rows_between_two_checkpoints(grown):
    change = "UPDATE ledger_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), '王', '李'), 'UTF8')"
    grown.tamper(f"{change} WHERE seq = 4", REHASH.format(seq=4))
    assert named(grown.verify()) == [("root_mismatch", 3, 5)]


def test_two_swapped_rows_are_both_named(grown):
    grown.tamper(
        "UPDATE ledger_entry SET seq = 100 WHERE seq = 4",
        "UPDATE ledger_entry SET seq = 4 WHERE seq = 7",
        "UPDATE ledger_entry SET seq = 7 WHERE seq = 100",
    )
    assert named(grown.verify()) == [("row_misplaced", 4, 4), ("row_misplaced", 7, 7), ("root_mismatch", 3, 5)]


def test_a_duplicated_row_is_named(grown):
    grown.tamper("INSERT INTO ledger_entry SELECT shard, 10, 999, body, leaf FROM ledger_entry WHERE seq = 4")
    assert named(grown.verify()) == [("row_misplaced", 10, 10)]


def test_a_deleted_middle_row_is_named(grown):
    grown.tamper("DELETE FROM ledger_entry WHERE seq IN (4, 5)")
    verdict = grown.verify()
    assert verdict.outcome is Outcome.INVALID
    assert named(verdict)[0] == ("row_missing", 4, 5)


def test_a_deleted_first_row_is_named(grown):
    grown.tamper("DELETE FROM ledger_entry WHERE seq = 0")
    assert named(grown.verify())[0] == ("row_missing", 0, 0)


@pytest.mark.parametrize("first", [9, 6, 0])
def test_a_tail_cut_under_its_checkpoints_is_named(grown, first):
    grown.tamper(f"DELETE FROM ledger_entry WHERE seq >= {first}")  # noqa: S608 - a number of ours
    assert named(grown.verify()) == [("tail_missing", first, 9)]


def test_a_tail_cut_with_its_checkpoints_contradicts_what_was_kept(grown):
    kept = grown.notes()[-1:]
    grown.tamper("DELETE FROM ledger_entry WHERE seq >= 6", "DELETE FROM ledger_checkpoint WHERE size > 6")
    assert grown.verify().outcome is Outcome.UNANCHORED
    for by in ("remembered", "anchors"):
        verdict = grown.verify(**{by: kept})
        assert verdict.outcome is Outcome.DIVERGED
        assert named(verdict) == [("diverged", 0, 9)]


def test_a_ledger_rewritten_with_the_signing_key_contradicts_what_was_kept(grown):
    kept = grown.notes()[-1:]
    grown.tamper("DELETE FROM ledger_checkpoint", "DELETE FROM ledger_entry")
    shutil.rmtree(grown.memory)
    grown.grow(11)
    assert grown.verify().outcome is Outcome.UNANCHORED
    assert grown.verify(anchors=kept).outcome is Outcome.DIVERGED


def test_a_whole_shard_deleted_contradicts_what_was_kept(grown):
    kept = grown.notes()
    grown.tamper("DELETE FROM ledger_checkpoint", "DELETE FROM ledger_entry")
    verdict = grown.verify(anchors=kept)
    assert (verdict.outcome, verdict.size) == (Outcome.DIVERGED, 0)


def test_a_checkpoint_replaced_by_an_older_one_is_named(grown):
    grown.tamper(
        "UPDATE ledger_checkpoint SET note = (SELECT note FROM ledger_checkpoint WHERE size = 3) WHERE size = 10"
    )
    verdict = grown.verify()
    assert (verdict.outcome, verdict.signed_size) == (Outcome.INVALID, 6)
    assert verdict.findings == (Finding("ledger.checkpoint_forged", 1, 9, 9, "row_and_note_differ"),)


def test_a_checkpoint_with_another_root_is_named(grown):
    grown.tamper("UPDATE ledger_checkpoint SET root = sha256('x') WHERE size = 6")
    assert named(grown.verify()) == [("checkpoint_forged", 5, 5)]


def test_a_checkpoint_signed_by_a_stranger_is_named(grown):
    grown.tamper("UPDATE ledger_checkpoint SET note = replace(note, '— mingjian', '— mingjiax') WHERE size = 6")
    (finding,) = grown.verify().findings
    assert (finding.code, finding.detail) == ("ledger.checkpoint_forged", "ledger.note_unsigned")


def test_a_checkpoint_of_another_deployment_is_named(grown):
    verdict = verify.verify(
        grown.autocommit("mingjian_web"),
        verifier=grown.signer.verifier(),
        deployment_id="0" * 36,
        now_90k=0,
    )
    assert {finding.code for finding in verdict.findings} == {"ledger.checkpoint_forged"}


def test_a_second_checkpoint_of_the_same_size_shows_divergence(grown):
    tree = TreeHasher()
    for number in range(10):
        tree.append(b"another history %d" % number)
    origin = checkpoint.origin_of(deployment_id=grown.deployment_id, shard=1)
    forked = checkpoint.sign(Checkpoint(origin=origin, size=10, root=tree.root()), signer=grown.signer)
    assert grown.verify(anchors=[forked]).outcome is Outcome.DIVERGED


def test_a_guard_switched_off_is_named(grown):
    with grown.connect("mingjian_owner") as connection:
        connection.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_forbid")
        connection.execute("ALTER TABLE ledger_pending ENABLE REPLICA TRIGGER ledger_pending_delete")
    verdict = grown.verify()
    assert verdict.outcome is Outcome.INVALID
    assert [(finding.code, finding.detail) for finding in verdict.findings] == [
        ("ledger.guard_missing", "ledger_entry_forbid"),
        ("ledger.guard_missing", "ledger_pending_delete"),
    ]


def test_a_note_by_a_strangers_key_is_no_evidence(grown, home):
    with pytest.raises(CheckpointError, match="note_malformed"):
        grown.verify(anchors=["nonsense"])


def test_a_note_of_another_deployment_is_no_evidence(grown):
    other = Checkpoint(origin=checkpoint.origin_of(deployment_id="1" * 36, shard=1), size=1, root=bytes(32))
    with pytest.raises(CheckpointError, match="note_foreign"):
        grown.verify(anchors=[checkpoint.sign(other, signer=grown.signer)])


def test_the_empty_trees_note_fits_every_ledger(grown):
    origin = checkpoint.origin_of(deployment_id=grown.deployment_id, shard=1)
    empty = checkpoint.sign(Checkpoint(origin=origin, size=0, root=TreeHasher().root()), signer=grown.signer)
    assert grown.verify(anchors=[empty]).outcome is Outcome.ANCHORED


def received_at(grown, seq):
    with grown.connect("mingjian_web") as connection:
        row = connection.execute(
            "SELECT convert_from(body, 'UTF8')::jsonb ->> 'received_at_90k' FROM ledger_entry WHERE seq = %s", (seq,)
        ).fetchone()
    return int(row[0])


def test_leaves_left_unsigned_for_more_than_a_minute_are_a_warning(grown):
    grown.append(1)
    with grown.connect("mingjian_ledger") as connection:
        connection.execute("SELECT ledger_sequence(1, 10)")
    minute_later = received_at(grown, 10) + 60 * TICKS_PER_S
    assert grown.verify(now_90k=minute_later).warnings == ()
    verdict = grown.verify(now_90k=minute_later + 1)
    assert (verdict.outcome, verdict.warnings) == (Outcome.UNANCHORED, ("ledger.unsigned_tail",))


def test_acts_left_pending_for_more_than_a_minute_are_a_warning(grown):
    grown.append(2)
    with grown.connect("mingjian_web") as connection:
        row = connection.execute("SELECT min(received_at_90k) FROM ledger_pending").fetchone()
    minute_later = int(row[0]) + 60 * TICKS_PER_S
    assert grown.verify(now_90k=minute_later).warnings == ()
    verdict = grown.verify(now_90k=minute_later + 1)
    assert (verdict.pending, verdict.warnings) == (2, ("ledger.pending_stuck",))


def test_an_unsigned_leaf_that_says_no_time_is_still_verified(grown):
    grown.tamper(
        'INSERT INTO ledger_entry VALUES (1, 10, 999, \'x,"seq":10,"shard":1,"writer":\', sha256(\'y\'))',
    )
    assert named(grown.verify(now_90k=1 << 52)) == [("leaf_mismatch", 10, 10)]


def test_a_ruined_ledger_gives_a_bounded_list(grown, monkeypatch):
    monkeypatch.setattr(verdict_words, "MAX_FINDINGS", 4)
    grown.tamper("UPDATE ledger_entry SET leaf = sha256('x')")
    verdict = grown.verify()
    assert len(verdict.findings) == 4
    assert verdict.warnings == ("ledger.too_many_findings",)


def test_two_shards_are_verified_each_for_itself(grown):
    grown.append(2)
    grown.sequence(shard=2)
    verdict = grown.verify()
    assert (verdict.shard, verdict.size, verdict.findings) == (2, 2, ())
    grown.tamper(FLIP_LEAF.format(seq=8))
    assert [(finding.shard, finding.seq) for finding in grown.verify().findings] == [(1, 8), (1, 6)]


def test_every_outcome_has_its_exit_code():
    assert {outcome: EXIT_CODES[outcome] for outcome in Outcome} == {
        Outcome.WITNESSED: 0,
        Outcome.ANCHORED: 10,
        Outcome.UNANCHORED: 11,
        Outcome.DIVERGED: 20,
        Outcome.INVALID: 21,
    }
