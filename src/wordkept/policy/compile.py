"""The compiler: a policy's bytes, a table of rules and the law on file become one edition, or one error.

What is *not* here: findings (``checks``: what a policy that compiles still leaves open), reading folders of editions
(``editions``), and their other languages (``translated``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from wordkept.language import Said, say
from wordkept.law import Law, Operator
from wordkept.policy import names
from wordkept.policy.body import Placed, placed
from wordkept.policy.declarations import DECLARATIONS
from wordkept.policy.declared import EventKind, Language, Owed, StandsFor, Statement
from wordkept.policy.model import Binding, Clause, Edition, Rule
from wordkept.policy.source import Document, RawClause, read
from wordkept.terms import LAST_DAY, Act, Kind, MalformedPolicyError
from wordkept.written.typed import nearest, typed


class Front(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The front matter."""

    service: str
    announced: date
    effective: date
    timezone: str
    law: tuple[str, ...] = ()
    words: dict[str, str] = {}
    language: Language = "en"
    title: str = "Privacy policy"
    operator: Operator = Operator()


def compile_text(data: bytes, file: str, rules: Mapping[str, Rule], law: Law) -> Edition:
    """Compile one edition.

    Args:
        data: the document, UTF-8, at most 4 MiB.
        file: its name, for errors and findings.
        rules: the table of rules by name; declarations' names may be among them.
        law: the statutes on file.

    Raises:
        MalformedPolicyError: the first thing that is wrong, with file, line, column and a hint.
    """
    return compile_document(read(data, file), hashlib.sha256(data).hexdigest(), rules, law)


def compile_document(document: Document, digest: str, rules: Mapping[str, Rule], law: Law) -> Edition:
    """Compile one edition from a document as read; ``digest`` is the hex SHA-256 of its bytes.

    Raises:
        MalformedPolicyError: as ``compile_text``.
    """
    file = document.file
    front = _front(document, law)
    under = {raw.number: placed(raw, rules, file) for raw in document.clauses}
    everything = [one for body in under.values() for one in body]
    clauses = {raw.number: _clause(raw, under[raw.number], file) for raw in document.clauses}
    bindings = [binding for clause in clauses.values() for binding in clause.bindings]
    edition = Edition(
        service=front.service,
        announced=front.announced,
        effective=front.effective,
        timezone=front.timezone,
        law=front.law,
        words=front.words,
        language=front.language,
        title=front.title,
        operator=front.operator,
        digest=digest,
        file=file,
        clauses=clauses,
        chapters=document.chapters,
        declared_at={(one.kind, one.value.name): one.clause for one in everything if one.kind in DECLARATIONS},
        guards=_guards(bindings),
        holders=tuple(binding for binding in bindings if binding.rule.holds),
        owers=tuple(binding for binding in bindings if binding.rule.owes),
        sharing=tuple(one for one in bindings if one.rule.keeps or one.rule.orders or one.rule.answers),
        hearing=tuple(one for one in bindings if one.rule.hears or one.rule.times),
        statutes=law,
        **_declared(everything, file),
    )
    names.words(edition, lambda word: document.positions.value("words", word))
    names.check(edition, everything)
    names.no_cycles(edition, everything)
    return edition


def _front(document: Document, law: Law) -> Front:
    front = typed(document.front or {}, Front, document.positions, document.file)
    if not front.service.strip():
        raise _wrong(document, ("service",), say("the service has no name"))
    for key in ("announced", "effective"):
        if (day := getattr(front, key)) > LAST_DAY:
            said = say("{day} is too far ahead", day=day)
            raise _wrong(document, (key,), said, say("{day} is the last day", day=LAST_DAY))
    try:
        ZoneInfo(front.timezone)
    except (LookupError, ValueError, OSError) as error:
        said = say("no time zone {name!r}", name=front.timezone[:64])
        raise _wrong(document, ("timezone",), said, say("an IANA name such as Asia/Seoul")) from error
    for at, statute in enumerate(front.law):
        if "." in statute or " " in statute or not law.knows(statute):
            hint = nearest(statute, {name.partition(".")[0] for name in law.names()})
            raise _wrong(document, ("law", at), say("no statute {statute!r} is on file", statute=statute[:64]), hint)
    return front


def _wrong(document: Document, path: tuple[str | int, ...], said: str, hint: str = "") -> MalformedPolicyError:
    line, column = document.positions.value(*path)
    return MalformedPolicyError(said, file=document.file, line=line, column=column, hint=hint)


