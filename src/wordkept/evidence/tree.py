"""The Merkle tree of RFC 6962 (RFC 9162 section 2.1): roots, proofs, and the check of both.

A log of n entries is known by its *frontier*: the roots of the complete subtrees that n's binary digits name, largest
first. Appending needs nothing else. Proofs need some inner nodes, which the caller's ``Nodes`` looks up (``tiles`` does
so from files). What is *not* here: leaves' contents, and storage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Final

import msgspec

from wordkept.terms import BrokenError

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()

Nodes = Callable[[int, int], bytes]
"""``nodes(level, index)``: root of the complete subtree over entries index·2^level … (index+1)·2^level - 1."""


def leaf_hash(entry: bytes) -> bytes:
    """The leaf of an entry, 32 bytes."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The node over two, 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


def level_up(row: Sequence[bytes]) -> list[bytes]:
    """The next level over an even number of nodes."""
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=True)]


class Frontier(msgspec.Struct):
    """A tree reduced to what appending needs.

    Attributes:
        size: entries.
        roots: of the complete subtrees, largest first; as many as ``size`` has binary ones.
    """

    size: int = 0
    roots: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add one leaf at the end."""
        size, roots = self.size, self.roots
        while size & 1:
            leaf = node_hash(roots.pop(), leaf)
            size >>= 1
        roots.append(leaf)
        self.size += 1

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add leaves at the end: whole subtrees at once where they fit, which is what makes a million quick."""
        at = 0
        while at < len(leaves):
            room = (self.size & -self.size).bit_length() - 1 if self.size else 62
            height = min(room, (len(leaves) - at).bit_length() - 1)
            row: Sequence[bytes] = leaves[at : at + (1 << height)]
            at += 1 << height
            for _ in range(height):
                row = level_up(row)
            self._push(row[0], height)

    def _push(self, root: bytes, height: int) -> None:
        count = self.size >> height
        while count & 1:
            root = node_hash(self.roots.pop(), root)
            count >>= 1
        self.roots.append(root)
        self.size += 1 << height

    def root(self) -> bytes:
        """The root of the whole tree, 32 bytes."""
        if not self.roots:
            return EMPTY_ROOT
        found = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            found = node_hash(left, found)
        return found

    def encoded(self) -> bytes:
        """The roots, one after another; the size says how many."""
        return b"".join(self.roots)


def read_frontier(size: int, encoded: bytes) -> Frontier:
    """The frontier that was encoded.

    Raises:
        BrokenError: the length does not fit the size.
    """
    if len(encoded) != HASH_BYTES * size.bit_count():
        raise BrokenError(f"frontier: {len(encoded)} bytes do not fit a log of {size} entries")
    return Frontier(size, [encoded[at : at + HASH_BYTES] for at in range(0, len(encoded), HASH_BYTES)])


def subtree_root(nodes: Nodes, first: int, last: int) -> bytes:
    """Root over the entries first … last - 1, where ``first`` is a multiple of the next power of two."""
    size, parts = last - first, []
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            parts.append(nodes(level, first >> level))
            first += 1 << level
    if not parts:
        return EMPTY_ROOT
    found = parts[-1]
    for left in reversed(parts[:-1]):
        found = node_hash(left, found)
    return found


def frontier_at(nodes: Nodes, size: int) -> Frontier:
    """The frontier of the first ``size`` entries."""
    at, roots = 0, []
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            roots.append(nodes(level, at >> level))
            at += 1 << level
    return Frontier(size, roots)


def _split(size: int) -> int:
    """The largest power of two below a size above one."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """The audit path of an entry in the tree of ``size`` entries (RFC 6962 section 2.1.1), deepest node first.

    Raises:
        ValueError: there is no such entry.
    """
    if not 0 <= index < size:
        raise ValueError(f"a log of {size} entries has no entry {index}")
    path: list[bytes] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            path.append(subtree_root(nodes, middle, last))
            last = middle
        else:
            path.append(subtree_root(nodes, first, middle))
            first = middle
    return path[::-1]


def consistency_proof(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """The proof that the tree of ``old`` entries is a beginning of that of ``new`` (RFC 6962 section 2.1.2).

    Raises:
        ValueError: ``old`` is not between 1 and ``new``.
    """
    if not 0 < old <= new:
        raise ValueError(f"no consistency proof from {old} to {new} entries")
    path: list[bytes] = []
    first, last, whole = 0, new, True
    while old != last:
        middle = first + _split(last - first)
        if old <= middle:
            path.append(subtree_root(nodes, middle, last))
            last = middle
        else:
            path.append(subtree_root(nodes, first, middle))
            first, whole = middle, False
    if not whole:
        path.append(subtree_root(nodes, first, last))
    return path[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, path: Iterable[bytes], root: bytes) -> None:
    """Check an audit path (RFC 9162 section 2.1.3.2).

    Raises:
        BrokenError: the path does not lead from this leaf, at this index, to this root.
    """
    if not 0 <= index < size:
        raise BrokenError(f"inclusion: a log of {size} entries has no entry {index}")
    place, end, found = index, size - 1, leaf
    for node in path:
        if end == 0:
            raise BrokenError("inclusion: the path is too long")
        if place & 1 or place == end:
            found = node_hash(node, found)
            while not place & 1 and place:
                place, end = place >> 1, end >> 1
        else:
            found = node_hash(found, node)
        place, end = place >> 1, end >> 1
    if end or found != root:
        raise BrokenError(f"inclusion: the path does not lead from entry {index} to the root")


def check_consistency(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check a consistency proof (RFC 9162 section 2.1.4.2); an empty old tree is a beginning of every tree.

    Raises:
        BrokenError: the old tree is not shown to be a beginning of the new one.
    """
    if not 0 <= old <= new:
        raise BrokenError(f"consistency: {new} entries do not begin with {old}")
    if old in (0, new):
        if path or old_root != (EMPTY_ROOT if old == 0 else new_root):
            raise BrokenError(f"consistency: another root at {old} entries")
        return
    first, second = _walk(old - 1, new - 1, [old_root, *path] if old & (old - 1) == 0 else list(path))
    if first != old_root or second != new_root:
        raise BrokenError(f"consistency: the tree of {old} entries is not a beginning of that of {new}")


def _walk(place: int, end: int, nodes: list[bytes]) -> tuple[bytes, bytes]:
    """The two roots that a consistency proof leads to, from the last entries of both trees."""
    if not nodes:
        raise BrokenError("consistency: the proof is empty")
    while place & 1:
        place, end = place >> 1, end >> 1
    first = second = nodes[0]
    for node in nodes[1:]:
        if end == 0:
            raise BrokenError("consistency: the proof is too long")
        if place & 1 or place == end:
            first, second = node_hash(node, first), node_hash(node, second)
            while not place & 1 and place:
                place, end = place >> 1, end >> 1
        else:
            second = node_hash(second, node)
        place, end = place >> 1, end >> 1
    if end:
        raise BrokenError("consistency: the proof is too short")
    return first, second
