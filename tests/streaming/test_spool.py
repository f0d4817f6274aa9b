"""The spool file: chained, signed, there before anything leaves; torn or touched, it is told and not believed."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mingjian.base import ids
from mingjian.base.clock import SystemClock
from mingjian.grants import signing
from mingjian.grants.signing import KeyPurpose
from mingjian.host import deployment
from mingjian.recordings.disk import SystemDisk
from mingjian.streaming import spool_reading
from mingjian.streaming.spool import Spool, SpoolError
from mingjian.streaming.spool_merge import BATCH, SpoolMerge
from mingjian.streaming.spool_reading import Damage, SpoolRecord, read_part
from mingjian.streaming.store import Store, StoreError

# Appends records one by one and says after each that it is durable; another process kills it.
WRITE = """
import sys
from pathlib import Path
from mingjian.grants.signing import KeyPurpose, load_signer
from mingjian.host import deployment
from mingjian.host.home import Home
from mingjian.streaming.spool import Spool
home = Home(Path(sys.argv[1]), "127.0.0.1", 1, 2)
signer = load_signer(home, purpose=KeyPurpose.SPOOL)
spool = Spool(home.root / "spool", signer=signer, deployment=deployment.load(home))
for number in range(100_000):
    spool.append([{"note": "x" * (number % 3000), "number": number}])
    print(number, flush=True)
"""

# Enters what is in the spool folder.
MERGE = """
import sys
from pathlib import Path
from mingjian.base.clock import SystemClock
from mingjian.grants.signing import KeyPurpose, load_verifier
from mingjian.host import deployment
from mingjian.host.database import DatabaseAddress
from mingjian.host.home import Home
from mingjian.streaming.spool_merge import SpoolMerge
from mingjian.streaming.store import Store
home = Home(Path(sys.argv[1]), "127.0.0.1", 1, 2)
store = Store(DatabaseAddress.from_environ())
store.start()
merge = SpoolMerge(home.root / "spool", store=store, verifier=load_verifier(home, purpose=KeyPurpose.SPOOL),
                   deployment_id=deployment.load(home).deployment_id, clock=SystemClock())
merge.recover()
print("begins", flush=True)
merge.settle()
store.stop()
"""


@pytest.fixture
def founded(home):
    """Who the home is."""
    made = deployment.found(home)
    signing.generate(home, purpose=KeyPurpose.SPOOL)
    return made


@pytest.fixture
def new_spool(home, founded):
    """Make another life's spool."""
    signer = signing.load_signer(home, purpose=KeyPurpose.SPOOL)
    return lambda: Spool(home.root / "spool", signer=signer, deployment=founded)


@pytest.fixture
def verifier(home, founded):
    """The public half."""
    return signing.load_verifier(home, purpose=KeyPurpose.SPOOL)


@pytest.fixture
def read(founded, verifier):
    """Read a part of this deployment."""
    return lambda path, known=None: list(
        read_part(path, verifier=verifier, deployment_id=founded.deployment_id, known=known)
    )


def fact(number):
    return {
        "number": number,
        "person": "p",
        "person_name": "张工",
        "capacity": "duty_live",
        "camera": "c",
        "at_90k": number,
        "articles": ["A18.2"],
    }


def written(spool, *, count=5):
    for number in range(count):
        spool.append([fact(number)])
    spool.finish()
    (part,) = spool.finished
    return part


def codes(found):
    return [one.code for one in found if isinstance(one, Damage)]


def records(found):
    return [one for one in found if isinstance(one, SpoolRecord)]


def test_records_are_read_back_in_their_chain(new_spool, read):
    part = written(new_spool())

    found = read(part.path, part)

    assert [one.record["number"] for one in found] == [0, 1, 2, 3, 4]
    assert all(one.is_chained for one in found)
    assert part.path.stat().st_mode & 0o777 == 0o600
    assert part.path.parent.stat().st_mode & 0o777 == 0o700


class SyncNotingDisk(SystemDisk):
    """The kernel's disk, and what was made durable on it."""

    def __init__(self):
        self.synced = []

    def fsync(self, descriptor):
        super().fsync(descriptor)
        self.synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())


