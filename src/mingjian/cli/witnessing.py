"""`mingjian witness …` on another office's host, and `mingjian ledger witness …` on ours, which asks it to cosign."""

import argparse
import signal
import threading
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mingjian.base.clock import SystemClock
from mingjian.cli import django_door
from mingjian.cli.commands import CommandError
from mingjian.host import logs
from mingjian.host.home import Home

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands

DEFAULT_PORT = 8950


def register(commands: "Commands") -> None:
    """Enter `witness`: a process for another office's host, which needs nothing of a deployment."""
    witness = commands.add_parser(
        "witness", help="见证（在另一部门的主机上运行）。 a witness, on another office's host"
    ).add_subparsers(required=True)
    found = witness.add_parser("init", help="建立见证，显示公钥。 make one, print its public key")
    found.add_argument("--name", required=True, help="如 jijian.example.edu/mingjian")
    found.set_defaults(run=init)
    trust = witness.add_parser("trust", help="登记要见证的日志。 watch a log, given by its key")
    trust.add_argument("key", help="mingjian ledger key 显示的公钥。 what `mingjian ledger key` prints")
    trust.set_defaults(run=trust_log)
    serve = witness.add_parser("serve", help="运行见证。 run it")
    serve.add_argument("--bind", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=DEFAULT_PORT)
    serve.set_defaults(run=serve_witness)
    for command in (found, trust, serve):
        command.add_argument("--folder", type=Path, default=Path("witness"), help="见证的目录。 the witness's folder")


def register_ours(ledger: "Commands") -> None:
    """Enter `ledger key` and `ledger witness`."""
    key = ledger.add_parser("key", help="本系统操作日志的公钥，交给见证方。 our log's key, for a witness")
    key.set_defaults(run=print_key)
    witness = ledger.add_parser("witness", help="请谁见证。 whom we ask to cosign").add_subparsers(required=True)
    add = witness.add_parser("add", help="增加见证方。 ask one more")
    add.add_argument("key", help="mingjian witness init 显示的公钥。 what `mingjian witness init` printed")
    add.add_argument("address", help="http://主机:端口")
    add.set_defaults(run=add_witness)
    remove = witness.add_parser("remove", help="不再请其见证。 ask it no more")
    remove.add_argument("name")
    remove.set_defaults(run=remove_witness)
    listing = witness.add_parser("list", help="见证方及其最近的答复。 who they are, and what they answered last")
    listing.set_defaults(run=list_witnesses)


def init(arguments: argparse.Namespace, _: Home) -> int:
    """Make a witness."""
    from mingjian.ledger import witness_folder

    print(witness_folder.found(arguments.folder, name=arguments.name).text())
    return 0


def trust_log(arguments: argparse.Namespace, _: Home) -> int:
    """Watch one more log."""
    from mingjian.ledger import witness_folder

    print(witness_folder.trust(arguments.folder, log_key=arguments.key))
    return 0


def serve_witness(arguments: argparse.Namespace, _: Home) -> int:
    """Cosign until told to stop."""
    from mingjian.ledger import witness_folder
    from mingjian.ledger.witness_server import WitnessServer

    logs.start()
    with witness_folder.opened(arguments.folder, clock=SystemClock()) as witness:
        server = WitnessServer((arguments.bind, arguments.port), witness=witness)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        print(f"http://{arguments.bind}:{server.server_address[1]}", flush=True)
        with server:
            server.serve_forever()
    return 0


def print_key(_: argparse.Namespace, home: Home) -> int:
    """Print the key of the shard that goes on now, one line for each public key."""
    from cryptography.hazmat.primitives import serialization

    from mingjian.grants.signing import KeyPurpose, load_verifier
    from mingjian.host import deployment
    from mingjian.ledger import checkpoint

    founded = deployment.load(home)
    origin = checkpoint.origin_of(deployment_id=founded.deployment_id, shard=founded.epoch)
    for key in load_verifier(home, purpose=KeyPurpose.LEDGER).keys.values():
        raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        print(checkpoint.verifier_key(origin=origin, public_bytes=raw))
    return 0


def add_witness(arguments: argparse.Namespace, home: Home) -> int:
    """Ask one more witness, or the same one at another address."""
    from mingjian.ledger import cosigners
    from mingjian.ledger.cosignature import WitnessKey
    from mingjian.ledger.cosigners import Witnessing

    parts = urlsplit(arguments.address)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.username is not None:
        raise CommandError("cli.bad_address", address=arguments.address[:200])
    one = Witnessing(key=WitnessKey.parse(arguments.key), address=arguments.address)
    others = [known for known in cosigners.read_list(home.ledger) if known.key.name != one.key.name]
    _record(home, kind="ledger.witness_added", name=one.key.name, facts={"key": one.key.text(), "address": one.address})
    cosigners.write_list(home.ledger, [*others, one])
    return 0


def remove_witness(arguments: argparse.Namespace, home: Home) -> int:
    """Ask a witness no more; what it cosigned stays."""
    from mingjian.ledger import cosigners

    known = cosigners.read_list(home.ledger)
    rest = [one for one in known if one.key.name != arguments.name]
    if len(rest) == len(known):
        raise CommandError("cli.no_witness", name=arguments.name)
    _record(home, kind="ledger.witness_removed", name=arguments.name, facts={})
    cosigners.write_list(home.ledger, rest)
    return 0


def list_witnesses(_: argparse.Namespace, home: Home) -> int:
    """Print the witnesses, one line each."""
    from mingjian.ledger import cosigners
    from mingjian.ledger.cosigners import Standing

    standing = {one.name: one for one in cosigners.read_standing(home.ledger)}
    for one in cosigners.read_list(home.ledger):
        found = asdict(replace(standing.get(one.key.name, Standing(one.key.name, 0, 0, "")), name=one.key.name))
        print("  ".join([one.address, *(str(value) for value in found.values())]).rstrip())
    return 0


def _record(home: Home, *, kind: str, name: str, facts: dict[str, str]) -> None:
    django_door.open_django(home)
    from django.db import transaction

    from mingjian.people import acts

    with transaction.atomic(durable=True):
        acts.record(
            kind=kind, actor=acts.SHELL, subject=f"witness:{name}", facts=dict(facts), at_90k=SystemClock().utc()
        )
