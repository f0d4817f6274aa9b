"""Every way to falsify a ledger gives exactly its verdict, by the product's own verifier."""

import shutil
import subprocess
from pathlib import Path

import pytest

from mingjian.base.ticks import TICKS_PER_S
from mingjian.ledger import checkpoint, epochs, verify
from mingjian.ledger.append import append
from mingjian.ledger.checkpoint import CheckpointError
from mingjian.ledger.sequencer import SequencerError
from mingjian.ledger.verdict import Outcome
from rigs.tampering import CASES, CUT, EARLIER, SIZE

YEAR_90K = 365 * 86_400 * TICKS_PER_S


def codes(verdict):
    return [finding.code for finding in verdict.findings]


def test_a_sound_ledger_is_witnessed(falsified):
    verdict = falsified.verify()
    assert (verdict.outcome, verdict.findings, verdict.warnings) == (Outcome.WITNESSED, (), ())
    assert (verdict.size, verdict.witnessed_size, verdict.witnesses) == (SIZE, SIZE, ("witness.example/jijian",))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_falsified_ledger_gives_its_verdict(falsified, case):
    falsified.suffer(case)
    verdict = falsified.verify()
    assert verdict.outcome is case.outcome
    assert codes(verdict)[:1] == [case.code][: len(case.code)]


def test_without_anybody_else_a_stolen_key_is_not_shown_and_the_verdict_says_so(falsified):
    """T4 on a host alone: sound in itself, and honest that only this host says so."""
    (case,) = [case for case in CASES if case.name.startswith("T4")]
    falsified.suffer(case)
    assert falsified.verify(anchors=[]).outcome is Outcome.UNANCHORED


def test_what_came_after_the_last_anchor_can_go_unseen(falsified):
    """T6 beyond the last anchor: the reach of an anchor ends at its size, and the witness is then late."""
    falsified.ledger.grow(5)
    falsified.ledger.tamper(*CUT)
    assert falsified.verify().outcome is Outcome.WITNESSED


def test_the_sequencer_goes_on_with_no_database_put_back(falsified):
    """T13 where the signed note beside the database was left: nothing more is signed."""
    (case,) = [case for case in CASES if case.name.startswith("T14")]
    falsified.suffer(case)
    falsified.ledger.append(1)
    with pytest.raises(SequencerError, match="diverged"):
        falsified.ledger.sequence()
    assert falsified.verify().signed_size == EARLIER


def test_a_bit_flipped_on_the_disk_is_found(falsified, postgres, copied, make_ledger):
    """T16: under the database, in the file of its rows."""
    with falsified.ledger.autocommit("superuser") as connection:
        connection.execute("CHECKPOINT")
        (path,) = connection.execute("SELECT pg_relation_filepath('ledger_entry')").fetchone()
        name = connection.info.dbname
    falsified.ledger.connect.close_all()
    heap = Path(postgres.placement.data) / path
    with heap.open("r+b") as file:
        file.seek(40 * 8192 + 4000)
        byte = file.read(1)
        file.seek(40 * 8192 + 4000)
        file.write(bytes([byte[0] ^ 1]))
    # Another database of the same files: this one's pages may still lie in memory as they were.
    with copied(postgres, name, strategy="file_copy") as connect:
        ledger = falsified.ledger
        falsified.ledger = make_ledger(
            connect=connect, signer=ledger.signer, memory=ledger.memory, deployment_id=ledger.deployment_id
        )
        verdict = falsified.verify()
        falsified.ledger = ledger
    assert verdict.outcome is Outcome.INVALID
    assert codes(verdict)[0] == "ledger.unreadable"


def test_rewriting_the_tables_files_changes_nothing(falsified):
    """T17: what the database does to its own files is none of the ledger's business."""
    with falsified.ledger.autocommit("superuser") as connection:
        connection.execute("VACUUM FULL ledger_entry")
        connection.execute("REINDEX TABLE ledger_entry")
    assert falsified.verify().outcome is Outcome.WITNESSED