def test_first_record_of_a_home_makes_the_name_of_its_folder_durable(home, founded):
    """A power cut takes a folder whose name was not synced, with every part in it."""
    signer, disk = signing.load_signer(home, purpose=KeyPurpose.SPOOL), SyncNotingDisk()

    Spool(home.root / "spool", signer=signer, deployment=founded, disk=disk).append([fact(0)])

    assert disk.synced[:2] == [home.root / "spool", home.root]
    assert [path.suffix for path in disk.synced[2:]] == [".spool"]


def test_chain_goes_on_from_part_to_part(new_spool, read):
    spool = new_spool()
    for number in (0, 1):
        spool.append([fact(number)])
        spool.finish()
    first, second = spool.finished

    (one,), (other,) = read(first.path, first), read(second.path, second)

    assert other.record["previous"] == first.head
    assert (one.seq, other.seq) == (0, 1)


def changed(line):
    paper = json.loads(line)
    paper["record"]["camera"] = "another"
    return json.dumps(paper, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


@pytest.mark.parametrize(
    ("touch", "expected"),
    [
        (lambda lines: [*lines[:2], changed(lines[2]), *lines[3:]], ["bad_signature"]),
        (lambda lines: [*lines[:2], *lines[3:]], ["chain", "shortened"]),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], ["chain", "chain", "chain"]),
        (lambda lines: lines[1:], ["chain", "shortened"]),
        (lambda lines: lines[:4], ["shortened"]),
        (lambda lines: [*lines[:2], b"{}", *lines[2:]], ["malformed"]),
        (lambda lines: [*lines[:2], b"x" * 70_000, *lines[2:]], ["malformed"]),
    ],
)
def test_touched_part_is_told_and_the_good_records_stay(new_spool, read, touch, expected):
    part = written(new_spool())
    lines = part.path.read_bytes().splitlines()
    part.path.write_bytes(b"".join(line + b"\n" for line in touch(lines)))

    found = read(part.path, part)

    assert codes(found) == expected
    assert all(one.record["camera"] == "c" for one in records(found))


def test_record_signed_by_another_key_is_told(new_spool, read, home, founded, tmp_path):
    part = written(new_spool())
    lines = part.path.read_bytes().splitlines()
    foreign = signing.generate(type(home)(tmp_path / "x", "127.0.0.1", 1, 2), purpose=KeyPurpose.SPOOL)
    other = written(Spool(tmp_path / "other", signer=foreign, deployment=founded))
    part.path.write_bytes(b"\n".join([*lines, other.path.read_bytes().splitlines()[0], b""]))

    assert codes(read(part.path)) == ["unknown_key"]


def test_without_room_nothing_counts_and_the_next_record_stands_in_the_chain(new_spool, read, monkeypatch):
    spool = new_spool()
    spool.append([fact(0)])
    real = os.fsync

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SpoolError, match="spool_unwritable"):
        spool.append([fact(1)])
    monkeypatch.setattr(os, "fsync", real)
    spool.append([fact(2)])
    spool.finish()

    first, second = spool.finished
    assert [one.record["number"] for one in (*read(first.path, first), *read(second.path, second))] == [0, 2]
    assert second.path != first.path


def test_spool_is_bounded(new_spool, monkeypatch):
    monkeypatch.setattr("mingjian.streaming.spool.BYTES_MAX", 2000)
    spool = new_spool()
    spool.append([fact(0)])

    with pytest.raises(SpoolError, match="spool_full"):
        spool.append([{"note": "x" * 2000}])


@pytest.mark.parametrize("patience_s", [0.0, 0.01, 0.05, 0.2])
def test_killed_writer_loses_nothing_that_was_durable(home, founded, read, patience_s):
    writer = subprocess.Popen([sys.executable, "-c", WRITE, str(home.root)], stdout=subprocess.PIPE, text=True)
    told = writer.stdout.readline()
    time.sleep(patience_s)
    writer.send_signal(signal.SIGKILL)
    told += writer.stdout.read()
    writer.wait(timeout=5)
    writer.stdout.close()
    durable = [int(line) for line in told.splitlines() if line]

    (path,) = (home.root / "spool").iterdir()
    found = read(path)

    assert [one.record["number"] for one in records(found)][: len(durable)] == durable
    assert set(codes(found)) <= {spool_reading.TORN}


