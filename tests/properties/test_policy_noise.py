"""Whatever is read as a policy, the answer is an edition or one MalformedPolicyError, never anything else."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from wordkept.law import Law, folder, load
from wordkept.policy import compile_text
from wordkept.policy.affirmed import digest
from wordkept.policy.checks import examine
from wordkept.policy.declared import Item, Purpose
from wordkept.policy.model import Edition
from wordkept.rules import RULES
from wordkept.terms import MalformedPolicyError
from wordkept.written.typed import typed
from wordkept.written.yaml import load as load_yaml

Answer = TypeVar("Answer")

CLEAN = (Path(__file__).parents[1] / "vectors" / "policy" / "clean.md").read_bytes()
PIECES = CLEAN.decode().split(" ")
SIGNS = st.text(alphabet="[]{}():,.-#`*&!|>'\"\n\t 0123456789abAB\\~<%@\u00e9\u3131", max_size=60)


@cache
def law() -> Law:
    return load(folder())


def outcome(data: bytes) -> Edition | MalformedPolicyError:
    answer = answered(lambda: compile_text(data, "policy.md", RULES, law()))
    if isinstance(answer, MalformedPolicyError):
        assert answer.message
        assert answer.line >= 0
    else:
        examine(answer)
        assert all(len(digest(answer, number)) == 64 for number in answer.clauses)
    return answer


def answered(ask: Callable[[], Answer]) -> Answer | MalformedPolicyError:
    try:
        return ask()
    except MalformedPolicyError as error:
        return error


@given(st.binary(max_size=400))
def test_any_bytes_get_one_clear_answer(noise: bytes) -> None:
    assert isinstance(outcome(noise), MalformedPolicyError)


@given(st.text(max_size=200), st.integers(0, len(CLEAN)), st.integers(0, 80))
def test_a_policy_with_any_text_put_into_it_gets_one_clear_answer(noise: str, at: int, gone: int) -> None:
    outcome(CLEAN[:at] + noise.encode("utf-8", errors="surrogatepass") + CLEAN[at + gone :])


@given(SIGNS, st.integers(0, len(PIECES) - 1))
def test_a_policy_with_signs_put_into_it_gets_one_clear_answer(noise: str, at: int) -> None:
    outcome(" ".join([*PIECES[:at], noise, *PIECES[at:]]).encode())


@given(SIGNS, st.text(max_size=40))
def test_any_text_read_as_yaml_is_text_lists_and_mappings_or_an_error(noise: str, more: str) -> None:
    answer = answered(lambda: load_yaml(noise + more, "x.yaml"))
    if isinstance(answer, MalformedPolicyError):
        assert answer.line >= 1
        return
    data, positions = answer
    stack = [data]
    while stack:
        one = stack.pop()
        assert type(one) in (str, list, dict)
        stack += one.values() if isinstance(one, dict) else one if isinstance(one, list) else []
    if data:
        assert positions.value()[0] >= 1


JSON = st.recursive(
    st.text(max_size=8) | st.sampled_from(["yes", "no", "1", "2020-01-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = sorted({field.encode_name for shape in (Item, Purpose) for field in msgspec.structs.fields(shape)})


@given(JSON | st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=5), st.sampled_from([Item, Purpose]))
def test_any_body_becomes_its_type_or_an_error(body: object, shape: type[Item | Purpose]) -> None:
    _, positions = load_yaml("x", "x.yaml")
    answer = answered(lambda: typed(body, shape, positions, "x.yaml"))
    assert isinstance(answer, shape) or (isinstance(answer, MalformedPolicyError) and "at `$" not in answer.message)


@given(st.permutations(range(7)))
def test_the_order_of_clauses_changes_no_clause(order: list[int]) -> None:
    head, *parts = CLEAN.decode().split("\n[")
    shuffled = compile_text("\n[".join([head, *(parts[at] for at in order)]).encode(), "policy.md", RULES, law())
    first = compile_text(CLEAN, "policy.md", RULES, law())
    assert {number: digest(shuffled, number) for number in shuffled.clauses} == {
        number: digest(first, number) for number in first.clauses
    }
