"""Proofs from blocks agree with proofs from all leaves, at every boundary of the blocks."""

import pytest

from mingjian.ledger import archive, merkle
from mingjian.ledger.archive import Archive
from mingjian.ledger.merkle import TreeHasher, leaf_hash

HASHES = [leaf_hash(b"%d" % number) for number in range(70)]


@pytest.fixture
def read():
    def span(start, end):
        assert end - start <= archive.BLOCK
        return HASHES[start:end]

    return span


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(archive, "BLOCK", 4)


@pytest.mark.parametrize("part", [1, 3, 7, 70])
def test_every_proof_is_that_of_the_definition(read, part):
    tree = Archive()
    for start in range(0, len(HASHES), part):
        tree.extend(HASHES[start : start + part])
    for size in range(len(HASHES) + 1):
        plain = TreeHasher()
        plain.extend_hashes(HASHES[:size])
        assert tree.root(size=size, read=read) == plain.root()
        for index in range(size):
            expected = merkle.inclusion_proof(leaf_hashes=HASHES[:size], index=index)
            assert tree.inclusion_proof(index=index, size=size, read=read) == expected
        for old in range(1, size + 1):
            expected = merkle.consistency_proof(leaf_hashes=HASHES[:size], old_size=old)
            assert tree.consistency_proof(old_size=old, size=size, read=read) == expected


def test_every_tree_grew_out_of_nothing(read):
    tree = Archive()
    tree.extend(HASHES)
    assert tree.consistency_proof(old_size=0, size=9, read=read) == ()


def test_no_proof_of_a_tree_that_is_not_there(read):
    tree = Archive()
    tree.extend(HASHES[:5])
    for ask in (
        lambda: tree.inclusion_proof(index=0, size=6, read=read),
        lambda: tree.consistency_proof(old_size=1, size=6, read=read),
    ):
        with pytest.raises(ValueError, match="not that large"):
            ask()


def test_many_leaves_at_once_make_the_same_tree():
    for first in range(20):
        one, other = TreeHasher(), TreeHasher()
        for hashed in HASHES:
            one.append_hash(hashed)
        other.extend_hashes(HASHES[:first])
        other.extend_hashes(HASHES[first:])
        assert (one.size, one.root()) == (other.size, other.root())
