"""What the clerk does for the ledger: sequencing it, verifying it, and having witnesses cosign it."""

import logging
from collections.abc import Callable

import psycopg

from mingjian.base.clock import Clock
from mingjian.console import verdicts
from mingjian.grants import signing
from mingjian.grants.signing import KeyPurpose
from mingjian.host import deployment
from mingjian.host.database import DatabaseAddress, Role
from mingjian.host.home import Home
from mingjian.ledger import archive, cosigners, scan, sequencer, verify
from mingjian.ledger import verdict as verdicts_of
from mingjian.ledger.cosigners import CONTRADICTIONS
from mingjian.ledger.signer_link import SignerLink
from mingjian.streaming import spool_audit

_PART = 100_000
log = logging.getLogger(__name__)

Connection = psycopg.Connection[tuple[object, ...]]


def sequence(home: Home, *, clock: Clock, is_stopping: Callable[[], bool]) -> None:
    """Give pending acts their place and have the tree signed, until told to stop."""
    founded = deployment.load(home)
    sequencer.serve(
        connect=lambda: connect(home, Role.LEDGER),
        sequencer=sequencer.Sequencer(
            signer=SignerLink(home.signer_socket),
            keys=signing.load_verifier(home, purpose=KeyPurpose.LEDGER).keys.values(),
            deployment_id=founded.deployment_id,
            shard=founded.epoch,
            memory_folder=home.ledger,
        ),
        clock=clock,
        is_stopping=is_stopping,
    )


def verify_ledger(home: Home, *, clock: Clock) -> verdicts.LastVerdict:
    """Verify the whole ledger and leave the verdict for the pages."""
    with connect(home, Role.LEDGER) as ledger:
        verdict = check(home, ledger, clock=clock)
    last = verdicts.LastVerdict(
        outcome=verdict.outcome.value,
        size=verdict.size,
        pending=verdict.pending,
        findings=len(verdict.findings),
        verified_at_90k=clock.utc(),
        shard=verdict.shard,
        signed_size=verdict.signed_size,
        witnessed_size=verdict.witnessed_size,
        warnings=verdict.warnings,
    )
    before = verdicts.read(home)
    verdicts.write(home, last)
    fresh = set(last.warnings) - set(() if before is None else before.warnings)
    if fresh:
        log.warning("ledger wants a look", extra={"codes": " ".join(sorted(fresh))})
    if verdict.findings:
        log.error("ledger does not verify", extra={"outcome": last.outcome, "findings": last.findings})
    return last


def check(home: Home, ledger: Connection, *, clock: Clock, anchors: tuple[str, ...] = ()) -> verify.Verdict:
    """Verify the whole ledger with all that this host kept beside it, and what the witnesses said of it."""
    verdict = verify.verify(
        ledger,
        verifier=signing.load_verifier(home, purpose=KeyPurpose.LEDGER),
        deployment_id=deployment.load(home).deployment_id,
        now_90k=clock.utc(),
        remembered=[note.read_text(encoding="utf-8") for note in sorted(home.ledger.glob("*.note"))],
        anchors=anchors,
        witnesses=[one.key for one in cosigners.read_list(home.ledger)],
    )
    contradicted = [one for one in cosigners.read_standing(home.ledger) if one.trouble in CONTRADICTIONS]
    verdict = verdicts_of.contradicted(verdict, by=[(one.name, one.trouble) for one in contradicted])
    return spool_audit.audited(ledger, verdict, verifier=lambda: signing.load_verifier(home, purpose=KeyPurpose.SPOOL))


class Cosigning:
    """Has the newest checkpoint cosigned; keeps the tree between its rounds, so that proofs cost little."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._shard = 0
        self._tree = archive.Archive()

    def round(self) -> None:
        """Ask every witness about the newest checkpoint; logs a trouble once, when it begins or changes."""
        home = self._home
        if not cosigners.read_list(home.ledger):
            return
        before = {one.name: one.trouble for one in cosigners.read_standing(home.ledger)}
        with connect(home, Role.LEDGER) as ledger:
            newest = ledger.execute(
                "SELECT shard, size, note FROM public.ledger_checkpoint ORDER BY shard DESC, size DESC LIMIT 1"
            ).fetchone()
            if newest is None:
                return
            shard, size, note = int(str(newest[0])), int(str(newest[1])), str(newest[2])
            self._follow(ledger, shard=shard, size=size)
            read = scan.reader(ledger, shard=shard)

            def prove(old_size: int, new_size: int) -> tuple[bytes, ...]:
                return self._tree.consistency_proof(old_size=old_size, size=new_size, read=read)

            standing = cosigners.collect(home.ledger, note=note, shard=shard, prove=prove)
        for one in standing:
            if one.trouble and one.trouble != before.get(one.name):
                level = logging.ERROR if one.trouble in CONTRADICTIONS else logging.WARNING
                log.log(level, "witness does not cosign", extra={"witness": one.name, "code": one.trouble})

    def _follow(self, ledger: Connection, *, shard: int, size: int) -> None:
        if shard != self._shard or size < self._tree.size:
            self._shard, self._tree = shard, archive.Archive()
        read = scan.reader(ledger, shard=shard)
        while self._tree.size < size:
            self._tree.extend(read(self._tree.size, min(size, self._tree.size + _PART)))


def connect(home: Home, role: Role) -> Connection:
    """Return a connection as one of the roles, in autocommit mode."""
    address = DatabaseAddress.from_environ().as_role(home=home, role=role)
    return psycopg.connect(**address.parameters(), autocommit=True)  # type: ignore[arg-type]  # text and a port
