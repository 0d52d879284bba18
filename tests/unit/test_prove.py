"""Proofs of small policies: a planted empty promise is found, and a sentence is told apart from its twin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from wordkept import law
from wordkept.cli import main
from wordkept.policy import load
from wordkept.policy.model import Policy
from wordkept.rules import RULES
from wordkept.terms import MalformedPolicyError
from wordkept.trace.prove import Promise, prove
from wordkept.trace.silence import listening, silenced

ROOT = Path(__file__).resolve().parents[2]
FRONT = "---\nservice: Bakery\nannounced: 2020-01-01\neffective: 2020-01-02\ntimezone: Asia/Seoul\n---\n# 1 All\n\n"
NEWS = """[1.1] Who wants news gives us an address.

```item
name: email
title: Address
type: email
```

```purpose
name: news
title: news
items: [email]
consent: yes
ends-with: [consent]
early: yes
```

```collection.declared-pairs-only
```

"""
METHODS = "[1.2] On paper.\n\n```method\nname: paper\ntitle: on paper\n```\n\n"
METHODS += "[1.3] In no other way.\n\n```collection.only-by-declared-methods\nnamed: ['1.2']\n```\n\n"
TRAINED = "[1.4] Our staff are trained.\n\n```protection.staff-are-trained\n```\n\n"
VIEWED = "[1.5] You may look.\n\n```rights.people-may-view\n```\n\n[1.6] Do look.\n\n```rights.people-may-view\n```\n\n"
COLLECTS = "  - {on: 2020-02-01, consent: {to: news, choice: given}}\n"
COLLECTS += "  - {on: 2020-02-01, collect: {purpose: news, method: paper, items: {email: a@example.kr}}}\n"
USES = "  - on: 2020-02-02\n    act: {do: use, purpose: news, items: [email], by: staff}\n"
LOOKS = "  - {on: 2020-02-02, act: {do: view, items: [email], by: member}, expect: {effect: allow}}\n"


@pytest.fixture
def bakery(tmp_path: Path) -> Path:
    return tmp_path / "bakery"


def written(folder: Path, text: str, *stories: str) -> Policy:
    """A policy of some clauses with some stories, each the lines of its steps."""
    edition = folder / "2020-01-02"
    (edition / "stories").mkdir(parents=True)
    (edition / "policy.md").write_text(FRONT + text, "utf-8")
    for number, steps in enumerate(stories):
        story = f"story: One\npolicy: {folder}\nsteps:\n{steps}"
        (edition / "stories" / f"s{number}.story.yaml").write_text(story, "utf-8")
    return load(folder, RULES, law.load(ROOT / "law"))


def by_clause(found: list[Promise]) -> dict[str, Promise]:
    return {one.clause: one for one in found}


def test_a_promise_that_no_story_would_miss_is_empty(bakery: Path) -> None:
    policy = written(bakery, NEWS + TRAINED, COLLECTS + USES + "    expect: {effect: allow}\n")
    found = by_clause(prove(policy))
    assert [number for number, one in found.items() if one.empty] == ["1.1", "1.4"]
    assert [(one.rule, one.proof is None) for one in found["1.1"].rules] == [
        ("purpose", False),
        ("collection.declared-pairs-only", True),
    ]


def test_a_story_that_fails_without_its_rule_proves_it(bakery: Path) -> None:
    untrained = USES + "    staff: {training: expired}\n    expect: {effect: deny}\n"
    (found,) = prove(written(bakery, NEWS + TRAINED, COLLECTS, COLLECTS + untrained), only=["1.4"])
    (rule,) = found.rules
    assert rule.proof is not None
    assert (Path(rule.proof.story).name, rule.proof.line, rule.proof.by) == ("s1.story.yaml", 9, "outcome")


def test_a_story_that_only_names_the_sentence_proves_it_by_name(bakery: Path) -> None:
    elsewhere = "  - on: 2020-02-02\n    act: {do: use, purpose: news, items: [name], by: staff}\n"
    elsewhere += "    expect: {effect: deny, because: [1.1]}\n"
    item = "[1.7] A name.\n\n```item\nname: name\ntitle: Name\n```\n\n"
    (found,) = prove(written(bakery, NEWS + item, elsewhere), only=["1.1"])
    assert [one.proof.by if one.proof else None for one in found.rules] == [None, "name"]
    assert found.empty


def test_sentences_that_say_the_very_same_are_silenced_together(bakery: Path) -> None:
    found = by_clause(prove(written(bakery, NEWS + VIEWED, COLLECTS + LOOKS)))
    for number, other in (("1.5", "1.6"), ("1.6", "1.5")):
        (rule,) = found[number].rules
        assert rule.proof is not None
        assert (rule.proof.by, rule.together) == ("outcome", (other,))


def test_what_says_nothing_itself_is_left_out_to_prove_it(bakery: Path) -> None:
    found = by_clause(prove(written(bakery, NEWS + METHODS, COLLECTS)))
    assert not found["1.2"].empty
    assert found["1.3"].empty


def test_without_stories_every_promise_is_empty(bakery: Path) -> None:
    assert all(one.empty for one in prove(written(bakery, NEWS + TRAINED)))


def test_work_that_is_shared_comes_to_the_same(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = written(bakery, NEWS + METHODS + TRAINED + VIEWED, COLLECTS + LOOKS)
    alone = prove(policy)
    monkeypatch.setattr("wordkept.trace.prove._WORTH", 1)
    assert prove(policy, jobs=2) == alone


def test_a_story_that_fails_already_proves_nothing(bakery: Path) -> None:
    policy = written(bakery, NEWS, COLLECTS + USES + "    expect: {effect: deny}\n")
    with pytest.raises(MalformedPolicyError, match="expected deny, got allow") as raised:
        prove(policy)
    assert (raised.value.line, raised.value.hint) == (8, "a proof needs stories that pass; see wordkept test")


def test_silence_takes_one_binding_out_and_leaves_the_policy_alone(bakery: Path) -> None:
    (edition,) = written(bakery, NEWS + VIEWED).editions
    (first,), (second,) = (edition.clauses[number].bindings for number in ("1.5", "1.6"))
    left = silenced(edition, [first])
    assert first not in {id(one): one for some in left.guards.values() for one in some}.values()
    assert any(one is second for some in left.guards.values() for one in some)
    assert any(one is first for some in edition.guards.values() for one in some)


def test_listening_changes_nothing_but_what_is_heard(bakery: Path) -> None:
    (edition,) = written(bakery, NEWS + METHODS + VIEWED).editions
    heard: set[tuple[str, int]] = set()
    other = listening(edition, heard)
    assert {key: len(some) for key, some in other.guards.items()} == {
        key: len(some) for key, some in edition.guards.items()
    }
    assert not heard


def test_the_reference_policy_has_no_empty_promise() -> None:
    found = prove(load(ROOT / "policies" / "bizmeka-ez", RULES, law.load(ROOT / "law")))
    assert len(found) == 144
    assert not [one.clause for one in found if one.empty]


class TestCommand:
    def test_lists_what_is_empty_and_where(self, bakery: Path) -> None:
        written(bakery, NEWS + TRAINED, COLLECTS + USES + "    expect: {effect: allow}\n")
        said = CliRunner().invoke(main, ["prove", str(bakery)], catch_exceptions=False)
        lines = said.stdout.splitlines()
        assert said.exit_code == 1
        assert lines[1].endswith("policy.md:31: 1.4 is an empty promise: no story misses protection.staff-are-trained")
        assert lines[-2].startswith("0 of 2 clauses bound to rules (2 promise) are proved; ")
        assert (lines[-1], said.stderr) == ("2 empty", "")

    def test_says_on_which_days_an_edition_can_be_proved(self, bakery: Path) -> None:
        written(bakery, NEWS + TRAINED, COLLECTS)
        (bakery / "2020-03-01").mkdir()
        later = (FRONT + NEWS).replace("2020-01-02", "2020-03-01")
        (bakery / "2020-03-01" / "policy.md").write_text(later, "utf-8")
        first, second = CliRunner().invoke(main, ["prove", str(bakery)]).stderr.splitlines()
        assert f"{bakery}/2020-01-02/policy.md: this edition is proved only by steps from 2020-01-02 to " in first
        assert f"{bakery}/2020-03-01/policy.md: this edition is proved only by steps from 2020-03-01 on; " in second

    def test_answers_in_json_about_one_clause(self, bakery: Path) -> None:
        written(bakery, NEWS + TRAINED, COLLECTS)
        said = CliRunner().invoke(main, ["prove", str(bakery), "--only", "1.4", "--json"], catch_exceptions=False)
        told = json.loads(said.stdout)
        assert ([one["clause"] for one in told["promises"]], told["empty"]) == (["1.4"], ["1.4"])

    def test_knows_the_nearest_clause(self, bakery: Path) -> None:
        written(bakery, NEWS + TRAINED)
        said = CliRunner().invoke(main, ["prove", str(bakery), "--only", "1.44"])
        assert (said.exit_code, said.stderr.splitlines()[0]) == (
            2,
            f"wordkept: error: {bakery}: no clause is called 1.44",
        )