@pytest.mark.parametrize("left_bytes", [1, 40, 200])
def test_torn_end_is_told_and_is_no_tampering(new_spool, read, left_bytes):
    part = written(new_spool())
    with part.path.open("ab") as file:
        file.write(part.path.read_bytes().splitlines()[0][:left_bytes])

    found = read(part.path)

    assert codes(found) == ["torn"]
    assert not found[-1].is_tampering
    assert len(records(found)) == 5


@pytest.fixture
def opened_store(ledger):
    """The store of the session's database."""
    opened = Store(ledger.streaming)
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture
def merge(home, founded, verifier, opened_store):
    """What enters the spool of the home."""
    return SpoolMerge(
        home.root / "spool",
        store=opened_store,
        verifier=verifier,
        deployment_id=founded.deployment_id,
        clock=SystemClock(),
    )


def numbers(ledger):
    return [entry["facts"]["record"]["number"] for entry in ledger.entries("media.spooled")]


def test_merged_record_stands_in_the_ledger_word_for_word_with_its_own_time(new_spool, merge, ledger, verifier):
    part = written(new_spool())
    merge.take([part])

    assert merge.settle() == 5

    entry = ledger.entries("media.spooled")[3]
    assert entry["at_90k"] == 3
    assert entry["actor"] == {"id": "p", "name": "张工", "capacity": "duty_live"}
    facts = entry["facts"]
    assert (
        spool_reading.signature_trouble(
            facts["record"], kid=facts["kid"], signature=facts["signature"], verifier=verifier
        )
        is None
    )
    assert not part.path.exists()


@pytest.mark.article("A14.c")
def test_touched_part_is_entered_as_a_finding_and_kept(new_spool, merge, ledger):
    part = written(new_spool())
    lines = part.path.read_bytes().splitlines()
    part.path.write_bytes(b"".join(line + b"\n" for line in (*lines[:2], changed(lines[2]), *lines[3:])))
    merge.take([part])

    merge.settle()

    (finding,) = ledger.entries("media.spool_finding")
    assert (finding["facts"]["code"], finding["facts"]["line"]) == ("bad_signature", 3)
    assert numbers(ledger) == [0, 1, 3, 4]
    assert [entry["facts"]["is_chained"] for entry in ledger.entries("media.spooled")] == [True, True, False, True]
    assert part.path.with_suffix(".damaged").exists()


def test_merging_waits_for_the_database_and_enters_nothing_twice(new_spool, merge, ledger):
    part = written(new_spool())
    merge.take([part])
    with ledger.without("EXECUTE", "FUNCTION ledger_append(bytea)"), pytest.raises(StoreError):
        merge.settle()
    assert part.path.exists()

    assert merge.settle() == 5
    assert merge.settle() == 0
    assert numbers(ledger) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("reached", [0, 1, 3 * BATCH, 6 * BATCH])
def test_killed_in_mid_merge_the_next_life_enters_each_record_once(new_spool, home, merge, ledger, reached):
    spool = new_spool()
    for first in range(0, 8 * BATCH, BATCH):
        spool.append([fact(number) for number in range(first, first + BATCH)])
    environment = {**os.environ, **ledger.streaming.environment()}
    killed = subprocess.Popen([sys.executable, "-c", MERGE, str(home.root)], env=environment, stdout=subprocess.PIPE)
    killed.stdout.readline()
    while len(numbers(ledger)) < reached:
        assert killed.poll() is None or len(numbers(ledger)) >= reached
    killed.kill()
    killed.wait(timeout=5)
    killed.stdout.close()
    before = len(numbers(ledger))

    merge.recover()
    merge.settle()

    print(f"{before} entries stood when it was killed")
    assert numbers(ledger) == list(range(8 * BATCH))
    assert list((home.root / "spool").iterdir()) == []


@pytest.mark.parametrize("name", ["0" * 200, "\udcff", "notes"])
def test_foreign_file_holds_up_no_record(new_spool, merge, ledger, home, name):
    written(new_spool())
    (home.root / "spool" / f"{name}.spool").write_bytes(b"{}\n")

    merge.recover()
    merge.settle()

    assert numbers(ledger) == [0, 1, 2, 3, 4]
    assert len(list((home.root / "spool").iterdir())) == 1


def test_kept_files_do_not_merge_again(new_spool, merge, home):
    (home.root / "spool").mkdir()
    (home.root / "spool" / f"{ids.new_id()}-00000000.damaged").write_bytes(base64.b64encode(b"kept"))

    assert merge.recover() == 0
