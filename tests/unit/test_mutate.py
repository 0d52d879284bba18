"""Mutants of a small policy: what can be deleted, what notices it, and that a planted survivor is listed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from wordkept import law
from wordkept.cli import main
from wordkept.policy import load
from wordkept.policy.model import Policy
from wordkept.policy.source import Document, read
from wordkept.rules import RULES
from wordkept.trace.mutants import mutants_of, without
from wordkept.trace.mutate import Fate, mutate, score

ROOT = Path(__file__).resolve().parents[2]
POLICY = """---
service: Bakery
announced: 2020-01-01
effective: 2020-01-02
timezone: Asia/Seoul
law: [kr/pipa]
words: {without delay: P5D}
---
# 1 All

[1.1] Who wants news gives us an address.

```item
- {name: email, title: Address, type: email, at-most: 200}
- {name: unused, title: Nothing}
```

```purpose
name: news
title: news
items: [email]
consent: yes
ends-with: [consent]
early: yes
```

[1.2] You may look, once we know who you are.

```rights.identified-first
acts: [view, correct]
```

```rights.people-may-view
```

[1.3] What nobody needs we destroy without delay.

```destruction.without-delay
within: without delay
```

```owed
missing: paper
what: a register
```
"""
STORY = """story: One
policy: bakery
steps:
  - {on: 2020-02-01, consent: {to: news, choice: given}}
  - {on: 2020-02-01, collect: {purpose: news, items: {email: a@example.kr}}}
  - {on: 2020-02-02, act: {do: view, items: [email], by: member}, expect: {effect: allow}}
  - on: 2020-02-02
    member: {identified: no}
    act: {do: view, items: [email], by: member}
    expect: {effect: deny, because: [1.2]}
"""


@pytest.fixture
def bakery(tmp_path: Path) -> Path:
    folder = tmp_path / "bakery"
    (folder / "2020-01-02" / "stories").mkdir(parents=True)
    (folder / "2020-01-02" / "policy.md").write_text(POLICY, "utf-8")
    (folder / "2020-01-02" / "stories" / "one.story.yaml").write_text(STORY, "utf-8")
    return folder


def opened(folder: Path) -> Policy:
    return load(folder, RULES, law.load(ROOT / "law"))


def document() -> Document:
    return read(POLICY.encode(), "policy.md")


def fates(found: list[Fate]) -> dict[str, str | None]:
    return {one.mutant.what: one.killed_by for one in found}


def test_every_declaration_entry_period_and_bound_can_be_deleted() -> None:
    found = [(one.line, one.clause, one.what) for one in mutants_of(document(), RULES)]
    assert found == [
        (7, "", "without delay in words of the front matter"),
        (6, "", "kr/pipa in law of the front matter"),
        (14, "1.1", "item email"),
        (15, "1.1", "item unused"),
        (19, "1.1", "purpose news"),
        (21, "1.1", "email in items of purpose news"),
        (22, "1.1", "consent: yes of purpose news"),
        (23, "1.1", "consent in ends-with of purpose news"),
        (24, "1.1", "early: yes of purpose news"),
        (30, "1.2", "rights.identified-first"),
        (30, "1.2", "view in acts of rights.identified-first"),
        (30, "1.2", "correct in acts of rights.identified-first"),
        (33, "1.2", "rights.people-may-view"),
        (39, "1.3", "destruction.without-delay"),
    ]


def test_periods_within_a_body_are_found_in_the_reference_policy() -> None:
    file = ROOT / "policies" / "bizmeka-ez" / "2016-08-31" / "policy.md"
    found = {(one.clause, one.what) for one in mutants_of(read(file.read_bytes(), str(file)), RULES)}
    assert ("5.1.A", "sign-up of retention.during-service") in found
    assert ("5.1.C", "tax-record in purposes of retention.during-dispute") in found
    assert ("10.3", "at-most: P10D of purpose id-verification") in found
    assert not {what for _, what in found if "of item" in what and "category" not in what}


def test_a_mutant_lacks_one_thing_and_the_document_stays_as_it_is() -> None:
    whole = document()
    for mutant in mutants_of(whole, RULES):
        assert without(whole, mutant) != whole
        assert whole.clauses == document().clauses
    one = next(one for one in mutants_of(whole, RULES) if one.what == "item unused")
    assert [entry["name"] for entry in without(whole, one).clauses[0].fences[0].data] == ["email"]
    last = next(one for one in mutants_of(whole, RULES) if one.what == "purpose news")
    assert [fence.info for fence in without(whole, last).clauses[0].fences] == ["item"]


def test_check_a_story_or_trace_notices_and_a_planted_survivor_is_listed(bakery: Path) -> None:
    found = fates(mutate(opened(bakery)))
    assert found["item email"] == "error"
    assert found["email in items of purpose news"] == "finding"
    assert found["rights.people-may-view"] == "story"
    assert found["view in acts of rights.identified-first"] == "story"
    assert found["correct in acts of rights.identified-first"] is None
    assert found["item unused"] is None


def test_a_clause_that_no_story_hears_of_any_more_is_noticed_by_trace(bakery: Path) -> None:
    again = (
        "\n[1.4] Do look.\n\n```rights.people-may-view\n```\n\n```place\nname: home\ntitle: Home\naddress: here\n```\n"
    )
    (bakery / "2020-01-02" / "policy.md").write_text(POLICY + again, "utf-8")
    found = mutate(opened(bakery), only=["1.4"])
    assert fates(found) == {"rights.people-may-view": "unheard", "place home": None}
    assert score(found) == 50


def test_work_that_is_shared_comes_to_the_same(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wordkept.trace.mutate._CHUNK", 5)
    assert mutate(opened(bakery), jobs=2) == mutate(opened(bakery))


def test_nothing_to_delete_is_a_full_score() -> None:
    assert score([]) == 100


class TestCommand:
    def test_prints_survivors_with_their_places_and_the_score(self, bakery: Path) -> None:
        words = ["prove", str(bakery), "--mutate", "--only", "1.2", "--jobs", "1"]
        said = CliRunner().invoke(main, words, catch_exceptions=False)
        file = bakery / "2020-01-02" / "policy.md"
        assert said.stdout.splitlines() == [
            f"{file}:30: nothing misses correct in acts of rights.identified-first (1.2)",
            "4 deletions: check notices 0 (0 errors, 0 findings), stories 3, trace 0; 1 survive",
            "score 75.0 %",
        ]
        assert said.exit_code == 1
        assert CliRunner().invoke(main, [*words, "--at-least", "75"]).exit_code == 0

    def test_answers_in_json(self, bakery: Path) -> None:
        words = ["prove", str(bakery), "--mutate", "--only", "1.2", "--json", "--jobs", "1"]
        told = json.loads(CliRunner().invoke(main, words, catch_exceptions=False).stdout)
        assert (told["mutants"], told["killed_by"], told["score"]) == (4, {"story": 3}, 75)
        assert [one["line"] for one in told["survivors"]] == [30]
