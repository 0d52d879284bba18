"""What stands under one clause: fence bodies become bindings, declarations and notes, each with its place.

What is *not* here: whether the names in them exist (``names``), and the clause's kind (``compile``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

import msgspec

from wordkept.language import say
from wordkept.policy.declarations import DECLARATIONS, NOTES
from wordkept.policy.declared import Declaration, Note
from wordkept.policy.model import Binding, Rule
from wordkept.policy.source import Fence, RawClause
from wordkept.terms import Kind, MalformedPolicyError
from wordkept.written.typed import nearest, typed
from wordkept.written.yaml import Path, Position, Positions

_COMMON: Final = frozenset({"unless", "as"})
_NOTE_TYPES: Final = get_args(Note)


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A binding's parameters, a declaration or a note, with the place of each of its fields.

    ``kind`` is the fence's info string, ``rule`` the rule that it binds, if any; ``counts_as`` what the binding
    counts as by its own word, where a rule stands under something that is data or an exception (``as: data``).
    """

    clause: str
    kind: str
    value: Any
    rule: Rule | None
    unless: tuple[str, ...]
    counts_as: Kind | None
    positions: Positions
    path: Path
    line: int

    def at(self, *steps: str | int) -> Position:
        """Where a field stands, ``at("items", 2)``."""
        return self.positions.value(*self.path, *steps)

    def binding(self) -> Binding | None:
        """What it binds, none for a mere declaration or note."""
        if self.rule is None:
            return None
        return Binding(clause=self.clause, rule=self.rule, params=self.value, unless=self.unless, line=self.line)

    def makes(self) -> Kind | None:
        """The kind that this binding makes of its clause; none if it makes nothing of it."""
        if self.rule is None or self.counts_as is Kind.DATA or not (self.counts_as or self.rule.binds):
            return None
        return self.counts_as or (Kind.PERMIT if self.rule.permits else Kind.PROMISE)

    def declaration(self) -> Declaration | None:
        """What it declares, none for a rule or note."""
        found: Declaration | None = self.value if self.kind in DECLARATIONS else None
        return found

    def note(self) -> Note | None:
        """What it notes, none for a rule or declaration."""
        found: Note | None = self.value if isinstance(self.value, _NOTE_TYPES) else None
        return found


def placed(clause: RawClause, rules: Mapping[str, Rule], file: str) -> list[Placed]:
    """All that stands under a clause, in its order.

    Raises:
        MalformedPolicyError: an unknown info string, key or value.
    """
    return [one for fence in clause.fences for one in _fence(fence, clause.number, rules, file)]


def _fence(fence: Fence, clause: str, rules: Mapping[str, Rule], file: str) -> Iterator[Placed]:
    shape, rule = shape_of(fence, rules, file)
    if isinstance(fence.data, list):
        if not fence.data:
            raise _error(say("an empty list says nothing"), file, fence.line, hint=say("take the fence out"))
        for at, body in enumerate(fence.data):
            yield _one(fence, body, (at,), clause, shape, rule, file)
    else:
        yield _one(fence, fence.data or {}, (), clause, shape, rule, file)


def shape_of(fence: Fence, rules: Mapping[str, Rule], file: str) -> tuple[type[Any], Rule | None]:
    """What a fence's body becomes, and the rule that it binds, if any.

    Raises:
        MalformedPolicyError: its info string is unknown.
    """
    info = fence.info
    if info in NOTES:
        return NOTES[info], None
    if info in DECLARATIONS:
        return DECLARATIONS[info][0], rules.get(info)
    if info in rules:
        return rules[info].params, rules[info]
    unknown = say("{info!r} is no rule, declaration or note", info=info[:64])
    said = unknown if info else say("this fence does not say what it is")
    hint = nearest(info, [*rules, *DECLARATIONS, *NOTES]) or say("write a rule's name, or owed for one that is missing")
    raise _error(said, file, fence.line, 4, hint)


def _one(
    fence: Fence,
    body: Any,
    path: Path,
    clause: str,
    shape: type[Any],
    rule: Rule | None,
    file: str,
) -> Placed:
    positions = fence.positions
    unless: tuple[str, ...] = ()
    counts_as: Kind | None = None
    if isinstance(body, dict):
        _not_empty(fence.info, body, positions, file, path)
    if rule is not None and isinstance(body, dict):
        if "unless" in body:
            unless = typed(body["unless"], tuple[str, ...], positions, file, path=(*path, "unless"))
        if "as" in body:
            counts_as = _weaker(body["as"], positions, file, (*path, "as"))
        body = {key: value for key, value in body.items() if key not in _COMMON}
    if not positions.values:
        positions = Positions({(): (fence.line, 1)}, {})
    value = typed(body, shape, positions, file, path=path)
    line = positions.value(*path)[0]
    return Placed(
        clause=clause,
        kind=fence.info,
        value=value,
        rule=rule,
        unless=unless,
        counts_as=counts_as,
        positions=positions,
        path=path,
        line=line,
    )


def _not_empty(info: str, body: Mapping[str, Any], positions: Positions, file: str, path: Path) -> None:
    """A list without entries would read as none, and may mean all; only a purpose may wait for its items (WK207)."""
    for key, value in body.items():
        if value == [] and (info, key) != ("purpose", "items"):
            line, column = positions.value(*path, key)
            said = say("{key}: an empty list says nothing", key=key)
            raise _error(said, file, line, column, say("name one at least, or leave it out"))


def _weaker(word: Any, positions: Positions, file: str, path: Path) -> Kind:
    if word in (Kind.DATA, Kind.PERMIT):
        return Kind(word)
    line, column = positions.value(*path)
    hint = say("leave it out where the rule binds the operator")
    raise _error(say("as: can only be data or permit"), file, line, column, hint)


def _error(message: str, file: str, line: int, column: int = 1, hint: str = "") -> MalformedPolicyError:
    return MalformedPolicyError(message, file=file, line=line, column=column, hint=hint)
