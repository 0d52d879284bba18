"""The tree, against RFC 6962 written down as it stands there: recursively, over whole lists of entries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordkept.evidence import tree
from wordkept.terms import BrokenError

VECTOR = json.loads((Path(__file__).parents[1] / "vectors" / "evidence" / "tree.json").read_text())


def naive_root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    return sha256(b"\x01" + naive_root(leaves[:cut]) + naive_root(leaves[cut:])).digest()


def naive_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    if index < cut:
        return [*naive_path(index, leaves[:cut]), naive_root(leaves[cut:])]
    return [*naive_path(index - cut, leaves[cut:]), naive_root(leaves[:cut])]


def leaves_of(count: int) -> list[bytes]:
    return [tree.leaf_hash(count.to_bytes(4, "big") + bytes([at % 251])) for at in range(count)]


def nodes_of(leaves: Sequence[bytes]) -> tree.Nodes:
    def node(level: int, index: int) -> bytes:
        row = leaves[index << level : index + 1 << level]
        assert len(row) == 1 << level
        return naive_root(row)

    return node


def grown(leaves: Sequence[bytes]) -> tree.Frontier:
    found = tree.Frontier()
    for one in leaves:
        found.append(one)
    return found


sizes = st.integers(1, 140)
pairs = sizes.flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size)))


@pytest.mark.parametrize("size", range(9))
def test_known_roots_are_found(size: int) -> None:
    leaves = [tree.leaf_hash(bytes.fromhex(entry)) for entry in VECTOR["entries"][:size]]
    assert grown(leaves).root().hex() == VECTOR["roots"][size]
    assert naive_root(leaves).hex() == VECTOR["roots"][size]


@given(st.integers(0, 140))
def test_a_frontier_knows_the_root(size: int) -> None:
    assert grown(leaves_of(size)).root() == naive_root(leaves_of(size))


@given(st.lists(st.integers(0, 90), max_size=6))
def test_appending_in_portions_or_one_by_one_is_the_same(portions: list[int]) -> None:
    leaves, found, at = leaves_of(sum(portions)), tree.Frontier(), 0
    for portion in portions:
        found.extend(leaves[at : at + portion])
        at += portion
    assert found == grown(leaves)
    assert tree.read_frontier(found.size, found.encoded()) == found
    assert tree.frontier_at(nodes_of(leaves), len(leaves)) == found


@given(pairs)
def test_every_entry_is_proved(pair: tuple[int, int]) -> None:
    index, size = pair
    leaves = leaves_of(size)
    path = tree.inclusion_proof(nodes_of(leaves), index, size)
    assert path == naive_path(index, leaves)
    tree.check_inclusion(leaves[index], index, size, path, naive_root(leaves))


@given(pairs, st.data())
def test_no_other_entry_index_path_or_root_is_proved(pair: tuple[int, int], data: st.DataObject) -> None:
    index, size = pair
    leaves = leaves_of(size)
    path, root = tree.inclusion_proof(nodes_of(leaves), index, size), naive_root(leaves)
    other = sha256(b"other").digest()
    wrong = [
        (other, index, path, root),
        (leaves[index], index, path, other),
        (leaves[index], index, [*path, other], root),
    ]
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        wrong += [
            (leaves[index], index, [*path[:at], other, *path[at + 1 :]], root),
            (leaves[index], index, path[:at] + path[at + 1 :], root),
        ]
    if size > 1:
        wrong.append((leaves[index], data.draw(st.integers(0, size - 1).filter(lambda at: at != index)), path, root))
    for leaf, place, way, top in wrong:
        with pytest.raises(BrokenError):
            tree.check_inclusion(leaf, place, size, way, top)
    with pytest.raises(BrokenError):
        tree.check_inclusion(leaves[index], size, size, path, root)


@given(st.integers(1, 140).flatmap(lambda new: st.tuples(st.integers(1, new), st.just(new))))
def test_every_beginning_is_proved(pair: tuple[int, int]) -> None:
    old, new = pair
    leaves = leaves_of(new)
    path = tree.consistency_proof(nodes_of(leaves), old, new)
    tree.check_consistency(old, new, path, naive_root(leaves[:old]), naive_root(leaves))


@given(st.integers(1, 140).flatmap(lambda new: st.tuples(st.integers(1, new), st.just(new))), st.data())
def test_no_fork_is_proved(pair: tuple[int, int], data: st.DataObject) -> None:
    old, new = pair
    leaves = leaves_of(new)
    path = tree.consistency_proof(nodes_of(leaves), old, new)
    forked = list(leaves[:old])
    forked[data.draw(st.integers(0, old - 1))] = sha256(b"forked").digest()
    with pytest.raises(BrokenError):
        tree.check_consistency(old, new, path, naive_root(forked), naive_root(leaves))
    with pytest.raises(BrokenError):
        tree.check_consistency(old, new, [*path, naive_root(forked)], naive_root(leaves[:old]), naive_root(leaves))
    for at in range(len(path)):
        with pytest.raises(BrokenError):
            tree.check_consistency(old, new, path[:at] + path[at + 1 :], naive_root(leaves[:old]), naive_root(leaves))


def test_the_empty_log_is_a_beginning_of_every_log_and_nothing_longer_is() -> None:
    tree.check_consistency(0, 5, [], tree.EMPTY_ROOT, naive_root(leaves_of(5)))
    for old, root in ((0, sha256(b"x").digest()), (6, naive_root(leaves_of(5)))):
        with pytest.raises(BrokenError):
            tree.check_consistency(old, 5, [], root, naive_root(leaves_of(5)))


def test_there_is_no_proof_of_what_is_not_there() -> None:
    nodes = nodes_of(leaves_of(5))
    with pytest.raises(ValueError, match="no entry 5"):
        tree.inclusion_proof(nodes, 5, 5)
    with pytest.raises(ValueError, match="from 6 to 5"):
        tree.consistency_proof(nodes, 6, 5)
    with pytest.raises(BrokenError, match="frontier"):
        tree.read_frontier(5, b"\x00" * 32)
