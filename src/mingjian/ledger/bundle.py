"""Bundles: what somebody takes away to verify without us, a zip with entries, proofs, notes and both verifiers.

A whole bundle holds every entry; one of proofs holds the entries chosen, each with its path to one signed head. Media
lie beside them, each bound to an entry that names its hash. Nothing is compressed: the browser's verifier stays small.
"""

import base64
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mingjian.base.errors import MingjianError
from mingjian.ledger import checkpoint, cosignature, rollup, scan
from mingjian.ledger.archive import Archive
from mingjian.ledger.cosignature import WitnessKey

FORMAT = "mingjian-ledger-bundle/2"
MAX_CHECKPOINTS = 200

_PART = 100_000
_STANDALONE = ("verify.py", "verify.html", "VERIFY.txt")

Connection = psycopg.Connection[tuple[Any, ...]]


class BundleError(MingjianError):
    """Nothing can be exported: ledger.bundle_empty (no such entry), .not_signed_yet (too new: wait a second)."""


@dataclass(frozen=True, slots=True)
class Media:
    """A file to take along, with the entry that stands behind it.

    `lengths` are its fragments' when it is a recording, else empty. `rolled` leads from its root to the entry's, None
    when the entry names the file itself.
    """

    name: str
    path: Path
    shard: int
    seq: int
    recording: str
    lengths: tuple[int, ...]
    rolled: rollup.Path | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Whose ledger it is, with its public keys, the witnesses asked, and the notes kept beside the database."""

    deployment_id: str
    keys: Sequence[Ed25519PublicKey]
    witnesses: Sequence[WitnessKey]
    kept: Sequence[str]
    quorum: int = 1


def write_whole(connection: Connection, target: BinaryIO, *, source: Source) -> None:
    """Write every entry and a thinned series of checkpoints, in one snapshot. Sound or not: it is not ours to judge."""
    with connection.transaction(), zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        kept = _by_shard(source)
        found = connection.execute(
            "SELECT shard FROM public.ledger_entry UNION SELECT shard FROM public.ledger_checkpoint"
        ).fetchall()
        shards = sorted({int(shard) for (shard,) in found} | set(kept))
        for shard in shards:
            with made.open(f"entries-{shard}.jsonl", "w", force_zip64=True) as file:
                for seq, body, leaf in _entries(connection, shard):
                    file.write(_line({"seq": seq, "body": _base64(body), "leaf": leaf.hex()}))
        told = [
            {"shard": shard, "checkpoints": _checkpoints(connection, shard), "kept": kept.get(shard, [])}
            for shard in shards
        ]
        _finish(made, _manifest(source, kind="whole", shards=told, media=[]))


def write_proofs(
    connection: Connection, target: BinaryIO, *, source: Source, shard: int, seqs: Sequence[int], media: Sequence[Media]
) -> None:
    """Write the entries chosen, of one shard, with their paths to the best head that covers them all.

    Best is the newest one that witnesses cosigned, else the newest signed. Raises BundleError.
    """
    with connection.transaction(), zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        if not seqs:
            raise BundleError("ledger.bundle_empty")
        note = _head(connection, source, shard, above=max(seqs))
        size = checkpoint.parse(checkpoint.split(note)[0]).size
        tree, read = Archive(), scan.reader(connection, shard=shard)
        while tree.size < size:
            tree.extend(read(tree.size, min(size, tree.size + _PART)))
        with made.open(f"entries-{shard}.jsonl", "w", force_zip64=True) as file:
            for seq in sorted(set(seqs)):
                row = connection.execute(
                    "SELECT body, leaf FROM public.ledger_entry WHERE shard = %s AND seq = %s", (shard, seq)
                ).fetchone()
                if row is None:
                    raise BundleError("ledger.bundle_empty", seq=seq)
                proof = [step.hex() for step in tree.inclusion_proof(index=seq, size=size, read=read)]
                file.write(_line({"seq": seq, "body": _base64(row[0]), "leaf": bytes(row[1]).hex(), "proof": proof}))
        for item in media:
            made.write(item.path, item.name)
        told = [{"shard": shard, "head": note, "kept": []}]
        _finish(made, _manifest(source, kind="proofs", shards=told, media=media))


def _entries(connection: Connection, shard: int) -> Iterator[tuple[int, bytes, bytes]]:
    with connection.cursor(name="ledger_bundle") as cursor:
        cursor.itersize = 4_096
        cursor.execute(
            "SELECT seq, body, leaf FROM public.ledger_entry WHERE shard = %s ORDER BY seq", (shard,), binary=True
        )
        yield from cursor


def _checkpoints(connection: Connection, shard: int) -> list[dict[str, object]]:
    rows = connection.execute(
        "SELECT size, root, note FROM public.ledger_checkpoint WHERE shard = %s ORDER BY size", (shard,)
    ).fetchall()
    step = max(1, len(rows) // MAX_CHECKPOINTS)
    # From the newest backwards, so that the newest is always one of them.
    chosen = rows[::-1][::step][::-1]
    return [{"size": size, "root": bytes(root).hex(), "note": note} for size, root, note in chosen]


def _head(connection: Connection, source: Source, shard: int, *, above: int) -> str:
    cosigned: dict[int, str] = {}
    for note in _by_shard(source).get(shard, []):
        size = checkpoint.parse(checkpoint.split(note)[0]).size
        if size > above and cosignature.cosigned_at(note, witnesses=source.witnesses):
            cosigned[size] = _joined(cosigned.get(size), note, source)
    if cosigned:
        return cosigned[max(cosigned)]
    row = connection.execute(
        "SELECT note FROM public.ledger_checkpoint WHERE shard = %s AND size > %s ORDER BY size DESC LIMIT 1",
        (shard, above),
    ).fetchone()
    if row is None:
        raise BundleError("ledger.not_signed_yet", seq=above)
    return str(row[0])


def _joined(before: str | None, note: str, source: Source) -> str:
    """Return one note with the cosignatures of both, which are of one size."""
    if before is None or checkpoint.split(before)[0] != checkpoint.split(note)[0]:
        return note
    fresh = [line for line in cosignature.lines_of(note, witnesses=source.witnesses) if f"{line}\n" not in before]
    return before + "".join(f"{line}\n" for line in fresh)


def _by_shard(source: Source) -> dict[int, list[str]]:
    kept: dict[int, list[str]] = {}
    for note in source.kept:
        shard = checkpoint.shard_of(checkpoint.parse(checkpoint.split(note)[0]))
        kept.setdefault(shard, []).append(note)
    return kept


def _manifest(
    source: Source, *, kind: str, shards: Sequence[Mapping[str, object]], media: Sequence[Media]
) -> dict[str, object]:
    items: list[dict[str, object]] = []
    for item in media:
        told: dict[str, object] = {"name": item.name, "shard": item.shard, "seq": item.seq}
        if item.lengths:
            told |= {"recording": item.recording, "fragments": list(item.lengths)}
        if item.rolled is not None:
            told["rolled"] = asdict(item.rolled)
        items.append(told)
    return {
        "format": FORMAT,
        "kind": kind,
        "deployment": source.deployment_id,
        "quorum": source.quorum,
        "log_keys": [_base64(key.public_bytes_raw()) for key in source.keys],
        "witness_keys": [witness.text() for witness in source.witnesses],
        "shards": list(shards),
        "media": items,
    }


def _finish(made: zipfile.ZipFile, manifest: Mapping[str, object]) -> None:
    made.writestr("bundle.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    for name in _STANDALONE:
        made.writestr(name, resources.files("mingjian.ledger").joinpath("standalone", name).read_bytes())


def _line(told: Mapping[str, object]) -> bytes:
    return json.dumps(told).encode("utf-8") + b"\n"


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
