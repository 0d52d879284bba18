"""The policy document as read: front matter, chapters, clauses and the fences under them.

A clause is a paragraph that starts with its number in brackets; the fenced blocks up to the next clause or heading
belong to it. Whatever could silently drop a promise (a clause inside a list, two clauses in one paragraph, a fence that
belongs to none) is an error. What is *not* here: what a fence means (``compile``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token

from wordkept.language import say
from wordkept.terms import MalformedPolicyError
from wordkept.written import yaml
from wordkept.written.yaml import UNFIT, Positions

LIMIT: Final = 4 * 1024 * 1024
"""Largest document, in bytes."""

LINES: Final = 50_000
"""Longest document, in lines; more is no policy, and reading noise must stay quick."""

CLAUSE: Final = re.compile(r"\[([0-9]+(?:\.[A-Za-z0-9]+)*)\](?![(\[:])")
NEARLY: Final = re.compile(r"\[\s*[0-9]+(?:\s*[.,:]\s*[A-Za-z0-9]+)*[\s.]*\](?!\()|\[[0-9][^\]]{0,30}\](?![(\[])")
_CHAPTER: Final = re.compile(r"([0-9]+)\b")
_NUMBER: Final = re.compile(r"[0-9]+(?:\.[A-Za-z0-9]+)*")
_LONGEST: Final = 32
_SPLIT: Final = say("split what is not policy off")


class Fence(msgspec.Struct, frozen=True, kw_only=True):
    """A fenced block: its info string, its YAML body, and where they stand."""

    info: str
    data: Any
    positions: Positions
    line: int


class RawClause(msgspec.Struct, frozen=True, kw_only=True):
    """A numbered paragraph and its fences; ``text`` is without the number, ``chapter`` is the heading above."""

    number: str
    text: str
    line: int
    chapter: str
    fences: list[Fence]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A policy as read.

    ``chapters`` are headings by their numbers, ``start`` is the number of lines that the front matter takes.
    """

    file: str
    front: Any
    positions: Positions
    start: int
    clauses: tuple[RawClause, ...]
    chapters: dict[str, str]


def read(data: bytes, file: str, *, prose: bool = False) -> Document:
    """Read a policy's bytes.

    Args:
        data: the document.
        file: its name, for errors.
        prose: it is a translation: its clauses have wording only, and no fences.

    Raises:
        MalformedPolicyError: at the first place that is not as the language wants it.
    """
    text = decode(data, file)
    lines = text.split("\n")
    if len(lines) > LINES:
        msg = say("more than {count} lines", count=LINES)
        raise MalformedPolicyError(msg, file=file, line=LINES + 1, column=1, hint=_SPLIT)
    front, positions, start = _front(lines, file)
    reader = _Reader(file, lines, start, prose=prose)
    clauses = tuple(reader.clauses())
    chapters = reader.chapters
    return Document(file=file, front=front, positions=positions, start=start, clauses=clauses, chapters=chapters)


def decode(data: bytes, file: str) -> str:
    """UTF-8 text in NFC with line feeds only, nothing invisible that changes how it reads.

    Raises:
        MalformedPolicyError: at the first byte or character that is not.
    """
    if len(data) > LIMIT:
        msg = say("a policy has at most {limit} bytes", limit=LIMIT)
        raise MalformedPolicyError(msg, file=file, hint=_SPLIT)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        said = say("byte {byte} is not UTF-8", byte=f"0x{data[error.start]:02x}")
        raise _at(said, file, before, say("save the file as UTF-8")) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := UNFIT.search(text):
        said = say("character {sign} cannot stand in a policy", sign=f"U+{ord(found[0]):04X}")
        hint = say("save the file without a byte order mark") if found[0] == "\ufeff" else say("remove it")
        raise _at(said, file, text[: found.start()], hint)
    if not unicodedata.is_normalized("NFC", text):
        whole = unicodedata.normalize("NFC", text)
        same = next(at for at, (one, other) in enumerate(zip(text + "\0", whole + "\0", strict=False)) if one != other)
        said = say("text is not in Unicode's composed form (NFC)")
        raise _at(said, file, text[:same], say("save it normalised to NFC"))
    return text


def _at(message: str, file: str, before: str, hint: str) -> MalformedPolicyError:
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    return MalformedPolicyError(message, file=file, line=line, column=column, hint=hint)


def _front(lines: list[str], file: str) -> tuple[Any, Positions, int]:
    """The front matter, and the number of lines it takes."""
    if lines[0].rstrip() != "---":
        msg, hint = say("a policy starts with its front matter"), say("start the file with a line of three dashes")
        raise MalformedPolicyError(msg, file=file, line=1, column=1, hint=hint)
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            front, positions = yaml.load("\n".join(lines[1:number]), file, line_offset=1)
            return front, positions, number + 1
    msg, hint = say("the front matter has no end"), say("close it with a line of three dashes")
    raise MalformedPolicyError(msg, file=file, line=1, column=1, hint=hint)


