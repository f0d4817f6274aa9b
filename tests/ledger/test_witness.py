"""The witness: what it cosigns, what it refuses and with which status, and that its memory never goes back."""

import base64
import http.client
import shutil
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mingjian.base.clock import SimulatedClock
from mingjian.base.ids import new_id
from mingjian.base.ticks import TICKS_PER_S
from mingjian.grants import signing
from mingjian.grants.signing import KeyPurpose
from mingjian.ledger import asking, checkpoint, cosignature, cosigners, merkle, witness_folder
from mingjian.ledger.checkpoint import Checkpoint, CheckpointError
from mingjian.ledger.cosignature import WitnessKey
from mingjian.ledger.cosigners import Witnessing
from mingjian.ledger.heads import HeadError
from mingjian.ledger.merkle import leaf_hash
from mingjian.ledger.signer import Signer
from mingjian.ledger.signer_link import SignerLink
from mingjian.ledger.signer_link import serve as serve_signer
from mingjian.ledger.witness_folder import WitnessError
from mingjian.ledger.witness_server import WitnessServer

NOW_S = 1_795_000_000
NAME = "witness.example/jijian"
DEPLOYMENT = new_id()
ORIGIN = checkpoint.origin_of(deployment_id=DEPLOYMENT, shard=1)
HASHES = [leaf_hash(b"%d" % number) for number in range(40)]
OTHERS = [leaf_hash(b"other %d" % number) for number in range(40)]


@pytest.fixture
def key(home):
    return signing.generate(home, purpose=KeyPurpose.LEDGER)


@pytest.fixture
def clock():
    return SimulatedClock(NOW_S * TICKS_PER_S)


@pytest.fixture
def folder(tmp_path, key):
    folder = tmp_path / "witness"
    witness_folder.found(folder, name=NAME)
    witness_folder.trust(folder, log_key=checkpoint.verifier_key(origin=ORIGIN, public_bytes=key.public_bytes))
    return folder


@pytest.fixture
def witness(folder, clock):
    with witness_folder.opened(folder, clock=clock) as one:
        yield one


def head_of(hashes, size):
    tree = merkle.TreeHasher()
    tree.extend_hashes(hashes[:size])
    return Checkpoint(origin=ORIGIN, size=size, root=tree.root())


def note_of(key, size, hashes=HASHES):
    return checkpoint.sign(head_of(hashes, size), signer=key)


def asked(key, old, size, hashes=HASHES, proved=HASHES):
    proof = merkle.consistency_proof(leaf_hashes=proved[:size], old_size=old) if 0 < old <= size else ()
    return asking.write(old_size=old, proof=proof, note=note_of(key, size, hashes))


def test_a_tree_that_grew_is_cosigned_each_time(witness, key, folder):
    mine = witness_folder.public_key(folder)
    for old, size in ((0, 3), (3, 3), (3, 17), (17, 32), (32, 40)):
        answer = witness.add_checkpoint(asked(key, old, size))
        assert answer.status == 200
        note = note_of(key, size) + answer.body.decode()
        assert cosignature.cosigned_at(note, witnesses=[mine]) == {NAME: NOW_S}


def test_another_size_than_the_last_is_answered_with_the_last(witness, key):
    witness.add_checkpoint(asked(key, 0, 17))
    for old in (0, 3, 16):
        answer = witness.add_checkpoint(asked(key, old, 20))
        assert (answer.status, answer.content_type, answer.body) == (409, "text/x.tlog.size", b"17\n")


def test_a_smaller_tree_is_never_cosigned(witness, key):
    witness.add_checkpoint(asked(key, 0, 17))
    assert witness.add_checkpoint(asked(key, 17, 16)).status == 400
    assert witness.add_checkpoint(asked(key, 16, 16)).status == 409


def test_a_second_tree_of_the_same_size_is_refused_and_kept_as_evidence(witness, key, folder):
    """T12 at the witness: both notes, signed by the same key, in one file."""
    witness.add_checkpoint(asked(key, 0, 17))
    answer = witness.add_checkpoint(asking.write(old_size=17, proof=(), note=note_of(key, 17, OTHERS)))
    assert (answer.status, answer.content_type) == (409, "text/plain; charset=utf-8")
    (evidence,) = (folder / "forks").iterdir()
    told = evidence.read_text(encoding="utf-8")
    assert note_of(key, 17, OTHERS) in told
    assert note_of(key, 17) in told


