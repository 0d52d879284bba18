"""Every policy below ``policies/`` is affirmed, is bound, and comes out as its stories tell; and no rule knows one.

A policy that is added there is tested here without another word. What is *not* here: what the reference policy's source
says (``test_reference_policy``).
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest

from wordkept import law
from wordkept.decision import Decision
from wordkept.gate import Temporary
from wordkept.notice.linked import BASES, page_linked
from wordkept.notice.page import page_of
from wordkept.policy import findings
from wordkept.policy.declarations import DECLARATIONS
from wordkept.policy.declared import Item, Owed
from wordkept.policy.editions import load
from wordkept.policy.model import Edition, Policy
from wordkept.policy.vocabulary import published
from wordkept.rules import RULES
from wordkept.terms import Effect, Kind
from wordkept.texts.tongue import Tongue
from wordkept.trace.asked import answer
from wordkept.trace.kernel import on_kernel
from wordkept.trace.prove import prove
from wordkept.trace.stored import on_store
from wordkept.trace.stories import find, read

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "wordkept"
NAMES = sorted(path.name for path in (ROOT / "policies").iterdir() if path.is_dir())
STORIES = {name: find([ROOT / "policies" / name]) for name in NAMES}
EVERY = [(name, file) for name in NAMES for file in STORIES[name]]
PURE = ("rules", "record", "trace", "decision.py", "person.py")
"""What decides, and what plays stories and answers questions: none of it may know a policy."""
KEPT = {"papierboot": "complaint-holds-an-order", "haneul-clinic": "mediation"}
"""Of each made-up policy, the story that goes through most of a record's life: it is played on a real vault."""


@cache
def policy_of(name: str) -> Policy:
    return load(ROOT / "policies" / name, RULES, law.load(ROOT / "law"))


def editions() -> Iterator[Edition]:
    return (edition for name in NAMES for edition in policy_of(name).editions)


@pytest.mark.parametrize("name", NAMES)
def test_a_policy_has_no_errors(name: str) -> None:
    found = [one for edition in policy_of(name).editions for one in findings(edition)]
    assert [f"{one.file}:{one.line}: {one.code}" for one in found if one.severity == "error"] == []


@pytest.mark.parametrize("name", sorted(KEPT))
def test_a_made_up_policy_leaves_nothing_open_but_what_it_owes(name: str) -> None:
    found = {one.code for edition in policy_of(name).editions for one in findings(edition) if not one.accepted}
    assert found == {"WK601"}


@pytest.mark.parametrize("name", NAMES)
def test_what_binds_is_kept_by_a_rule_or_says_what_is_missing(name: str) -> None:
    clauses = [clause for edition in policy_of(name).editions for clause in edition.clauses.values()]
    binding = [one for one in clauses if one.kind in {Kind.PROMISE, Kind.PERMIT}]
    bare = [one for one in binding if not one.bindings and not any(isinstance(note, Owed) for note in one.notes)]
    assert [one.number for one in bare] == []


@pytest.mark.parametrize(("name", "file"), EVERY, ids=lambda one: one.stem if isinstance(one, Path) else one)
def test_every_story_comes_out_as_told(name: str, file: Path) -> None:
    script = read(file)
    assert script.story.policy == f"policies/{name}"
    outcome = on_kernel(script, policy_of(name))
    assert outcome.passed, [f"{one.file}:{one.line}:{one.column}: {one.message}" for one in outcome.differences]


@pytest.mark.parametrize("name", NAMES)
def test_fifteen_stories_or_more_tell_what_a_policy_means(name: str) -> None:
    assert len(STORIES[name]) >= 15


@pytest.mark.parametrize("name", sorted(KEPT))
def test_no_promise_of_a_made_up_policy_is_empty(name: str) -> None:
    assert [one.clause for one in prove(policy_of(name)) if one.empty] == []


@pytest.fixture(scope="module")
def temporary() -> Iterator[Temporary]:
    with Temporary() as opened:
        yield opened


@pytest.mark.parametrize("name", sorted(KEPT))
def test_a_real_vault_keeps_a_made_up_policy_too(name: str, temporary: Temporary) -> None:
    (file,) = (one for one in STORIES[name] if one.name == f"{KEPT[name]}.story.yaml")
    outcome = on_store(read(file), policy_of(name), temporary)
    assert outcome.passed, outcome.differences


@pytest.mark.parametrize("name", NAMES)
def test_the_page_and_the_terms_of_a_policy_are_drawn(name: str) -> None:
    for edition in policy_of(name).editions:
        tongue = Tongue(edition)
        linked = json.loads(page_linked(page_of(tongue), tongue))
        process = linked["dpv:hasPersonalDataProcess"][: len(edition.purposes)]
        for one, purpose in zip(process, edition.purposes.values(), strict=True):
            said = one.get("dpv:hasLegalBasis", {}).get("@type")
            assert said == (BASES[purpose.basis] if purpose.basis else said)
            assert said is None or said in published()


@pytest.mark.parametrize("name", NAMES)
def test_every_declared_pair_is_open_when_nothing_closes_it(name: str) -> None:
    purposes = policy_of(name).editions[-1].purposes.values()
    pairs = [(one.name, item) for one in purposes for item in one.items]
    asked = {"do": "use", "by": "system", "matter": "request:1"}
    shut = [pair for pair in pairs if not _is_open(policy_of(name), {**asked, "purpose": pair[0], "items": [pair[1]]})]
    assert shut == []


def _is_open(policy: Policy, question: dict[str, object]) -> bool:
    return answer(policy, json.dumps(question)).effect is Effect.ALLOW


def declared(edition: Edition) -> Iterator[str]:
    """What a policy names for itself: purposes, their groups, spans and their events, parties, items."""
    for names in (edition.purposes, edition.spans, edition.recipients, edition.processors, edition.items):
        yield from names
    yield from edition.methods
    yield from (one.group for one in edition.purposes.values() if one.group)
    yield from (event for one in edition.spans.values() for event in (one.opens, one.closes) if event)


def language() -> set[str]:
    """Words of the language itself, which a policy may happen to use too: keys, types of items, parts of an answer."""
    answers = (field.encode_name for field in msgspec.structs.fields(Decision))
    said = (*(rule.params for rule in RULES.values()), *(kind for kind, _ in DECLARATIONS.values()))
    keys = (field.encode_name for one in said for field in msgspec.structs.fields(one))
    types = next(field.type.__args__ for field in msgspec.structs.fields(Item) if field.name == "type")
    return {*answers, *keys, *types}


def test_nothing_that_decides_knows_a_name_that_a_policy_declares() -> None:
    theirs = {name for edition in editions() for name in declared(edition)} - language()
    files = [path for part in PURE for path in ([SRC / part] if part.endswith(".py") else (SRC / part).rglob("*.py"))]
    said = [
        f"{path.relative_to(SRC)}:{node.lineno}: {node.value}"
        for path in files
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in theirs
    ]
    assert not said
