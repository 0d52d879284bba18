"""Whatever is answered to the questions of a first policy, there is a policy that says it, or one clear error."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wordkept.cli.init import drafting
from wordkept.cli.init.answers import Answers, answered
from wordkept.law import Law, folder, load
from wordkept.policy import compile_text
from wordkept.policy.checks import examine
from wordkept.rules import RULES
from wordkept.terms import MalformedPolicyError
from wordkept.written.yaml import Positions
from wordkept.written.yaml import load as load_yaml

NASTY = [
    "",
    " ",
    "\n",
    "a\nb: c",
    "---",
    "a\x00b",
    "a\x1b[31mb",
    "[1.1] We promise all",
    "```owed\nwhat: x\n```",
    "# 9",
    "${day_1} $policy",
    "$service",
    "&a *a !!int <<:",
    "\"quoted\" 'twice'",
    "yes",
    "null",
    "2016-08-31",
    "five days or six months",
    "a: b",
    "a #b",
    "- x",
    "e\u0301",
    "\u202eback",
    "개인정보 처리",
    "x" * 10_000,
    "<script>alert(1)</script>",
    "at once, immediately, etc.",
    "{%}",
    "\ud800",
]
TEXTS = st.sampled_from(NASTY) | st.text(max_size=40) | st.text("abc 1.-'\":,#&%@!?()/$+=;", max_size=30)
DAY = date(2030, 1, 1)


@cache
def law() -> Law:
    return load(folder())


ANSWERS = st.fixed_dictionaries(
    {
        "service": TEXTS | st.just("Lending desk"),
        "email": TEXTS | st.just("office@mail.example"),
        "country": st.sampled_from(["kr", "eu", "eu", "xx"]),
    },
    optional={
        "office": TEXTS,
        "telephone": TEXTS | st.just("02-555-0100"),
        "collects": st.lists(st.sampled_from(["name", "phone", "address", "birthdate", "usage", "soul"]), max_size=4),
        "newsletter": st.sampled_from(["yes", "no", "maybe"]),
        "processors": st.lists(TEXTS | TEXTS.map("Acme: {}".format) | TEXTS.map("{}: sends mail".format), max_size=3),
        "keeps": st.sampled_from(["0", "1", "6", "120", "121", "-1", "P6M", "6.5"]),
        "timezone": TEXTS | st.just("Asia/Seoul"),
    },
)


def outcome(data: dict[str, Any]) -> Answers | MalformedPolicyError:
    try:
        return answered(data, Positions({}, {}), "")
    except MalformedPolicyError as error:
        return error


@given(ANSWERS | st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS)))
def test_an_answer_is_written_as_it_was_given_or_refused_without_being_repeated(data: dict[str, Any]) -> None:
    answers = outcome(data)
    if isinstance(answers, MalformedPolicyError):
        assert str(answers).isprintable()
        assert len(str(answers)) < 400
        return
    text = drafting.policy(answers, DAY, DAY)
    edition = compile_text(text.encode(), "policy.md", RULES, law())
    assert not [one for one in examine(edition) if one.severity in ("error", "high")]
    assert edition.service == data["service"]
    officer = edition.officers["privacy-office"]
    assert (officer.office, officer.email) == (data.get("office", "privacy office"), data["email"])
    told = [(one.title, one.tasks) for one in edition.processors.values()]
    assert told == [(name, (task,)) for name, task in answers.workers()]
    assert " ".join(edition.clauses["0.1"].text.split()).startswith(
        " ".join(f"This is the privacy policy of {data['service']}.".split())
    )


@given(TEXTS.filter(str.isprintable))
def test_a_story_names_the_policy_wherever_it_is(place: str) -> None:
    answers = answered({"service": "Desk", "email": "a@mail.example", "country": "eu"}, Positions({}, {}), "")
    for _, story in drafting.stories(answers, DAY, place):
        assert load_yaml(story, "")[0]["policy"] == place