def test_a_tree_that_did_not_grow_out_of_the_last_is_refused(witness, key):
    witness.add_checkpoint(asked(key, 0, 17))
    assert witness.add_checkpoint(asked(key, 17, 30, hashes=OTHERS, proved=OTHERS)).status == 422
    assert witness.add_checkpoint(asked(key, 17, 30)).status == 200


@pytest.mark.parametrize("change", ["short", "long", "bent", "none"])
def test_a_spoiled_proof_is_refused(witness, key, change):
    """T21: truncated, over-long, altered, left out."""
    witness.add_checkpoint(asked(key, 0, 17))
    proof = list(merkle.consistency_proof(leaf_hashes=HASHES[:30], old_size=17))
    spoiled = {"short": proof[:-1], "long": [*proof, HASHES[0]], "bent": [HASHES[1], *proof[1:]], "none": []}[change]
    body = asking.write(old_size=17, proof=spoiled, note=note_of(key, 30))
    assert witness.add_checkpoint(body).status == 422


def test_a_proof_from_nothing_is_empty(witness, key):
    body = asking.write(old_size=0, proof=[HASHES[0]], note=note_of(key, 30))
    assert witness.add_checkpoint(body).status == 422


def test_an_unknown_log_and_an_unknown_key_are_refused(witness, key):
    other = Checkpoint(origin=checkpoint.origin_of(deployment_id=DEPLOYMENT, shard=2), size=1, root=HASHES[0])
    body = asking.write(old_size=0, proof=(), note=checkpoint.sign(other, signer=key))
    assert witness.add_checkpoint(body).status == 404
    stranger = Ed25519PrivateKey.generate()

    class Strangers:
        public_bytes = stranger.public_key().public_bytes_raw()
        sign_note = staticmethod(stranger.sign)

    body = asking.write(old_size=0, proof=(), note=checkpoint.sign(head_of(HASHES, 3), signer=Strangers))
    assert witness.add_checkpoint(body).status == 403


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: b"",
        lambda body: body.replace(b"old 0", b"old 00"),
        lambda body: body.replace(b"old 0", b"old -1"),
        lambda body: body.replace(b"old 0", b"old 9223372036854775808"),
        lambda body: body.replace(b"old 0", b"old 0\nAAAA"),
        lambda body: body.replace(b"old 0", b"old 0" + b"\n" + b"\n".join([base64.b64encode(bytes(32))] * 64)),
        lambda body: body.replace(b"\n30\n", b"\n9223372036854775808\n"),
        lambda body: body.replace(b"\n30\n", b"\n030\n"),
        lambda body: body[:40],
        lambda body: b"\xff" + body,
        lambda body: body + b"x" * 70_000,
    ],
)
def test_what_is_no_request_is_refused(witness, key, spoil):
    assert witness.add_checkpoint(spoil(asked(key, 0, 30))).status == 400
    assert witness.add_checkpoint(asked(key, 0, 30)).status == 200


def test_a_memory_put_back_is_refused_at_the_start(folder, key, clock, tmp_path):
    """T19: the state file of last week."""
    with witness_folder.opened(folder, clock=clock) as one:
        one.add_checkpoint(asked(key, 0, 3))
    (state,) = (folder / "heads").glob("*.note")
    shutil.copy(state, tmp_path / "old")
    with witness_folder.opened(folder, clock=clock) as one:
        one.add_checkpoint(asked(key, 3, 17))
    shutil.copy(tmp_path / "old", state)
    with pytest.raises(HeadError, match="rolled_back"), witness_folder.opened(folder, clock=clock):
        pass
    state.unlink()
    with pytest.raises(HeadError, match="rolled_back"), witness_folder.opened(folder, clock=clock):
        pass


def test_a_crash_between_note_and_journal_is_no_rollback(folder, key, clock):
    with witness_folder.opened(folder, clock=clock) as one:
        one.add_checkpoint(asked(key, 0, 3))
        one.add_checkpoint(asked(key, 3, 17))
    (journal,) = (folder / "heads").glob("*.log")
    journal.write_text(journal.read_text().splitlines(keepends=True)[0])
    with witness_folder.opened(folder, clock=clock) as one:
        assert one.add_checkpoint(asked(key, 17, 20)).status == 200


