"""What a verification says: one word, an exit code for scripts, and findings that name rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

MAX_FINDINGS = 200
DIVERGED = "ledger.diverged"


class Outcome(StrEnum):
    """The verdict in one word, from the best to the worst.

    WITNESSED: sound, and as many witnesses as asked for have cosigned it. ANCHORED: sound, and agrees with a
    checkpoint that somebody else kept. UNANCHORED: sound, but only this host says so. DIVERGED: sound in itself, but
    contradicts what was signed before. INVALID: broken, and where.
    """

    WITNESSED = "WITNESSED"
    ANCHORED = "ANCHORED"
    UNANCHORED = "UNANCHORED"
    DIVERGED = "DIVERGED"
    INVALID = "INVALID"


EXIT_CODES: Mapping[Outcome, int] = {
    Outcome.WITNESSED: 0,
    Outcome.ANCHORED: 10,
    Outcome.UNANCHORED: 11,
    Outcome.DIVERGED: 20,
    Outcome.INVALID: 21,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, and where: row `seq` of a shard, or its rows from `seq` to `last_seq`.

    Codes: ledger.leaf_mismatch (body and stored hash disagree), .row_misplaced (the body says another place),
    .row_missing, .row_repeated (two rows in one place), .root_mismatch (rows between two checkpoints were replaced),
    .tail_missing (a checkpoint covers rows that are gone), .checkpoint_forged, .unreadable (the database cannot read
    its own pages), .guard_missing, .text_mismatch (an erasable text is not
    the one committed to); and against a checkpoint kept elsewhere .diverged.
    """

    code: str
    shard: int
    seq: int
    last_seq: int
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `size` and `root` are the newest shard's; `warnings` break no proof but want a person's eye.

    `witnessed_size` is how many of its leaves the witnesses vouch for, `witnesses` who they are. Warnings:
    ledger.pending_stuck, .unsigned_tail (both older than a minute), .witness_late (leaves older than an hour that no
    witness has seen), .records_lost (an older shard ends before what was signed, and a later one says so),
    .silent (nothing new for an hour), .flood (sixty thousand within a minute), .too_many_findings.
    """

    outcome: Outcome
    shard: int
    size: int
    root: bytes
    signed_size: int
    pending: int
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...]
    witnessed_size: int = 0
    witnesses: tuple[str, ...] = ()


@dataclass(slots=True)
class Inquiry:
    """Findings as they come in, bounded: a ruined ledger needs no million lines."""

    findings: list[Finding] = field(default_factory=list)
    has_more: bool = False

    def note(self, code: str, shard: int, seq: int, last_seq: int, detail: str = "") -> None:
        """Take down a finding."""
        if len(self.findings) >= MAX_FINDINGS:
            self.has_more = True
            return
        self.findings.append(Finding(code=code, shard=shard, seq=seq, last_seq=last_seq, detail=detail))


def outcome_of(findings: Sequence[Finding], *, is_anchored: bool, is_witnessed: bool) -> Outcome:
    """Return the one word: the worst that was found, else the best that somebody else vouches for."""
    codes = {finding.code for finding in findings}
    if codes - {DIVERGED}:
        return Outcome.INVALID
    if codes:
        return Outcome.DIVERGED
    if is_witnessed:
        return Outcome.WITNESSED
    return Outcome.ANCHORED if is_anchored else Outcome.UNANCHORED


def contradicted(verdict: Verdict, *, by: Sequence[tuple[str, str]]) -> Verdict:
    """Return the verdict with what witnesses answered that no honest log hears: (who, code) each."""
    told = tuple(
        Finding(code=DIVERGED, shard=verdict.shard, seq=0, last_seq=max(0, verdict.size - 1), detail=f"{who} {code}")
        for who, code in by
    )
    findings = (*verdict.findings, *told)
    outcome = outcome_of(findings, is_anchored=False, is_witnessed=False) if told else verdict.outcome
    return replace(verdict, findings=findings, outcome=outcome)
