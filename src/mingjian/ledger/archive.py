"""A large tree that can prove things: whole blocks are kept as one hash, the few leaves a proof needs are read again.

Ten million leaves take some six megabytes.
"""

from collections.abc import Callable, Sequence

from mingjian.ledger import merkle
from mingjian.ledger.merkle import EMPTY_ROOT, TreeHasher, node_hash

BLOCK = 256

ReadLeaves = Callable[[int, int], Sequence[bytes]]
"""Returns the leaf hashes [start, end) of the log; at most a block of them is asked for at once."""


class Archive:
    """The tree so far. Leaves are added by their hashes; `read` brings those of a finished block back."""

    def __init__(self) -> None:
        self.size = 0
        # Roots of blocks, of pairs of blocks, of pairs of those, and so on; then the leaves of the block under way.
        self._levels: list[list[bytes]] = [[]]
        self._open: list[bytes] = []

    def extend(self, hashed_leaves: Sequence[bytes]) -> None:
        """Add leaves."""
        self.size += len(hashed_leaves)
        self._open.extend(hashed_leaves)
        while len(self._open) >= BLOCK:
            self._finish(_root(self._open[:BLOCK]))
            del self._open[:BLOCK]

    def root(self, *, size: int, read: ReadLeaves) -> bytes:
        """Return the root over the first `size` leaves."""
        return EMPTY_ROOT if size == 0 else self._span(0, size, read)

    def inclusion_proof(self, *, index: int, size: int, read: ReadLeaves) -> tuple[bytes, ...]:
        """Return the path of leaf `index` in the tree of the first `size` leaves (RFC 9162 §2.1.3.1)."""
        spans = merkle.inclusion_ranges(index=index, size=self._within(size))
        return tuple(self._span(start, end, read) for start, end in spans)

    def consistency_proof(self, *, old_size: int, size: int, read: ReadLeaves) -> tuple[bytes, ...]:
        """Return what proves that the tree of `size` leaves grew out of that of `old_size` (RFC 9162 §2.1.4.1).

        Empty for an old size of zero, which every tree grew out of.
        """
        if old_size == 0:
            return ()
        spans = merkle.consistency_ranges(old_size=old_size, size=self._within(size))
        return tuple(self._span(start, end, read) for start, end in spans)

    def _within(self, size: int) -> int:
        if size > self.size:
            raise ValueError("the tree is not that large")
        return size

    def _finish(self, block: bytes) -> None:
        node, level = block, 0
        self._levels[0].append(node)
        while len(self._levels[level]) % 2 == 0:
            node = node_hash(*self._levels[level][-2:])
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(node)

    def _span(self, start: int, end: int, read: ReadLeaves) -> bytes:
        count = end - start
        if count >= BLOCK and count & (count - 1) == 0:
            # The spans of the definition are aligned, so that a power of two is always a node we keep.
            return self._levels[(count // BLOCK).bit_length() - 1][start // count]
        if count <= BLOCK:
            kept_from = self.size - len(self._open)
            return _root(self._open[start - kept_from : end - kept_from] if start >= kept_from else read(start, end))
        middle = start + merkle.split(count)
        return node_hash(self._span(start, middle, read), self._span(middle, end, read))


def _root(hashed_leaves: Sequence[bytes]) -> bytes:
    tree = TreeHasher()
    tree.extend_hashes(hashed_leaves)
    return tree.root()