def test_one_folder_is_one_witness(witness, folder, clock):
    with pytest.raises(WitnessError, match="busy"), witness_folder.opened(folder, clock=clock):
        pass
    with pytest.raises(WitnessError, match="present"):
        witness_folder.found(folder, name="again")
    with pytest.raises(WitnessError, match="absent"):
        witness_folder.trust(folder.parent / "elsewhere", log_key="x")


@pytest.fixture
def served(witness):
    server = WitnessServer(("127.0.0.1", 0), witness=witness)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def post(address, body, path="/add-checkpoint"):
    line = http.client.HTTPConnection(address.removeprefix("http://"))
    try:
        line.request("POST", path, body)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


def test_of_many_at_once_each_answer_fits_one_history(served, key, witness):
    """T20: two histories raced from the same size; only one can have been cosigned."""
    post(served, asked(key, 0, 17))
    start, answers = threading.Barrier(8), []

    def race(hashes):
        proof = merkle.consistency_proof(leaf_hashes=HASHES[:30], old_size=17)
        body = asking.write(old_size=17, proof=proof if hashes is HASHES else (), note=note_of(key, 30, hashes))
        start.wait()
        answers.append((hashes is HASHES, post(served, body)[0]))

    threads = [threading.Thread(target=race, args=(HASHES if number % 2 else OTHERS,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [status for is_true, status in answers if is_true].count(200) == 1
    assert 200 not in [status for is_true, status in answers if not is_true]


def test_the_door_is_narrow(served):
    assert post(served, b"x" * (asking.MAX_BYTES + 1))[0] == 413
    assert post(served, b"", path="/elsewhere")[0] == 404
    line = http.client.HTTPConnection(served.removeprefix("http://"))
    line.request("GET", "/")
    assert line.getresponse().status == 200
    line.close()


# The log's side


@pytest.fixture
def asks(served, folder, tmp_path):
    ours = tmp_path / "ours"
    cosigners.write_list(ours, [Witnessing(key=witness_folder.public_key(folder), address=served)])
    return ours


def prove(hashes):
    return lambda old, size: merkle.consistency_proof(leaf_hashes=hashes[:size], old_size=old) if old else ()


def collect(ours, key, size, hashes=HASHES):
    (one,) = cosigners.collect(ours, note=note_of(key, size, hashes), shard=1, prove=prove(hashes))
    assert cosigners.read_standing(ours) == [one]
    return one


def test_a_cosignature_is_collected_and_kept(asks, key, folder):
    for size in (3, 17, 17, 30):
        one = collect(asks, key, size)
        assert (one.name, one.size, one.cosigned_at_s, one.trouble) == (NAME, size, NOW_S, "")
    mine = witness_folder.public_key(folder)
    note = cosigners.cosigned_path(asks, shard=1, key=mine).read_text(encoding="utf-8")
    assert checkpoint.open_note(note, keys=key.verifier().keys.values()) == head_of(HASHES, 30)
    assert cosignature.cosigned_at(note, witnesses=[mine]) == {NAME: NOW_S}


def test_a_cosignature_that_was_lost_on_the_way_is_asked_for_again(asks, key, folder):
    collect(asks, key, 17)
    cosigners.cosigned_path(asks, shard=1, key=witness_folder.public_key(folder)).unlink()
    assert collect(asks, key, 30).trouble == ""


def test_a_log_put_back_hears_that_the_witness_saw_more(asks, key):
    """T6 and T13 with everything on our host put back: only the witness still knows."""
    collect(asks, key, 30)
    shutil.rmtree(asks / "cosigned", ignore_errors=True)
    for note in asks.glob("cosigned-*"):
        note.unlink()
    assert collect(asks, key, 17).trouble == "ledger.witness_ahead"
    assert "ledger.witness_ahead" in cosigners.CONTRADICTIONS


def test_a_rewritten_log_is_refused_by_the_witness(asks, key):
    """T4 with the stolen key."""
    collect(asks, key, 17)
    assert collect(asks, key, 30, hashes=OTHERS).trouble == "ledger.witness_refused"
    assert collect(asks, key, 17, hashes=OTHERS).trouble == "ledger.witness_refused"


def test_a_witness_away_or_a_stranger_at_its_door_is_told(asks, key, folder):
    mine = witness_folder.public_key(folder)
    (one,) = cosigners.read_list(asks)
    cosigners.write_list(asks, [Witnessing(key=mine, address="http://127.0.0.1:9")])
    assert collect(asks, key, 3).trouble == "ledger.witness_away"
    stranger = WitnessKey(name=NAME, public_bytes=Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    cosigners.write_list(asks, [Witnessing(key=stranger, address=one.address)])
    assert collect(asks, key, 3).trouble == "ledger.witness_answer"


def test_a_witness_that_forgot_is_told(asks, key, folder):
    collect(asks, key, 17)
    for path in (folder / "heads").iterdir():
        path.unlink()
    assert collect(asks, key, 30).trouble == "ledger.witness_rolled_back"


def test_keys_are_read_as_they_are_written_and_no_other_way(folder):
    mine = witness_folder.public_key(folder)
    assert WitnessKey.parse(mine.text()) == mine
    for spoiled in ("", "name", mine.text()[:-4], mine.text().replace("+", " "), mine.text().replace(NAME, "other")):
        with pytest.raises(CheckpointError, match="key_malformed"):
            WitnessKey.parse(spoiled)


def test_the_example_of_the_specification_is_read_as_it_says():
    """C2SP tlog-cosignature, the example note: two signatures, one of them a cosignature with its time."""
    note = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+"
        "zyWE+xeMcTOAYQ8=\n"
        "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0"
        "xUe+mbIUBkBIfZ+qnA==\n"
    )
    text, lines = checkpoint.split(note)
    assert checkpoint.parse(text).size == 20_852_163
    name, blob = checkpoint.parse_signature(lines[1])
    assert (name, len(blob), int.from_bytes(blob[4:12], "big")) == ("witness.example.com/w1", 76, 1_679_315_147)
    expected = b"cosignature/v1\ntime 1679315147\n" + text.encode()
    assert cosignature.message(text, at_s=1_679_315_147) == expected


# The signer


@pytest.fixture
def signer(key, tmp_path):
    return Signer(key=key, deployment_id=DEPLOYMENT, folder=tmp_path / "heads")


def test_the_signer_signs_growth_and_nothing_else(signer, key):
    assert signer.latest(origin=ORIGIN) is None
    note = signer.sign(head_of(HASHES, 17), old_size=0, proof=())
    assert checkpoint.open_note(note, keys=key.verifier().keys.values()) == head_of(HASHES, 17)
    assert signer.latest(origin=ORIGIN) == note
    for head, old, code in (
        (head_of(HASHES, 16), 17, "inconsistent"),
        (head_of(OTHERS, 17), 17, "forked"),
        (head_of(OTHERS, 30), 17, "inconsistent"),
        (head_of(HASHES, 30), 0, "stale"),
    ):
        with pytest.raises(HeadError, match=code):
            signer.sign(head, old_size=old, proof=prove(HASHES)(min(old, head.size), head.size))


def test_a_shard_that_was_closed_stays_closed(signer):
    later = Checkpoint(origin=checkpoint.origin_of(deployment_id=DEPLOYMENT, shard=2), size=1, root=HASHES[0])
    signer.sign(later, old_size=0, proof=())
    with pytest.raises(HeadError, match="shard_closed"):
        signer.sign(head_of(HASHES, 3), old_size=0, proof=())


def test_another_deployments_head_is_not_signed(signer):
    foreign = Checkpoint(origin=checkpoint.origin_of(deployment_id=new_id(), shard=1), size=1, root=HASHES[0])
    with pytest.raises(CheckpointError, match="note_foreign"):
        signer.sign(foreign, old_size=0, proof=())


def test_the_signer_answers_at_its_door(signer, tmp_path, key):
    is_over = threading.Event()
    path = tmp_path / "s.sock"
    thread = threading.Thread(target=serve_signer, args=(signer,), kwargs={"path": path, "is_stopping": is_over.is_set})
    link = SignerLink(path)
    with pytest.raises(OSError, match="No such file"):
        link.latest(origin=ORIGIN)
    thread.start()
    while not path.is_socket():
        is_over.wait(0.01)
    try:
        assert link.latest(origin=ORIGIN) is None
        note = link.sign(head_of(HASHES, 17), old_size=0, proof=())
        assert link.latest(origin=ORIGIN) == note
        assert link.sign(head_of(HASHES, 30), old_size=17, proof=prove(HASHES)(17, 30)) != note
        with pytest.raises(HeadError, match="inconsistent"):
            link.sign(head_of(OTHERS, 33), old_size=30, proof=prove(OTHERS)(30, 33))
        with pytest.raises(HeadError, match="request_malformed"):
            link._ask(b"nonsense")
        assert not link.is_apart()
    finally:
        is_over.set()
        thread.join()
