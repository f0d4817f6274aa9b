"""Roll-ups: many files' roots under one root that stands in an entry, and the path that leads from one file to it.

The tree is that of RFC 9162; its leaves are lines of canonical JSON, one per file, in the order of the roll-up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mingjian.ledger import canonical, merkle

KIND = "recordings.rolled_up"


@dataclass(frozen=True, slots=True)
class Line:
    """One file: what it is of, the span it shows, when it was closed, and the root over its fragments in hex."""

    camera: str
    role: str
    track: str
    recording: str
    start_90k: int
    end_90k: int
    closed_at_90k: int
    is_salvaged: bool
    root: str

    def encode(self) -> bytes:
        """Return the bytes that are hashed."""
        return canonical.encode(
            {
                "camera": self.camera,
                "role": self.role,
                "track": self.track,
                "recording": self.recording,
                "start_90k": self.start_90k,
                "end_90k": self.end_90k,
                "closed_at_90k": self.closed_at_90k,
                "salvaged": self.is_salvaged,
                "root": self.root,
            }
        )


@dataclass(frozen=True, slots=True)
class Path:
    """What leads from a file's line to the root of its roll-up: place, size of the tree, and the hashes beside it."""

    line: str
    index: int
    size: int
    proof: tuple[str, ...]


def root_of(lines: Sequence[Line]) -> str:
    """Return the root over the lines, in hex."""
    return merkle.root(line.encode() for line in lines).hex()


def path_of(lines: Sequence[Line], *, index: int) -> Path:
    """Return the path of one line. Raises ValueError when there is no such line."""
    proof = merkle.inclusion_proof(leaf_hashes=[merkle.leaf_hash(line.encode()) for line in lines], index=index)
    return Path(
        line=lines[index].encode().decode("utf-8"),
        index=index,
        size=len(lines),
        proof=tuple(step.hex() for step in proof),
    )
