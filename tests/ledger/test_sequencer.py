"""Pending acts get their place and a signature; a ledger that does not add up is never signed again."""

import logging
import shutil
import threading

import psycopg
import pytest

from mingjian.base.clock import SimulatedClock
from mingjian.ledger import remembered, sequencer
from mingjian.ledger.checkpoint import CheckpointError
from mingjian.ledger.sequencer import Progress, SequencerError, serve

LEDGER, WEB = "mingjian_ledger", "mingjian_web"


def test_a_pass_sequences_and_signs_what_is_pending(ledger):
    ledger.append(3)
    assert ledger.sequence() == Progress(sequenced=3, signed_size=3)
    assert len(ledger.notes()) == 1


def test_a_pass_over_nothing_signs_nothing(ledger):
    assert ledger.sequence() == Progress(sequenced=0, signed_size=0)
    ledger.grow(2)
    assert ledger.sequence() == Progress(sequenced=0, signed_size=2)
    assert len(ledger.notes()) == 1


def test_one_sequencer_goes_on_for_many_passes(ledger):
    one = ledger.sequencer()
    with ledger.autocommit(LEDGER) as connection:
        for size in (1, 2, 3):
            ledger.append(1)
            assert one.run_once(connection) == Progress(sequenced=1, signed_size=size)


def test_a_pass_takes_no_more_than_a_batch(ledger, monkeypatch):
    monkeypatch.setattr(sequencer, "BATCH", 2)
    ledger.append(3)
    assert ledger.sequence() == Progress(sequenced=2, signed_size=2)
    assert ledger.sequence() == Progress(sequenced=1, signed_size=3)


def test_a_second_sequencer_is_told_that_the_first_holds_the_ledger(ledger):
    with ledger.autocommit(LEDGER) as holder, ledger.autocommit(LEDGER) as other:
        holder.execute("SELECT pg_advisory_lock(%s)", (sequencer._LOCK_KEY,))
        waiting = ledger.sequencer()
        with pytest.raises(SequencerError, match="sequencer_busy"):
            waiting.run_once(other)
        holder.execute("SELECT pg_advisory_unlock_all()")
        assert waiting.run_once(other) == Progress(sequenced=0, signed_size=0)


def test_leaves_sequenced_before_a_crash_are_signed_after_it(ledger):
    ledger.grow(2)
    ledger.append(2)
    with ledger.autocommit(LEDGER) as connection:
        connection.execute("SELECT ledger_sequence(1, 10)")
    assert ledger.sequence() == Progress(sequenced=0, signed_size=4)


def test_a_checkpoint_published_by_an_earlier_life_but_not_remembered_is_taken_over(ledger):
    ledger.grow(2)
    memory = remembered.path_of(ledger.memory, shard=1).read_bytes()
    ledger.grow(2)
    remembered.path_of(ledger.memory, shard=1).write_bytes(memory)
    assert ledger.sequence() == Progress(sequenced=0, signed_size=4)


def test_two_processes_taking_turns_agree(ledger):
    first, second = ledger.sequencer(), ledger.sequencer()
    with ledger.autocommit(LEDGER) as connection:
        for size, one in enumerate((first, second, second, first), start=1):
            ledger.append(1)
            assert one.run_once(connection).signed_size == size


def test_a_new_shard_starts_its_own_tree(ledger):
    ledger.grow(3)
    ledger.append(1)
    assert ledger.sequence(shard=2) == Progress(sequenced=1, signed_size=1)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE ledger_entry SET body = overlay(body PLACING 'X'::bytea FROM 30) WHERE seq = 1", "leaf_damaged"),
        ("UPDATE ledger_entry SET leaf = sha256('x') WHERE seq = 1", "leaf_damaged"),
        ("UPDATE ledger_entry SET body = 'x', leaf = sha256('\\x0078'::bytea) WHERE seq = 1", "diverged"),
        ("DELETE FROM ledger_entry WHERE seq = 1", "leaf_damaged"),
        ("DELETE FROM ledger_entry WHERE seq = 3", "diverged"),
        ("UPDATE ledger_checkpoint SET root = sha256('x') WHERE size = 4", "diverged"),
    ],
)
def test_a_new_process_does_not_sign_a_ledger_that_was_changed(ledger, statement, code):
    ledger.grow(2, 2)
    ledger.tamper(statement)
    ledger.append(1)
    with pytest.raises(SequencerError, match=code):
        ledger.sequence()
    assert len(ledger.notes()) <= 2


def test_a_checkpoint_that_was_signed_and_not_published_is_published_by_the_next_process(ledger):
    """T23: the signer was done, the sequencer died before it could tell the database; or somebody deleted the row."""
    ledger.grow(2, 2)
    note = ledger.notes()[-1]
    ledger.tamper("DELETE FROM ledger_checkpoint WHERE size = 4")
    assert ledger.sequence() == Progress(sequenced=0, signed_size=4)
    assert ledger.notes()[-1] == note


