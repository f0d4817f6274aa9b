"""Roots and proofs for every tree of up to seventy leaves, against the recursive definition, and every way to cheat."""

from hashlib import sha256

import pytest

from mingjian.ledger import merkle
from mingjian.ledger.merkle import (
    EMPTY_ROOT,
    TreeHasher,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)

LARGEST = 70
LEAVES = [b"leaf %d" % number for number in range(LARGEST)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
FOREIGN = sha256(b"foreign").digest()


def defined_root(hashes):
    """RFC 6962 section 2.1, word for word."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(defined_root(hashes[:split]), defined_root(hashes[split:]))


ROOTS = [defined_root(HASHES[:size]) for size in range(LARGEST + 1)]


def test_roots_of_known_trees():
    # Inputs and roots of the test vectors that certificate-transparency implementations share (RFC 6962 tree).
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.root([b""]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert (
        merkle.root(bytes.fromhex(text) for text in inputs).hex()
        == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )


def test_the_growing_tree_agrees_with_the_definition_at_every_size():
    tree = TreeHasher()
    assert tree.root() == ROOTS[0]
    for size, leaf in enumerate(LEAVES, start=1):
        tree.append(leaf)
        assert (tree.size, tree.root()) == (size, ROOTS[size])


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_inclusion_is_proved_for_every_leaf_and_for_nothing_else(size):
    for index in range(size):
        proof = inclusion_proof(leaf_hashes=HASHES[:size], index=index)
        claim = {
            "hashed_leaf": HASHES[index],
            "index": index,
            "size": size,
            "proof": proof,
            "tree_root": ROOTS[size],
        }
        assert verify_inclusion(**claim)
        cheats = [
            {"hashed_leaf": FOREIGN},
            {"tree_root": FOREIGN},
            {"index": size},
            {"index": -1},
            {"size": 0},
            {"proof": (*proof, FOREIGN)},
            {"hashed_leaf": HASHES[index][:-1]},
            {"tree_root": ROOTS[size] + b"\x00"},
        ]
        cheats += [{"index": other} for other in range(size) if other != index]
        if proof:
            cheats += [{"proof": proof[:-1]}, {"proof": proof[1:]}, {"proof": (FOREIGN, *proof[1:])}]
            cheats += [{"proof": (*proof[:-1], proof[-1][:31])}]
        for cheat in cheats:
            assert not verify_inclusion(**(claim | cheat)), cheat


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_consistency_is_proved_for_every_older_tree_and_for_nothing_else(size):
    for old_size in range(1, size + 1):
        proof = consistency_proof(leaf_hashes=HASHES[:size], old_size=old_size)
        claim = {
            "old_size": old_size,
            "new_size": size,
            "old_root": ROOTS[old_size],
            "new_root": ROOTS[size],
            "proof": proof,
        }
        assert verify_consistency(**claim)
        cheats = [
            {"old_root": FOREIGN},
            {"new_root": FOREIGN},
            {"old_size": 0},
            {"old_size": size + 1},
            {"proof": (*proof, FOREIGN)},
            {"old_root": b""},
        ]
        if proof:
            cheats += [{"proof": ()}, {"proof": proof[:-1]}, {"proof": proof[1:]}, {"proof": (FOREIGN, *proof[1:])}]
            cheats += [{"proof": (*proof[:-1], FOREIGN)}, {"old_size": size}, {"new_size": old_size}]
        for cheat in cheats:
            assert not verify_consistency(**(claim | cheat)), cheat


def test_a_proof_of_a_huge_tree_is_answered_without_raising():
    assert not verify_inclusion(hashed_leaf=FOREIGN, index=0, size=1 << 63, proof=[FOREIGN] * 62, tree_root=FOREIGN)
    assert not verify_consistency(
        old_size=1, new_size=1 << 63, old_root=FOREIGN, new_root=FOREIGN, proof=[FOREIGN] * 80
    )


@pytest.mark.parametrize("index", [-1, 3])
def test_no_proof_is_made_for_a_leaf_that_is_not_there(index):
    with pytest.raises(ValueError, match="leaf"):
        inclusion_proof(leaf_hashes=HASHES[:3], index=index)


@pytest.mark.parametrize("old_size", [0, 4])
def test_no_proof_is_made_for_an_older_tree_that_never_was(old_size):
    with pytest.raises(ValueError, match="older"):
        consistency_proof(leaf_hashes=HASHES[:3], old_size=old_size)
