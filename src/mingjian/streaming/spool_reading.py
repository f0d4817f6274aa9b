"""Reading the spool back, trusting nothing: each line is a good record, a damaged one, or the torn end of a life."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mingjian.grants.signing import PaperError, Verifier
from mingjian.ledger import canonical
from mingjian.ledger.canonical import CanonicalError, JsonValue
from mingjian.streaming.spool import FIRST_PREVIOUS, SIGNED_AS, Part, digest

# Longer than any record of ours; what is longer is damage, and is not read into memory line by line.
LINE_BYTES_MAX = 64 << 10

TORN, MALFORMED, UNKNOWN_KEY, BAD_SIGNATURE, FOREIGN, CHAIN, SHORTENED = (
    "torn",
    "malformed",
    "unknown_key",
    "bad_signature",
    "foreign",
    "chain",
    "shortened",
)


@dataclass(frozen=True, slots=True)
class SpoolRecord:
    """A record whose signature holds. `is_chained` says that it follows the record before it."""

    spool_id: str
    seq: int
    record: Mapping[str, JsonValue]
    kid: str
    signature: str
    is_chained: bool


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with a part, at which line (from 1), and the digest of those bytes.

    Codes: torn (the last line has no end: written by a life that was killed, and allowed nothing), malformed,
    unknown_key, bad_signature, foreign (another deployment), chain (does not follow the record before), shortened (the
    writer knew of more).
    """

    code: str
    part: str
    line: int
    digest: str

    @property
    def is_tampering(self) -> bool:
        """Say whether somebody must have touched it: a kill tears the end and nothing else."""
        return self.code != TORN


def read_part(
    path: Path, *, verifier: Verifier, deployment_id: str, known: Part | None
) -> Iterator[SpoolRecord | Damage]:
    """Yield what the part holds, line by line. `known` is what its writer still knows of it. Raises OSError."""
    raw = path.read_bytes()
    *lines, rest = raw.split(b"\n")
    previous: str | None = None
    for number, line in enumerate(lines, start=1):
        found = _read_line(line, verifier=verifier, deployment_id=deployment_id, part=path.stem, number=number)
        if isinstance(found, Damage):
            yield found
            # The next one cannot follow what is not known.
            previous = ""
            continue
        follows = str(found.record.get("previous"))
        expected = previous if previous is not None else _expected_first(path, found)
        is_chained = expected is None or follows == expected
        if not is_chained and expected:
            yield Damage(CHAIN, path.stem, number, digest(line))
        previous = digest(canonical.encode(found.record))
        yield SpoolRecord(
            spool_id=found.spool_id,
            seq=found.seq,
            record=found.record,
            kid=found.kid,
            signature=found.signature,
            is_chained=is_chained,
        )
    if rest:
        yield Damage(TORN, path.stem, len(lines) + 1, digest(rest))
    if known is not None and (len(lines) < known.records or (previous and previous != known.head)):
        yield Damage(SHORTENED, path.stem, len(lines), digest(raw))


def _expected_first(path: Path, found: SpoolRecord) -> str | None:
    """Return what a part's first record must name; None when only the part before it could say."""
    if path.stem != f"{found.spool_id}-{found.seq:08d}":
        return "another part's"
    return FIRST_PREVIOUS if found.seq == 0 else None


def _read_line(line: bytes, *, verifier: Verifier, deployment_id: str, part: str, number: int) -> SpoolRecord | Damage:
    def damage(code: str) -> Damage:
        return Damage(code, part, number, digest(line))

    try:
        fields = canonical.decode(line) if len(line) <= LINE_BYTES_MAX else None
    except CanonicalError:
        fields = None
    match fields:
        case {"kid": str(kid), "record": {"spool": str(spool_id), "seq": int(seq)} as record, "signature": str(signed)}:
            pass
        case _:
            return damage(MALFORMED)
    code = signature_trouble(record, kid=kid, signature=signed, verifier=verifier)
    if code is not None:
        return damage(code)
    if record.get("deployment") != deployment_id:
        return damage(FOREIGN)
    return SpoolRecord(spool_id, seq, record, kid, signed, is_chained=True)


def signature_trouble(record: Mapping[str, JsonValue], *, kid: str, signature: str, verifier: Verifier) -> str | None:
    """Return why the record is not one of ours; None when it is."""
    try:
        signed = base64.b64decode(signature, validate=True)
        verifier.verify(kid=kid, kind=SIGNED_AS, payload=canonical.encode(record), signature=signed)
    except (binascii.Error, ValueError):
        return MALFORMED
    except PaperError as error:
        return UNKNOWN_KEY if error.code == "grants.paper_unknown_key" else BAD_SIGNATURE
    return None
