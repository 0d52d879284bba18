"""Growing: a policy many times the size of another, written from its parts under new names and numbers.

Every part after the first is the whole document again: each clause in a chapter of its own number, everything it
declares under a name of its own, and what refers to either refers to its own part. So it compiles in a closed world, as
its original does, and nothing is said twice. What is *not* here: measuring it (``compiling``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from wordkept.policy.model import Edition
from wordkept.policy.source import Document, Fence, RawClause, read

_DESCRIBES: Final = frozenset({"type", "basis", "missing", "channels", "kinds", "grounds", "measures"})
"""Keys whose value is a word of the language, even where something declared is called the same."""
_TOLD: Final = frozenset({"title", "address", "office"})
"""Keys whose text people read, and by which parts are told apart."""


def grow(edition: Edition, times: int, folder: Path) -> Path:
    """Write ``policy.md``, and its translations, so many times as large.

    Args:
        edition: the original, as compiled from its file.
        times: how many parts.
        folder: where it goes; the folder of an edition is made in it.
    """
    into = folder / str(edition.effective)
    into.mkdir(parents=True)
    parts = [_Part(edition, number) for number in range(times)]
    whole = Path(edition.file)
    for file in (whole, *sorted(whole.parent.glob(f"{whole.stem}.*{whole.suffix}"))):
        document = read(file.read_bytes(), str(file), prose=file != whole)
        front = _front(document.front, parts)
        text = "".join(f"{line}\n" for part in parts for line in part.lines(document))
        (into / file.name).write_text(f"---\n{_yaml(front)}---\n{text}", encoding="utf-8")
    return folder


class _Part:
    """One copy of an edition, the first under its own names."""

    def __init__(self, edition: Edition, at: int) -> None:
        self.at, self.chapters = at, edition.chapters
        declared = {name for _, name in edition.declared_at}
        groups = {one.group for one in edition.purposes.values() if one.group}
        events = {event for one in edition.spans.values() for event in (one.opens, one.closes) if event}
        self.names = {name: self._name(name) for name in declared | groups}
        self.names |= {event: self._name(event) for event in events}
        self.names |= {f"{name}.ended": f"{self._name(name)}.ended" for name in edition.spans}
        prefixes = {n.rsplit(".", drop)[0] for n in edition.clauses for drop in range(n.count(".") + 1)}
        self.numbers = {one: self.number(one) for one in {*edition.chapters, *prefixes}}

    def _name(self, name: str) -> str:
        return f"{name}-{self.at}" if self.at else name

    def number(self, number: str) -> str:
        chapter, dot, rest = number.partition(".")
        return f"{int(chapter) + self.at * len(self.chapters)}{dot}{rest}"

    def told(self, text: str) -> str:
        return f"{text} {self.at}" if self.at and text else text

    def lines(self, document: Document) -> Iterator[str]:
        chapter = ""
        for clause in document.clauses:
            if clause.chapter != chapter:
                chapter = clause.chapter
                title = document.chapters[chapter]
                yield f"# {self.number(chapter)} {f'Part {self.at}: {title}' if self.at else title}\n"
            yield from self._clause(clause)

    def _clause(self, clause: RawClause) -> Iterator[str]:
        where = f" Part {self.at}." if self.at else ""
        yield f"[{self.number(clause.number)}] {clause.text}{where}\n"
        for fence in clause.fences:
            yield from self._fence(fence)

    def _fence(self, fence: Fence) -> Iterator[str]:
        body = _yaml(self.renamed(fence.data)) if fence.data else ""
        yield f"```{fence.info}\n{body}```\n"

    def renamed(self, data: Any, key: str = "") -> Any:
        """The same with new names and numbers."""
        if isinstance(data, dict):
            return {one: self.renamed(value, one) for one, value in data.items()}
        if isinstance(data, list):
            return [self.renamed(one, key) for one in data]
        if key in _TOLD:
            return self.told(data)
        if key in _DESCRIBES:
            return data
        if key in {"unless", "clauses", "named"}:
            return self.numbers.get(data, data)
        return self.names.get(data, data)


def _front(front: Any, parts: list[_Part]) -> Any:
    """The front matter; a translation's words for what is declared, once for each part."""
    if "names" not in front:
        return front
    names = {
        kind: {
            (part.names | part.numbers)[name]: part.told(one) if isinstance(one, str) else part.renamed(one)
            for part in parts
            for name, one in told.items()
        }
        for kind, told in front["names"].items()
    }
    return front | {"names": names}


def _yaml(data: Any) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, default_flow_style=None, width=120)
