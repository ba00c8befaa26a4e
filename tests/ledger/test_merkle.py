from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.ledger.checkpoint import Checkpoint, CheckpointError, PublicKey, SigningKey, opened
from safeconduct.ledger.merkle import EMPTY, Tree, extends, included, leaf_hash, root_of

# The example tree of the reference implementation of RFC 6962.
DATA = [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def leaves(number: int) -> list[bytes]:
    return [leaf_hash(n.to_bytes(4, "big")) for n in range(number)]


@pytest.mark.parametrize(("size", "root"), ROOTS.items())
def test_roots_are_those_of_the_reference(size: int, root: str) -> None:
    some = [leaf_hash(d) for d in DATA[:size]]
    assert Tree(some).root.hex() == root_of(some).hex() == root
    assert Tree([]).root == root_of([]) == EMPTY


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proved_and_no_other(size: int, data: st.DataObject) -> None:
    tree, some = Tree(leaves(size)), leaves(size)
    assert tree.root == root_of(some)
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion(index)
    assert included(some[index], index, size, proof, tree.root)
    assert not included(leaf_hash(b"other"), index, size, proof, tree.root)
    other = data.draw(st.integers(0, size - 1))
    assert included(some[index], other, size, proof, tree.root) == (other == index)
    if proof:
        assert not included(some[index], index, size, proof[:-1], tree.root)
    assert not included(some[index], index, size, [*proof, EMPTY], tree.root)


@given(st.integers(1, 70), st.data())
def test_a_later_tree_extends_an_earlier_one_and_no_other(size: int, data: st.DataObject) -> None:
    earlier = data.draw(st.integers(1, size))
    tree, before = Tree(leaves(size)), root_of(leaves(earlier))
    proof = tree.consistency(earlier)
    assert extends(earlier, before, size, tree.root, proof)
    forged = root_of([*leaves(earlier)[:-1], leaf_hash(b"other")])
    assert not extends(earlier, forged, size, tree.root, proof)
    assert not extends(earlier, before, size, root_of([*leaves(size), EMPTY]), proof)


def test_there_is_no_proof_for_what_is_not_there() -> None:
    tree = Tree(leaves(3))
    for index in (3, -1):
        with pytest.raises(IndexError):
            tree.inclusion(index)
    for earlier in (0, 4):
        with pytest.raises(IndexError):
            tree.consistency(earlier)
    assert not included(leaves(1)[0], 0, 0, [], EMPTY) and not extends(0, EMPTY, 3, tree.root, [])


CHECKPOINT = Checkpoint("example.org/register", 7, b"\x07" * 32, "ab" * 32)


def test_a_signed_checkpoint_opens_with_its_key_only() -> None:
    key = SigningKey.new("example.org/register")
    note = key.sign(CHECKPOINT)
    assert opened(note, PublicKey.parse(str(key.public))) == CHECKPOINT
    assert opened(note, SigningKey.load(key.dump()).public) == CHECKPOINT
    with pytest.raises(CheckpointError, match="not signed by"):
        opened(note, SigningKey.new("example.org/register").public)


@pytest.mark.parametrize(
    ("old", "new"), [("\n7\n", "\n8\n"), ("BwcH", "BwcI"), ("chain ab", "chain ac"), ("example.org/register\n7", "evil\n7")]
)
def test_an_altered_checkpoint_is_refused(old: str, new: str) -> None:
    key = SigningKey.new("example.org/register")
    note = key.sign(CHECKPOINT)
    assert old in note
    with pytest.raises(CheckpointError, match="altered"):
        opened(note.replace(old, new, 1), key.public)


@pytest.mark.parametrize("note", ["", "x", "a\nb\nc\nd\n\n", "name\n7\nBwcH\nchain ab\n\n— name AAAA\n", "a\n-1\n\n\n"])
def test_what_is_no_checkpoint_is_told(note: str) -> None:
    with pytest.raises(CheckpointError, match="no checkpoint"):
        opened(note, SigningKey.new("name").public)


def test_damaged_keys_are_told() -> None:
    line = str(SigningKey.new("name").public)
    for bad in ("", "name", line[:-4] + "AAA=", line.replace("name", "game"), "name+00000000+AQ=="):
        with pytest.raises(CheckpointError):
            PublicKey.parse(bad)
    for damaged in (b"", b"# name\nnothing", SigningKey.new("name").dump()[2:]):
        with pytest.raises(CheckpointError):
            SigningKey.load(damaged)
    with pytest.raises(CheckpointError):
        SigningKey.new("two words")
