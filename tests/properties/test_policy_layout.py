"""Laying a policy out changes nothing that is compiled, affirmed or shown, and doing it twice changes nothing more."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from wordkept.law import Law, folder, load
from wordkept.policy import bodies, compile_text
from wordkept.policy.affirmed import digest
from wordkept.policy.declared import Item, Processor, Purpose
from wordkept.policy.layout import laid_out
from wordkept.policy.model import Edition
from wordkept.rules import RULES
from wordkept.rules.retention import DuringDispute, DuringService
from wordkept.terms import MalformedPolicyError
from wordkept.written.typed import typed
from wordkept.written.yaml import load as load_yaml

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "policies").rglob("policy.md")) + sorted((ROOT / "tests" / "vectors" / "policy").rglob("*.md"))
CLEAN = (ROOT / "tests" / "vectors" / "policy" / "clean.md").read_text("utf-8")
PIECES = CLEAN.split(" ")
NOISE = st.text(alphabet="[]{}():,.-#`*+=_&!|>'\"\\\n\t <~ 019abAB/\u00a0\u1112\u3131\u3000", max_size=40)


@cache
def law() -> Law:
    return load(folder())


def compiled(text: str) -> Edition | None:
    try:
        return compile_text(text.encode("utf-8", errors="surrogatepass"), "policy.md", RULES, law())
    except MalformedPolicyError:
        return None


def meaning(edition: Edition) -> object:
    """All of an edition but places, the bytes' digest, and how white space falls in a sentence or heading."""

    def plain(value: Any) -> Any:
        if isinstance(value, msgspec.Struct):
            fields = {one: getattr(value, one) for one in value.__struct_fields__}
            return type(value), {
                name: " ".join(one.split()) if name == "text" else plain(one)
                for name, one in fields.items()
                if name not in ("line", "digest", "guard", "holds", "owes", "narrows", "concerns", "statutes")
            }
        if isinstance(value, dict):
            return [(key, plain(one)) for key, one in value.items()]
        if isinstance(value, tuple):
            return [plain(one) for one in value]
        return value

    chapters = {number: " ".join(heading.split()) for number, heading in edition.chapters.items()}
    return plain(msgspec.structs.replace(edition, chapters=chapters))


def page(text: str) -> list[tuple[str, list[str]]]:
    """What a reader of the Markdown sees, fences and white space apart."""
    body = text.replace("\r\n", "\n").replace("\r", "\n").split("\n---", 1)[1]
    env: dict[str, Any] = {}
    tokens = [one for one in MarkdownIt("commonmark").parse(body, env) if one.type != "fence"]
    references = sorted((label, one["href"]) for label, one in env.get("references", {}).items())
    return [(one.type, one.content.split()) for one in tokens] + [("references", [str(references)])]


def stays(text: str) -> None:
    before = compiled(text)
    if before is None:
        return
    new = laid_out(text.encode(), "policy.md", RULES)
    after = compiled(new)
    assert after is not None
    assert meaning(after) == meaning(before)
    assert [digest(after, number) for number in after.clauses] == [digest(before, number) for number in before.clauses]
    assert page(new) == page(text)
    assert laid_out(new.encode(), "policy.md", RULES) == new


@pytest.mark.parametrize("file", FILES, ids=[file.stem if "vectors" in file.parts else str(file) for file in FILES])
def test_every_policy_on_file_means_the_same_when_it_is_laid_out(file: Path) -> None:
    text = file.read_bytes().decode("utf-8", errors="replace")
    stays(text)


@given(NOISE, st.integers(0, len(PIECES)))
def test_a_policy_with_signs_put_into_it_means_the_same_when_it_is_laid_out(noise: str, at: int) -> None:
    stays(" ".join([*PIECES[:at], noise, *PIECES[at:]]))


@given(st.lists(NOISE, min_size=1, max_size=6), st.sampled_from(["", "[9.9] "]))
def test_any_prose_reads_the_same_when_it_is_laid_out(words: list[str], number: str) -> None:
    under = "\n\n```statement\nbecause: a sentence of no matter\n```\n" if number else "\n"
    stays(CLEAN + f"\n{number}" + " ".join(word for word in words for _ in range(9)) + under)


SCALARS = st.text(max_size=12) | NOISE | st.sampled_from(["yes", "No", "true", "1", "P1M", "#", "a: b", "- x", ""])
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(SCALARS, inner, max_size=4), max_leaves=12
)
SHAPES: list[Any] = [Item, Purpose, Processor, DuringService, DuringDispute]
KEYS = sorted({field.encode_name for shape in SHAPES for field in msgspec.structs.fields(shape)} | {"unless", "as"})


@given(JSON | st.dictionaries(st.sampled_from(KEYS), JSON | st.lists(SCALARS, max_size=30)), st.sampled_from(SHAPES))
def test_any_body_reads_the_same_when_it_is_written_anew(data: Any, shape: Any) -> None:
    if not isinstance(data, list | dict):
        return
    text = msgspec.json.encode(data).decode() + "\n"
    try:
        read, positions = load_yaml(text, "")
    except MalformedPolicyError:
        return  # a body that cannot be read is never written
    written = bodies.body(text, read, shape)
    again, _ = load_yaml(written, "")
    assert bodies.body(written, again, shape) == written
    try:
        before = typed(read, shape, positions, "")
    except MalformedPolicyError:
        return
    assert typed(again or {}, shape, positions, "") == before
