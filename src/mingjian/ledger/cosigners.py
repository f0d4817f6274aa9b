"""The log's side of witnesses: who they are, asking them for a cosignature, and keeping what they answered."""

import http.client
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from mingjian.ledger import asking, checkpoint, cosignature
from mingjian.ledger.checkpoint import Checkpoint, CheckpointError
from mingjian.ledger.cosignature import WitnessKey
from mingjian.ledger.witness import SIZE

_TIMEOUT_S = 10.0
_MAX_ANSWER = 16 << 10
# What a witness says that no honest log ever hears.
CONTRADICTIONS = frozenset({"ledger.witness_ahead", "ledger.witness_refused"})

Prove = Callable[[int, int], Sequence[bytes]]
"""Returns the consistency proof from an old size to a new one."""


@dataclass(frozen=True, slots=True)
class Witnessing:
    """One witness we ask: its key and the address of its door (the submission prefix)."""

    key: WitnessKey
    address: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of the last question to a witness. `trouble` is empty when it cosigned.

    Troubles: ledger.witness_away, .witness_unknown_log (it does not watch us, or not this shard yet), .witness_answer
    (not understood), .witness_rolled_back (it knows less than it cosigned), and the contradictions: .witness_ahead (it
    saw a larger tree than there is), .witness_refused (our tree did not grow out of what it saw).
    """

    name: str
    size: int
    cosigned_at_s: int
    trouble: str


def read_list(folder: Path) -> list[Witnessing]:
    """Return the witnesses we ask."""
    try:
        told = json.loads((folder / "witnesses.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [Witnessing(key=WitnessKey.parse(one["key"]), address=str(one["address"])) for one in told]


def write_list(folder: Path, witnesses: Sequence[Witnessing]) -> None:
    """Replace the list of witnesses."""
    _replace(
        folder / "witnesses.json",
        json.dumps([{"key": one.key.text(), "address": one.address} for one in witnesses], indent=1),
    )


def read_standing(folder: Path) -> list[Standing]:
    """Return what became of the last round of questions."""
    try:
        return [Standing(**one) for one in json.loads((folder / "witnesses-standing.json").read_text("utf-8"))]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def collect(folder: Path, *, note: str, shard: int, prove: Prove) -> list[Standing]:
    """Ask every witness to cosign the note, keep what they give, and return how each of them stands."""
    head = checkpoint.parse(checkpoint.split(note)[0])
    standing = [_ask(folder, one, note=note, head=head, shard=shard, prove=prove) for one in read_list(folder)]
    _replace(folder / "witnesses-standing.json", json.dumps([asdict(one) for one in standing], indent=1))
    return standing


def cosigned_path(folder: Path, *, shard: int, key: WitnessKey) -> Path:
    """Return where the newest note is kept that a witness cosigned for a shard."""
    return folder / f"cosigned-{shard}-{key.key_hash.hex()}.note"


def _ask(folder: Path, one: Witnessing, *, note: str, head: Checkpoint, shard: int, prove: Prove) -> Standing:
    path = cosigned_path(folder, shard=shard, key=one.key)
    size, at_s = _last(path, one.key)
    old_size = size
    trouble = "ledger.witness_answer"
    for _ in range(2):
        if old_size > head.size:
            trouble = "ledger.witness_ahead"
            break
        try:
            status, kind, answer = _post(
                one.address, asking.write(old_size=old_size, proof=prove(old_size, head.size), note=note)
            )
        except (OSError, http.client.HTTPException):
            trouble = "ledger.witness_away"
            break
        if status == 200:
            return _cosigned(path, one, note=note, head=head, answer=answer, before=(size, at_s))
        if status == 409 and kind == SIZE and answer.strip().isdigit():
            told = int(answer)
            if told < size:
                trouble = "ledger.witness_rolled_back"
                break
            old_size = told
            continue
        trouble = _TROUBLES.get(status, "ledger.witness_answer")
        break
    return Standing(one.key.name, size, at_s, trouble)


_TROUBLES = {
    404: "ledger.witness_unknown_log",
    403: "ledger.witness_unknown_log",
    409: "ledger.witness_refused",
    422: "ledger.witness_refused",
}


def _cosigned(
    path: Path, one: Witnessing, *, note: str, head: Checkpoint, answer: bytes, before: tuple[int, int]
) -> Standing:
    """Keep the note with the witness's line, if it is the witness's."""
    try:
        whole = note + answer.decode("utf-8")
        at_s = cosignature.cosigned_at(whole, witnesses=[one.key])[one.key.name]
        (line, *_others) = cosignature.lines_of(whole, witnesses=[one.key])
    except (CheckpointError, KeyError, UnicodeDecodeError):
        return Standing(one.key.name, *before, "ledger.witness_answer")
    _replace(path, f"{note}{line}\n")
    return Standing(one.key.name, head.size, at_s, "")


def _last(path: Path, key: WitnessKey) -> tuple[int, int]:
    try:
        note = path.read_text(encoding="utf-8")
        size = checkpoint.parse(checkpoint.split(note)[0]).size
        return size, cosignature.cosigned_at(note, witnesses=[key]).get(key.name, 0)
    except (FileNotFoundError, CheckpointError):
        return 0, 0


def _post(address: str, body: bytes) -> tuple[int, str, bytes]:
    # Not urllib: it would ask the proxy that the machine may have.
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.netloc, timeout=_TIMEOUT_S)
    try:
        line.request("POST", f"{parts.path.rstrip('/')}/add-checkpoint", body, {"Content-Type": "text/plain"})
        answer = line.getresponse()
        return answer.status, answer.headers.get_content_type(), answer.read(_MAX_ANSWER)
    finally:
        line.close()


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{time.monotonic_ns()}.new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