def test_a_database_put_back_is_noticed_by_what_is_remembered(ledger):
    ledger.grow(2)
    ledger.grow(2)
    ledger.tamper("DELETE FROM ledger_checkpoint WHERE size = 4", "DELETE FROM ledger_entry WHERE seq >= 2")
    ledger.append(2)
    with pytest.raises(SequencerError, match="tail_lost"):
        ledger.sequence()


def test_a_history_rewritten_to_the_same_size_is_noticed_by_what_is_remembered(ledger):
    ledger.grow(2)
    kept = remembered.path_of(ledger.memory, shard=1).read_text()
    ledger.tamper("DELETE FROM ledger_checkpoint", "DELETE FROM ledger_entry")
    shutil.rmtree(ledger.memory)
    ledger.grow(2)
    remembered.path_of(ledger.memory, shard=1).write_text(kept)
    with pytest.raises(SequencerError, match="root"):
        ledger.sequence()


def test_a_running_process_notices_that_the_tail_was_cut_and_never_signs_again(ledger):
    one = ledger.sequencer()
    with ledger.autocommit(LEDGER) as connection:
        ledger.append(3)
        one.run_once(connection)
        ledger.tamper("DELETE FROM ledger_entry WHERE seq = 2")
        ledger.append(1)
        with pytest.raises(SequencerError, match="tail_lost"):
            one.run_once(connection)
        ledger.append(9)
        with pytest.raises(SequencerError, match="tail_lost"):
            one.run_once(connection)
    assert len(ledger.notes()) == 1


def test_a_running_process_notices_a_checkpoint_that_is_not_its_own(ledger):
    one = ledger.sequencer()
    with ledger.autocommit(LEDGER) as connection:
        ledger.append(3)
        one.run_once(connection)
        ledger.tamper("UPDATE ledger_checkpoint SET root = sha256('x')")
        with pytest.raises(SequencerError, match="root"):
            one.run_once(connection)


def test_a_spoiled_memory_is_refused(ledger):
    ledger.grow(1)
    remembered.path_of(ledger.memory, shard=1).write_bytes(b"\xff nothing")
    with pytest.raises(CheckpointError, match="note_malformed"):
        ledger.sequencer()


class StoppingClock(SimulatedClock):
    """Counts the pauses of a loop and lets the test act in them."""

    def __init__(self, *steps):
        super().__init__(0)
        self.steps = list(steps)
        self.pauses = []

    def sleep(self, seconds):
        self.pauses.append(seconds)
        self.steps.pop(0)()

    def is_done(self):
        return not self.steps


def test_serving_sequences_until_stopped(ledger, monkeypatch):
    monkeypatch.setattr(sequencer, "BATCH", 2)
    ledger.append(3)
    clock = StoppingClock(lambda: None, lambda: ledger.append(1), lambda: None)
    serve(
        connect=lambda: ledger.autocommit(LEDGER),
        sequencer=ledger.sequencer(),
        clock=clock,
        is_stopping=clock.is_done,
    )
    assert clock.pauses == [0.0, sequencer.INTERVAL_S, sequencer.INTERVAL_S]
    assert ledger.verify().size == 4


def test_serving_survives_a_database_that_goes_away_and_says_so_once(ledger, caplog):
    connections = []

    def connect():
        if len(connections) == 1:
            connections.append(None)
            raise psycopg.OperationalError("no route")
        connections.append(ledger.autocommit(LEDGER))
        return connections[-1]

    def kill():
        ledger.append(1)
        with ledger.autocommit("superuser") as connection:
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", (connections[0].info.backend_pid,))

    clock = StoppingClock(kill, lambda: None, lambda: None, lambda: None)
    with caplog.at_level(logging.INFO):
        serve(connect=connect, sequencer=ledger.sequencer(), clock=clock, is_stopping=clock.is_done)
    assert clock.pauses == [0.5, 2.0, 2.0, 0.5]
    assert ledger.verify().signed_size == 1
    said = [record.getMessage() for record in caplog.records]
    assert said == ["ledger is not sequenced", "ledger is not sequenced", "ledger is sequenced again"]


def test_serving_repeats_no_complaint(ledger, caplog):
    def connect():
        raise psycopg.OperationalError("no route")

    clock = StoppingClock(*[lambda: None] * 5)
    serve(connect=connect, sequencer=ledger.sequencer(), clock=clock, is_stopping=clock.is_done)
    assert len(caplog.records) == 1


def test_serving_stops_before_it_starts_when_told_so(ledger):
    serve(
        connect=lambda: ledger.autocommit(LEDGER),
        sequencer=ledger.sequencer(),
        clock=SimulatedClock(0),
        is_stopping=lambda: True,
    )


def test_acts_of_many_writers_are_each_sequenced_once(ledger):
    def write():
        for _ in range(10):
            ledger.append(2)

    writers = [threading.Thread(target=write) for _ in range(4)]
    one = ledger.sequencer()
    total = 0
    for writer in writers:
        writer.start()
    with ledger.autocommit(LEDGER) as connection:
        while any(writer.is_alive() for writer in writers):
            total += one.run_once(connection).sequenced
        total += one.run_once(connection).sequenced
    assert total == 80
    verdict = ledger.verify()
    assert (verdict.size, verdict.pending, verdict.findings) == (80, 0, ())