def _clause(raw: RawClause, body: Sequence[Placed], file: str) -> Clause:
    clause = Clause(
        number=raw.number,
        kind=Kind.PROMISE,
        text=raw.text,
        line=raw.line,
        chapter=raw.chapter,
        bindings=tuple(one for part in body if (one := part.binding()) is not None),
        declarations=tuple(told for part in body if (told := part.declaration()) is not None),
        notes=tuple(note for part in body if (note := part.note()) is not None),
    )
    made = {kind for part in body if (kind := part.makes()) is not None}
    return msgspec.structs.replace(clause, kind=_kind(clause, made, file))


def _kind(clause: Clause, binding: set[Kind], file: str) -> Kind:
    """What a clause is, from what stands under it; a promise is never hidden by what stands beside it."""
    owed = [note for note in clause.notes if isinstance(note, Owed)]
    alone = {Statement: Kind.STATEMENT, StandsFor: Kind.STANDS_FOR}
    for shape, kind in alone.items():
        if any(isinstance(note, shape) for note in clause.notes):
            if binding or owed:
                said = say("clause {clause} is a {kind} and binds at once", clause=clause.number, kind=Said(kind.value))
                hint = say("a statement promises nothing and an umbrella only points; take one of the two out")
                raise MalformedPolicyError(said, file=file, line=clause.line, column=1, hint=hint)
            return kind
    if binding:
        return Kind.PROMISE if Kind.PROMISE in binding else Kind.PERMIT
    if owed:
        return Kind.PERMIT if any(note.permit for note in owed) else Kind.PROMISE
    if clause.declarations or clause.bindings:
        return Kind.DATA
    said = say("clause {clause} says neither how it is kept nor why it promises nothing", clause=clause.number)
    hint = say("name a rule, or write owed, statement or stands-for")
    raise MalformedPolicyError(said, file=file, line=clause.line, column=1, hint=hint)


def _guards(bindings: Iterable[Binding]) -> dict[tuple[Act, str | None], tuple[Binding, ...]]:
    """Bindings by act and by what they are narrowed to, in the document's order."""
    found: dict[tuple[Act, str | None], list[Binding]] = {}
    for binding in bindings:
        if binding.rule.guard is None:
            continue
        narrow = binding.rule.narrows(binding.params) if binding.rule.narrows else None
        for act in sorted(binding.rule.acts):
            for to in [None] if narrow is None else sorted(narrow):
                found.setdefault((act, to), []).append(binding)
    return {key: tuple(value) for key, value in found.items()}


def _declared(everything: Iterable[Placed], file: str) -> dict[str, Any]:
    """The declarations by where an edition keeps them, then by name."""
    found: dict[str, dict[str, Any]] = {place: {} for _, place in DECLARATIONS.values()}
    first: dict[tuple[str, str], str] = {}
    opens: dict[str, str] = {}
    for one in everything:
        declared = one.declaration()
        if declared is None:
            continue
        _apart(one, declared.name, first, file)
        if (one.kind, declared.name) in first:
            under, kind = first[one.kind, declared.name], Said(one.kind)
            said = say(
                "{kind} {name} is declared twice (first under {clause})", kind=kind, name=declared.name, clause=under
            )
            line, column = one.at("name")
            raise MalformedPolicyError(said, file=file, line=line, column=column)
        first[one.kind, declared.name] = one.clause
        if isinstance(declared, EventKind):
            _known_once(declared, opens, one, file)
            found["spans"][declared.name] = declared.span()
        else:
            found[DECLARATIONS[one.kind][1]][declared.name] = declared
    return found


def _apart(one: Placed, name: str, first: Mapping[tuple[str, str], str], file: str) -> None:
    """A store and a processor go by different names: what is handed to one is not the other's."""
    other = {"store": "processor", "processor": "store"}.get(one.kind)
    if other and (other, name) in first:
        line, column = one.at("name")
        under = first[other, name]
        said = say("{name} is a store and a processor at once (the other under {clause})", name=name, clause=under)
        raise MalformedPolicyError(said, file=file, line=line, column=column)


def _known_once(declared: EventKind, opens: dict[str, str], one: Placed, file: str) -> None:
    """An event opens or closes one span only; else its meaning would hang on the order of declarations."""
    for key, event in (("opens", declared.opens), ("closes", declared.closes)):
        if event is None:
            continue
        if event in opens:
            line, column = one.at(key)
            said = say("event {event} already belongs to {span}", event=event, span=opens[event])
            raise MalformedPolicyError(said, file=file, line=line, column=column)
        opens[event] = declared.name