class _Reader:
    """One pass over the Markdown tokens."""

    def __init__(self, file: str, lines: list[str], start: int, *, prose: bool) -> None:
        self.file, self.lines, self.start, self.prose = file, lines, start, prose
        self.chapter = ""
        self.chapters: dict[str, str] = {}
        self.seen: dict[str, int] = {}
        self.open: RawClause | None = None

    def clauses(self) -> Iterator[RawClause]:
        markdown = MarkdownIt("commonmark").disable(["inline"])
        environment: dict[str, Any] = {}
        tokens = markdown.parse("\n".join(self.lines[self.start :]), environment)
        self._no_references(environment)
        for token, inline in zip(tokens, [*tokens[1:], *tokens[:1]], strict=True):
            if token.type == "fence":
                self._fence(token)
            elif token.type in ("html_block", "code_block"):
                self._no_clause(token, token.content)
            elif token.type == "heading_open":
                self._no_clause(token, inline.content)
                self._no_chapter(token, inline.content)
                yield from self._close()
                if token.tag == "h1" and (found := _CHAPTER.match(inline.content)):
                    self.chapter = found[1]
                    self.chapters.setdefault(found[1], inline.content[found.end() :].strip(" ."))
            elif token.type == "paragraph_open" and (found := self._numbered(token, inline)):
                yield from self._close()
                self._open(found, token, inline)
        yield from self._close()

    def _close(self) -> Iterator[RawClause]:
        if self.open is not None:
            if not self.open.fences and not self.prose:
                said = say("clause {clause} has no fence under it", clause=self.open.number)
                hint = say("say by which rule it is kept; if it promises nothing, use a statement")
                raise self._error(said, self.open.line, 1, hint)
            yield self.open
        self.open = None

    def _numbered(self, token: Token, inline: Token) -> re.Match[str] | None:
        found = CLAUSE.match(inline.content)
        line = self._line(token)
        if token.level and (found or NEARLY.match(inline.content)):
            said = say("a clause stands at the margin, not inside a list or a quotation")
            raise self._error(said, line, 1, say("give the clause a paragraph of its own"))
        if not found and NEARLY.match(inline.content):
            hint = say("a number is digits, then parts of letters and digits after dots, such as [5.2.B]")
            raise self._error(say("this starts like a clause, but its number cannot be read"), line, 1, hint)
        for offset, other in enumerate(inline.content.split("\n")):
            if offset and (again := CLAUSE.match(other)):
                said = say("[{clause}] stands in the middle of a paragraph", clause=again[1])
                raise self._error(said, line + offset, 1, say("put an empty line before it"))
        return found

    def _no_clause(self, token: Token, content: str) -> None:
        for offset, line in enumerate(content.split("\n")):
            if CLAUSE.match(line.strip()):
                hint = say(
                    "not in a heading, in HTML or in indented code; give it a paragraph of its own at the margin"
                )
                raise self._error(say("a clause cannot stand here"), self._line(token) + offset, 1, hint)

    def _no_chapter(self, token: Token, content: str) -> None:
        """``## 4 Title`` would put the clauses of chapter 4 under the chapter before it."""
        found = _CHAPTER.match(content)
        if token.tag != "h1" and found and not content[found.end() :].startswith((".", ")")):
            said = say("a chapter's heading has one #, this has {count}", count=int(token.tag[1:]))
            hint = say("write # {chapter}, or start with a word", chapter=found[1])
            raise self._error(said, self._line(token), 1, hint)

    def _open(self, found: re.Match[str], token: Token, inline: Token) -> None:
        number, line = found[1], self._line(token)
        if len(number) > _LONGEST:
            raise self._error(say("a clause's number has at most {count} characters", count=_LONGEST), line, 2)
        if number in self.seen:
            first = self.seen[number]
            said = say("clause {clause} stands here a second time (first in line {line})", clause=number, line=first)
            raise self._error(said, line, 2, say("give one of them a number of its own"))
        self.seen[number] = line
        text = inline.content[found.end() :].strip()
        if not text:
            raise self._error(say("clause {clause} has no wording", clause=number), line, 1)
        self.open = RawClause(number=number, text=text, line=line, chapter=self.chapter, fences=[])

    def _fence(self, token: Token) -> None:
        line = self._line(token)
        if token.level:
            raise self._error(say("a fence stands at the margin, not inside a list or a quotation"), line, 1)
        if self.prose:
            hint = say("rules and declarations stand in the original")
            raise self._error(say("a translation has wording only"), line, 1, hint)
        if self.open is None:
            hint = say("put it under the numbered sentence that it keeps")
            raise self._error(say("a fence belongs to no clause"), line, 1, hint)
        if not self._closed(token):
            hint = say("close it with a line of {mark}", mark=token.markup)
            raise self._error(say("this fence is never closed"), line, 1, hint)
        first = self.lines[line - 1]
        indent = len(first) - len(first.lstrip(" "))
        data, positions = yaml.load(token.content, self.file, line_offset=line, column_offset=indent)
        self.open.fences.append(Fence(info=token.info.strip(), data=data, positions=positions, line=line))

    def _closed(self, token: Token) -> bool:
        end = self.start + (token.map or [0, 0])[1]
        last = self.lines[end - 1].strip()
        return end > self._line(token) and last.startswith(token.markup) and not last.strip(token.markup[0])

    def _no_references(self, environment: dict[str, Any]) -> None:
        """``[5.1.A]: text`` is a link definition in Markdown and would vanish from the page."""
        for label, reference in environment.get("references", {}).items():
            if _NUMBER.fullmatch(label):
                line = self.start + reference["map"][0] + 1
                said = say("[{clause}] followed by a colon is no clause", clause=label.lower())
                raise self._error(said, line, 1, say("leave the colon out"))

    def _line(self, token: Token) -> int:
        return self.start + (token.map or [0, 0])[0] + 1

    def _error(self, message: str, line: int, column: int, hint: str = "") -> MalformedPolicyError:
        return MalformedPolicyError(message, file=self.file, line=line, column=column, hint=hint)
