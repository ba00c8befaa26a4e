"""A Merkle tree over records, as in RFC 6962, section 2.1: its root, proofs of inclusion and of consistency.

Hashes are SHA-256; a leaf is hashed with a leading byte 0, an inner node with 1, so that neither can stand for the other.
Verification follows RFC 9162, sections 2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()  # the root of a tree without leaves


def leaf_hash(data: bytes) -> bytes:
    """The 32-byte hash of a leaf that holds ``data``."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The 32-byte hash of a node over two hashes."""
    return sha256(b"\x01" + left + right).digest()


class Growing:
    """A tree that only grows and tells its root; memory grows with the logarithm of the number of leaves."""

    def __init__(self) -> None:
        self.size = 0
        self._stack: list[tuple[int, bytes]] = []  # (height, hash) of the complete subtrees, from the largest down

    def add(self, leaf: bytes) -> None:
        """Add a leaf hash at the end."""
        self.size += 1
        height, value = 0, leaf
        while self._stack and self._stack[-1][0] == height:
            value = node_hash(self._stack.pop()[1], value)
            height += 1
        self._stack.append((height, value))

    @property
    def root(self) -> bytes:
        """The 32-byte root."""
        if not self._stack:
            return EMPTY
        value = self._stack[-1][1]
        for _, left in reversed(self._stack[:-1]):
            value = node_hash(left, value)
        return value


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes, read once."""
    tree = Growing()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root


class Tree:
    """A tree that proves: all levels are held, 64 bytes a leaf."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        """``leaves`` are leaf hashes in order."""
        level = list(leaves)
        self._levels = [level]
        while len(level) > 1:
            above = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
            if len(level) % 2:
                above.append(level[-1])  # a node without a sibling moves up as it is
            self._levels.append(level := above)
        self.size = len(leaves)

    @property
    def root(self) -> bytes:
        """The 32-byte root."""
        return self._levels[-1][0] if self.size else EMPTY

    def inclusion(self, index: int) -> list[bytes]:
        """The hashes that lead from leaf ``index`` to the root.

        Raises:
            IndexError: there is no such leaf.
        """
        if not 0 <= index < self.size:
            raise IndexError(f"there is no leaf {index} in a tree of {self.size}")
        proof = []
        for level in self._levels[:-1]:
            if (sibling := index ^ 1) < len(level):
                proof.append(level[sibling])
            index >>= 1
        return proof

    def consistency(self, earlier: int) -> list[bytes]:
        """The hashes that show that the first ``earlier`` leaves are those of an earlier tree of that size.

        Raises:
            IndexError: the earlier tree is empty or larger than this one.
        """
        if not 0 < earlier <= self.size:
            raise IndexError(f"a tree of {self.size} extends none of {earlier}")
        return self._subproof(earlier, 0, self.size, whole=True)

    def _subproof(self, earlier: int, low: int, high: int, *, whole: bool) -> list[bytes]:
        size = high - low
        if earlier == size:
            return [] if whole else [self._over(low, high)]
        split = 1 << ((size - 1).bit_length() - 1)
        if earlier <= split:
            return [*self._subproof(earlier, low, low + split, whole=whole), self._over(low + split, high)]
        return [*self._subproof(earlier - split, low + split, high, whole=False), self._over(low, low + split)]

    def _over(self, low: int, high: int) -> bytes:
        """The root over leaves ``low`` to ``high``, a range that a proof can ask for."""
        size = high - low
        height = size.bit_length() - 1
        if size == 1 << height and low % size == 0:
            return self._levels[height][low >> height]
        split = 1 << ((size - 1).bit_length() - 1)
        return node_hash(self._over(low, low + split), self._over(low + split, high))


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` leads from the leaf hash at ``index`` to the root of a tree of ``size`` leaves."""
    if not 0 <= index < size:
        return False
    node, last, value = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if node % 2 or node == last:
            value = node_hash(step, value)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            value = node_hash(value, step)
        node, last = node >> 1, last >> 1
    return last == 0 and value == root


def extends(earlier: int, earlier_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``proof`` shows that a tree of ``size`` leaves begins with an earlier one of ``earlier`` leaves."""
    if earlier == size:
        return not proof and earlier_root == root
    if not 0 < earlier < size or not proof:
        return False
    steps = list(proof) if earlier & (earlier - 1) else [earlier_root, *proof]
    node, last = earlier - 1, size - 1
    while node % 2:
        node, last = node >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node % 2 or node == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, step)
        node, last = node >> 1, last >> 1
    return last == 0 and old == earlier_root and new == root
