"""The Merkle tree of RFC 6962 §2.1 / RFC 9162 §2.1: roots, inclusion and consistency proofs, and their checks.

Pure: bytes in, bytes out. Used for the ledger and, by recordings, for the fragments of a file.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of one leaf's bytes; the prefix keeps leaves and nodes apart (RFC 6962 §2.1)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


class TreeHasher:
    """A tree that grows leaf by leaf and remembers only its right edge: O(log n) memory."""

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add a leaf given as its bytes."""
        self.append_hash(leaf_hash(leaf))

    def append_hash(self, hashed_leaf: bytes) -> None:
        """Add a leaf whose hash is known."""
        peaks = self._peaks
        node = hashed_leaf
        remaining = self.size
        while remaining & 1:
            node = node_hash(peaks.pop(), node)
            remaining >>= 1
        peaks.append(node)
        self.size += 1

    def extend_hashes(self, hashed_leaves: Sequence[bytes]) -> None:
        """Add many leaves whose hashes are known, level by level: the same tree in less time."""
        nodes = list(hashed_leaves)
        remaining = self.size
        self.size += len(nodes)
        fresh: list[bytes] = []
        while nodes:
            if remaining & 1:
                nodes.insert(0, self._peaks.pop())
            if len(nodes) & 1:
                fresh.append(nodes.pop())
            pairs = iter(nodes)
            nodes = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
            remaining >>= 1
        self._peaks.extend(reversed(fresh))

    def root(self) -> bytes:
        """Return the root over all leaves so far; of an empty tree the hash of nothing."""
        if not self._peaks:
            return EMPTY_ROOT
        node = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            node = node_hash(peak, node)
        return node


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaves given as their bytes."""
    tree = TreeHasher()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def inclusion_proof(*, leaf_hashes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the path that proves leaf `index` (from 0) in the tree of all `leaf_hashes` (RFC 9162 §2.1.3.1).

    Raises ValueError when there is no such leaf.
    """
    ranges = inclusion_ranges(index=index, size=len(leaf_hashes))
    return tuple(_range_root(leaf_hashes, start, end) for start, end in ranges)


def inclusion_ranges(*, index: int, size: int) -> list[tuple[int, int]]:
    """Return the spans of leaves whose roots are the path of leaf `index` in a tree of `size` leaves, from the leaf up.

    Raises ValueError when there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    path: list[tuple[int, int]] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def verify_inclusion(*, hashed_leaf: bytes, index: int, size: int, proof: Sequence[bytes], tree_root: bytes) -> bool:
    """Say whether the proof leads from the leaf to the root (RFC 9162 §2.1.3.2). Never raises on bad values."""
    if not 0 <= index < size or not _are_hashes((hashed_leaf, tree_root, *proof)):
        return False
    position, last = index, size - 1
    node = hashed_leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            node = node_hash(node, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and node == tree_root


def consistency_proof(*, leaf_hashes: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Return what proves that the first `old_size` leaves are a prefix of all `leaf_hashes` (RFC 9162 §2.1.4.1).

    Empty when both trees are the same. Raises ValueError unless 1 <= old_size <= number of leaves.
    """
    ranges = consistency_ranges(old_size=old_size, size=len(leaf_hashes))
    return tuple(_range_root(leaf_hashes, start, end) for start, end in ranges)


def consistency_ranges(*, old_size: int, size: int) -> list[tuple[int, int]]:
    """Return the spans of leaves whose roots prove that a tree of `size` leaves grew out of one of `old_size`.

    Raises ValueError unless 1 <= old_size <= size.
    """
    if not 1 <= old_size <= size:
        raise ValueError("no such older tree")
    path: list[tuple[int, int]] = []
    start, end = 0, size
    is_left_edge = True
    while old_size < end:
        middle = start + split(end - start)
        if old_size <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
            is_left_edge = False
    if not is_left_edge:
        path.append((start, end))
    return path[::-1]


def verify_consistency(
    *, old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Say whether the newer tree only added to the older one (RFC 9162 §2.1.4.2). Never raises on bad values."""
    if not 1 <= old_size <= new_size or not _are_hashes((old_root, new_root, *proof)):
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position >>= 1
        last >>= 1
    old_node = new_node = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old_node = node_hash(sibling, old_node)
            new_node = node_hash(sibling, new_node)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            new_node = node_hash(new_node, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and old_node == old_root and new_node == new_root


def split(size: int) -> int:
    """Return the largest power of two smaller than `size` (which is at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def _range_root(leaf_hashes: Sequence[bytes], start: int, end: int) -> bytes:
    tree = TreeHasher()
    for position in range(start, end):
        tree.append_hash(leaf_hashes[position])
    return tree.root()


def _are_hashes(values: Sequence[bytes]) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
