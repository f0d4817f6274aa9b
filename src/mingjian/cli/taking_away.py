"""`mingjian ledger export|prove`: bundles that others verify without us."""

import argparse
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from mingjian.base import ids
from mingjian.cli import django_door
from mingjian.cli.commands import CommandError
from mingjian.host import deployment
from mingjian.host.database import Role
from mingjian.host.home import Home

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands
    from mingjian.ledger.bundle import Connection, Media, Source

_PART = 1 << 20


def register(ledger: "Commands") -> None:
    """Enter the two commands."""
    export = ledger.add_parser("export", help="导出日志（全部，或指定序号）供他人核对。 entries as a bundle")
    export.add_argument("--seq", type=int, action="append", default=[], help="只导出这一条及其证明。 only this entry")
    export.set_defaults(run=export_entries)
    prove = ledger.add_parser("prove", help="证明一个录像文件或导出的文件。 a file, with the entry that names its hash")
    prove.add_argument("file", type=Path)
    prove.set_defaults(run=prove_file)
    for command in (export, prove):
        command.add_argument("--out", type=Path, required=True, help="写到哪个 zip 文件")


def export_entries(arguments: argparse.Namespace, home: Home) -> int:
    """Write the whole ledger, or the entries named, which are of the newest shard."""
    from mingjian.ledger import bundle, leaves

    with django_door.connect(home, Role.LEDGER) as connection, arguments.out.open("xb") as target:
        if not arguments.seq:
            bundle.write_whole(connection, target, source=_source(home))
        else:
            shard = leaves.newest_shard(connection.cursor())
            bundle.write_proofs(connection, target, source=_source(home), shard=shard, seqs=arguments.seq, media=())
    print(arguments.out)
    return 0


def prove_file(arguments: argparse.Namespace, home: Home) -> int:
    """Write a bundle of the file and the entry that names its hash. Raises CommandError where there is none."""
    from mingjian.ledger import bundle

    with django_door.connect(home, Role.LEDGER) as connection:
        media = _media(connection, home, arguments.file)
        with arguments.out.open("xb") as target:
            bundle.write_proofs(
                connection, target, source=_source(home), shard=media.shard, seqs=[media.seq], media=[media]
            )
    print(arguments.out)
    return 0


def _source(home: Home) -> "Source":
    from mingjian.grants.signing import KeyPurpose, load_verifier
    from mingjian.ledger import cosigners
    from mingjian.ledger.bundle import Source

    return Source(
        deployment_id=deployment.load(home).deployment_id,
        keys=tuple(load_verifier(home, purpose=KeyPurpose.LEDGER).keys.values()),
        witnesses=[one.key for one in cosigners.read_list(home.ledger)],
        kept=[note.read_text(encoding="utf-8") for note in sorted(home.ledger.glob("*.note"))],
    )


def _media(connection: "Connection", home: Home, file: Path) -> "Media":
    """Return the file with its entry: a recording by the root over its fragments, any other by its own hash."""
    from mingjian.ledger.bundle import Media

    if file.with_suffix(".frg").exists():
        return _recording(connection, home, file)
    digest = sha256()
    with file.open("rb") as opened:
        while part := opened.read(_PART):
            digest.update(part)
    found = _find(connection, kind="recordings.exported", word=digest.hexdigest())
    return Media(f"media/{file.name}", file, *_known(found, file), recording="", lengths=())


def _recording(connection: "Connection", home: Home, file: Path) -> "Media":
    """Return a recording with the entry of its hour's roll-up; an older one with the entry that names its own root."""
    from mingjian.ledger import merkle, rollup
    from mingjian.ledger.bundle import Media
    from mingjian.recordings import fragments

    django_door.open_django(home)
    from mingjian.registry import rollups

    if not ids.is_id(file.stem):
        raise CommandError("cli.not_in_ledger", file=str(file))
    records = fragments.read_table(file.with_suffix(".frg"))
    root = merkle.root(record.sha256 for record in records).hex()
    proved = rollups.find(file.stem, root=root)
    if proved is None and rollups.is_waiting(file.stem):
        raise CommandError("cli.not_rolled_up", file=str(file))
    if proved is None:
        found = _find(connection, kind="recordings.roots", word=f"{file.stem} {root}")
    else:
        found = _find(connection, kind=rollup.KIND, word=proved.rollup_root)
    return Media(
        f"media/{file.name}",
        file,
        *_known(found, file),
        recording=file.stem,
        lengths=tuple(record.length for record in records),
        rolled=None if proved is None else proved.path,
    )


def _find(connection: "Connection", *, kind: str, word: str) -> tuple[int, int] | None:
    row = connection.execute(
        "SELECT shard, seq FROM public.ledger_entry WHERE public.ledger_kind(body) = %s"
        " AND position(%s::bytea IN body) > 0 ORDER BY shard DESC, seq DESC LIMIT 1",
        (kind, word.encode("ascii", errors="replace")),
    ).fetchone()
    return None if row is None else (int(row[0]), int(row[1]))


def _known(found: tuple[int, int] | None, file: Path) -> tuple[int, int]:
    if found is None:
        raise CommandError("cli.not_in_ledger", file=str(file))
    return found
