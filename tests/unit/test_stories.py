"""Reading stories: closed, with every scalar as text, and each mistake at its place."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from wordkept.policy.declared import Method
from wordkept.terms import Act, Choice, MalformedPolicyError, Role
from wordkept.trace.stories import beside, find, read

GOOD = """\
story: Somebody comes and goes
policy: policies/bizmeka-ez
steps:
  - {on: 2017-01-02, event: service.subscribed}
  - on: 2017-01-02
    who: minji
    collect: {purpose: identification, method: website, items: {birthdate: 1980-01-01, charged_amt: 33000}}
  - {on: 2017-01-03, consent: {to: marketing, choice: refused}, member: {identified: no}}
  - on: 2017-01-04
    act: {do: use, purpose: bill-sending, items: [email], by: staff}
    expect: {effect: deny, because: [2.3.0], state: {email: absent}, frozen: []}
"""


def story(folder: Path, text: str | bytes) -> Path:
    file = folder / "one.story.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_a_story_reads_as_it_is_written(tmp_path: Path) -> None:
    script = read(story(tmp_path, GOOD))
    first, collects, chooses, acts = script.story.steps
    assert (first.on, first.event) == (date(2017, 1, 2), "service.subscribed")
    assert collects.collect is not None
    assert dict(collects.collect.items) == {"birthdate": "1980-01-01", "charged_amt": "33000"}
    assert chooses.consent is not None
    assert chooses.consent.chosen() is Choice.REFUSED
    assert chooses.member.identified is False
    assert acts.act is not None
    assert (acts.act.act(), acts.act.by) == (Act.USE, Role.STAFF)
    assert script.people() == ["minji"]


@pytest.mark.parametrize(("method", "role"), [("website", Role.MEMBER), ("tool", Role.SYSTEM), ("crow", Role.MEMBER)])
def test_who_collects_follows_from_what_the_policy_says_of_the_method(tmp_path: Path, method: str, role: Role) -> None:
    methods = {"website": Method(name="website", title=""), "tool": Method(name="tool", title="", arises=True)}
    step = read(story(tmp_path, GOOD.replace("method: website", f"method: {method}"))).story.steps[1]
    assert step.collect is not None
    assert step.collect.asked_by(methods) is role


@pytest.mark.parametrize(
    ("wrong", "right", "line", "said"),
    [
        ("happens: service.subscribed", "event: service.subscribed", 4, "happens"),
        ("on: 2016-12-31\n    who", "on: 2017-01-02\n    who", 5, "days never go back"),
        ("on: 3000-01-01\n    act", "on: 2017-01-04\n    act", 9, "3000-01-01 is too far ahead"),
        ("on: yesterday, consent", "on: 2017-01-03, consent", 8, ""),
        ("choice: maybe", "choice: refused", 8, "maybe"),
        ("do: sell", "do: use", 10, "sell"),
        ("by: nobody", "by: staff", 10, "nobody"),
        ("effect: perhaps", "effect: deny", 11, "perhaps"),
        ("state: {email: lost}", "state: {email: absent}", 11, "lost"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, wrong: str, right: str, line: int, said: str) -> None:
    assert right in GOOD
    with pytest.raises(MalformedPolicyError) as caught:
        read(story(tmp_path, GOOD.replace(right, wrong)))
    assert caught.value.line == line
    assert said in str(caught.value)
    assert caught.value.file.endswith("one.story.yaml")


def test_a_story_without_steps_expects_nothing_and_is_none(tmp_path: Path) -> None:
    with pytest.raises(MalformedPolicyError, match="expects nothing") as caught:
        read(story(tmp_path, "story: Nothing\npolicy: policies/bizmeka-ez\nsteps: []\n"))
    assert (caught.value.line, caught.value.column) == (3, 8)


def test_what_is_no_text_or_too_much_of_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedPolicyError, match="UTF-8") as caught:
        read(story(tmp_path, GOOD.encode() + b"\xff"))
    assert caught.value.line == len(GOOD.splitlines()) + 1
    with pytest.raises(MalformedPolicyError, match="1 MiB"):
        read(story(tmp_path, GOOD + "#" * 1024 * 1024))
    with pytest.raises(MalformedPolicyError):
        read(story(tmp_path, ""))


def test_stories_are_found_below_a_folder_and_each_once(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    one, other = story(tmp_path, GOOD), story(tmp_path / "b", GOOD)
    (tmp_path / "notes.yaml").write_text("no: story\n", "utf-8")
    assert find([tmp_path, one]) == [other, one]
    with pytest.raises(MalformedPolicyError, match="no such"):
        find([tmp_path / "c"])
    os.mkfifo(tmp_path / "d.story.yaml")
    with pytest.raises(MalformedPolicyError, match="no such"):
        find([tmp_path / "d.story.yaml"])
    (tmp_path / "c").mkdir()
    with pytest.raises(MalformedPolicyError, match=r"no \*\.story\.yaml"):
        find([tmp_path / "c"])


def test_a_story_stands_beside_the_policy_whose_edition_is_above_it(tmp_path: Path) -> None:
    edition = tmp_path / "mine" / "2020-01-01"
    (edition / "stories" / "more").mkdir(parents=True)
    (edition / "policy.md").touch()
    assert beside(edition / "stories" / "more" / "one.story.yaml") == tmp_path / "mine"
    assert beside(tmp_path / "one.story.yaml") is None