def test_a_ledger_dumped_and_restored_stays_valid(falsified, postgres, copied, make_ledger, tmp_path):
    """T17: pg_dump and pg_restore."""
    with falsified.ledger.connect("superuser") as connection:
        info = connection.info
        source, environment = info.dbname, {"PGHOST": info.host, "PGUSER": info.user, "PGPASSWORD": info.password}
    dump = tmp_path / "ledger.dump"
    run = {"env": environment, "check": True, "capture_output": True}
    subprocess.run([postgres.placement.binaries / "pg_dump", "-Fc", "-f", dump, source], **run)
    with copied(postgres, "template1") as connect:
        with connect("superuser") as connection:
            name = connection.info.dbname
        subprocess.run([postgres.placement.binaries / "pg_restore", "--dbname", name, dump], **run)
        ledger = falsified.ledger
        falsified.ledger = make_ledger(
            connect=connect, signer=ledger.signer, memory=ledger.memory, deployment_id=ledger.deployment_id
        )
        verdict = falsified.verify()
        falsified.ledger = ledger
    assert (verdict.outcome, verdict.findings) == (Outcome.WITNESSED, ())


@pytest.mark.parametrize("years", [-1, 10])
def test_a_verifiers_wrong_clock_finds_nothing_false(falsified, years):
    """T22: an hour, or ten years; at most it says that witnesses are late."""
    verdict = falsified.verify(now_90k=falsified.newest_90k() + years * YEAR_90K)
    assert verdict.findings == ()
    assert verdict.warnings == (("ledger.silent",) if years > 0 else ())


def test_leaves_that_no_witness_saw_for_an_hour_are_no_longer_witnessed(falsified):
    falsified.ledger.grow(5)
    later = falsified.newest_90k() + 3_601 * TICKS_PER_S
    verdict = falsified.verify(now_90k=later)
    assert (verdict.outcome, verdict.warnings) == (
        Outcome.ANCHORED,
        ("ledger.witness_late", "ledger.silent"),
    )
    assert falsified.verify().outcome is Outcome.WITNESSED


def test_one_witness_is_not_a_quorum_of_two(falsified):
    assert falsified.verify(quorum=2).outcome is Outcome.ANCHORED


def test_a_forged_cosignature_is_no_evidence(falsified):
    _text, lines = checkpoint.split(falsified.sound.kept)
    forged = falsified.sound.kept.replace(lines[1], lines[1][:-8] + "AAAAAAA=")
    with pytest.raises(CheckpointError, match="note_forged"):
        falsified.verify(anchors=[forged])


def test_after_an_honest_restore_a_new_shard_goes_on_and_the_loss_is_said_for_ever(falsified, make_entry):
    """T14: DIVERGED until the loss is declared; then sound again in the new shard, never as if nothing had been."""
    (case,) = [case for case in CASES if case.name.startswith("T14")]
    falsified.suffer(case)
    ledger = falsified.ledger
    assert falsified.verify().outcome is Outcome.DIVERGED
    with ledger.autocommit("mingjian_ledger") as connection:
        lost = epochs.losses(connection, shard=1, kept=[falsified.sound.kept])
    assert [(one["size"], one["left"]) for one in lost] == [(SIZE, EARLIER)]
    with ledger.connect("mingjian_web") as connection:
        append(connection.cursor(), entry=make_entry(kind=epochs.STARTED_KIND, facts={"lost": lost}))
    assert ledger.sequence(shard=2).signed_size == 1
    verdict = falsified.verify()
    assert (verdict.outcome, verdict.shard, verdict.warnings) == (Outcome.UNANCHORED, 2, ("ledger.records_lost",))


def test_a_loss_declared_in_its_own_shard_excuses_nothing(falsified, make_entry):
    """Who cuts the tail cannot declare it away in the same breath."""
    (case,) = [case for case in CASES if case.name.startswith("T14")]
    falsified.suffer(case)
    with falsified.ledger.autocommit("mingjian_ledger") as connection:
        lost = epochs.losses(connection, shard=1, kept=[falsified.sound.kept])
    shutil.rmtree(falsified.ledger.memory)
    with falsified.ledger.connect("mingjian_web") as connection:
        append(connection.cursor(), entry=make_entry(kind=epochs.STARTED_KIND, facts={"lost": lost}))
    falsified.ledger.sequence()
    assert falsified.verify().outcome is Outcome.DIVERGED


def test_a_flood_and_a_silence_are_told(falsified, monkeypatch):
    """Junk to hide an act among, and a ledger that nobody writes any more: neither breaks a proof, both want an eye."""
    monkeypatch.setattr(verify, "FLOOD", SIZE - 1)
    assert falsified.verify().warnings == ("ledger.flood",)
    later = falsified.newest_90k() + 3_601 * TICKS_PER_S
    assert falsified.verify(now_90k=later).warnings == ("ledger.silent", "ledger.flood")
