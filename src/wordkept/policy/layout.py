"""Layout: the one way in which a policy's text is arranged, so that two people's changes differ only in what they say.

Paragraphs are wrapped, blocks stand one empty line apart, bodies are written as ``bodies`` says. What Markdown reads by
its lines (lists, quotations, tables, HTML, a paragraph with breaks of its own) stays as its author wrote it. Nothing
compiled or affirmed changes by it, and laying out twice changes nothing more. What is *not* here: writing files.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from wordkept.policy import bodies
from wordkept.policy.body import shape_of
from wordkept.policy.compile import Front
from wordkept.policy.model import Rule
from wordkept.policy.source import CLAUSE, NEARLY, Document, Fence, decode, read

WIDTH: Final = 118
"""Widest line of prose, in columns of a terminal: wide characters, such as Hangul, take two."""

_BREAK: Final = re.compile(r"(?: {2}|\\)\n|^\s*\||^\[[^\]]*\]:", re.MULTILINE)
_SPACE: Final = re.compile(r"[ \t\n]+")
_EMPTY: Final = re.compile(r"\A(?:[ \t]*\n)+")
_STARTS: Final = re.compile(r"[-+*#>=`~<|_]|\[\d|\d+[.)]")
"""What may mean something else at the start of a line: such a word stays beside the one before it."""


def laid_out(data: bytes, file: str, rules: Mapping[str, Rule]) -> str:
    """A policy's text in its canonical layout.

    Args:
        data: the document; it should compile.
        file: its name, for errors.
        rules: the table of rules, which knows the keys of each body.

    Raises:
        MalformedPolicyError: it is no policy document.
    """
    document = read(data, file)
    lines = decode(data, file).split("\n")
    head = "\n".join(lines[1 : document.start - 1]) + "\n"
    page = _Page(document, lines, rules)
    return "\n".join([f"---\n{bodies.front(head, document.front, Front)}---\n", *(f"{one}\n" for one in page.blocks())])


class _Page:
    """One document: its lines, and its fences by the line on which they start."""

    def __init__(self, document: Document, lines: list[str], rules: Mapping[str, Rule]) -> None:
        self.lines = lines[document.start :]
        self.fences = {fence.line - document.start - 1: fence for one in document.clauses for fence in one.fences}
        self.rules, self.file = rules, document.file

    def blocks(self) -> Iterator[str]:
        """The blocks of the document in their order, without the empty lines around them."""
        at = 0
        tokens = _tokens("\n".join(self.lines))
        for token, inline in zip(tokens, [*tokens[1:], *tokens[:1]], strict=True):
            if token.level or token.nesting < 0 or token.map is None:
                continue
            first, last = token.map
            yield from self._as_written(at, first)  # link definitions leave no token
            yield from self._block(token, inline)
            at = last
        yield from self._as_written(at, len(self.lines))

    def _block(self, token: Token, inline: Token) -> Iterator[str]:
        first, last = token.map or (0, 0)
        if token.type == "fence":
            yield self._fence(token, self.fences[first])
        elif token.type == "heading_open" and token.markup[0] == "#" and not inline.content.endswith("#"):
            yield f"{token.markup} {_SPACE.sub(' ', inline.content)}".rstrip()
        elif token.type == "paragraph_open" and (text := _paragraph(inline.content)) is not None:
            yield text
        else:
            yield from self._as_written(first, last)

    def _as_written(self, first: int, last: int) -> Iterator[str]:
        text = _EMPTY.sub("", "\n".join(self.lines[first:last]).rstrip(" \t\n"))
        if text:
            yield text

    def _fence(self, token: Token, fence: Fence) -> str:
        shape, _ = shape_of(fence, self.rules, self.file)
        text = bodies.body(token.content, fence.data, shape)
        mark = token.markup if "```" in text else "```"
        return f"{mark}{fence.info}\n{text}{mark}"


def _tokens(text: str) -> list[Token]:
    return MarkdownIt("commonmark").disable(["inline"]).parse(text)


def _paragraph(content: str) -> str | None:
    """A paragraph wrapped anew; none where that could change how it reads."""
    if _BREAK.search(content):
        return None
    lines = list(_wrapped(_SPACE.split(content)))
    text = "\n".join(lines)
    tokens = _tokens(text)
    whole = len(tokens) == len(("open", "inline", "close")) and tokens[1].content == text
    same = bool(NEARLY.match(text)) == bool(NEARLY.match(content)) and not any(map(CLAUSE.match, lines[1:]))
    return text if whole and same and tokens[0].type == "paragraph_open" else None


def _wrapped(words: list[str]) -> Iterator[str]:
    chunks: list[str] = []
    for word in words:
        if chunks and _STARTS.match(word):
            chunks[-1] += f" {word}"
        else:
            chunks.append(word)
    line = chunks[0]
    for chunk in chunks[1:]:
        if _columns(line) + 1 + _columns(chunk) > WIDTH:
            yield line
            line = chunk
        else:
            line += f" {chunk}"
    yield line


def _columns(text: str) -> int:
    return len(text) if text.isascii() else sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
