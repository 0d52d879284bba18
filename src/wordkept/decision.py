"""Decision: what a policy answers to a request, and what it owes a record. Pure; no clock, store or key.

Default deny; every guard that applies is asked; forbid beats permit, but for the exceptions that a clause names
(``unless``); the answer names all clauses that determined it. The day and the holds decide, never the stored state
alone. What is *not* here: the rules themselves, and doing what was decided (``gate``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import takewhile

import msgspec

from wordkept.policy.asked import guards_of, holders_of, touches
from wordkept.policy.model import Binding, Case, Deed, Edition, Policy, Verdict
from wordkept.record import (
    Event,
    Facts,
    History,
    Hold,
    ImpossibleEventError,
    Record,
    Request,
    Term,
    first_of,
    fold,
    standing,
    term,
)
from wordkept.record.lifecycle import POSSIBLE
from wordkept.rules.spans import matter_of
from wordkept.terms import AUTHORITY, PERSON, Act, Choice, Effect, Reason, State

_RANK = {reason: rank for rank, reason in enumerate(Reason)}
_UNKNOWN = Verdict(Reason.UNKNOWN_RULE)
"""What a guard says whose rule nobody knows: it stands under a clause, so it can only forbid."""
_LIVELY = {State.LIVE: 0, State.LEAVING: 1, State.SEPARATED: 1, State.DESTROYED: 2, State.ABSENT: 3}


class Part(msgspec.Struct, frozen=True):
    """The answer about one record of a deletion, which is decided record by record."""

    record: Record
    effect: Effect
    reason: Reason
    because: tuple[str, ...]


class Decision(msgspec.Struct, frozen=True):
    """Allow or deny, why, and by which clauses.

    Attributes:
        effect: the answer.
        reason: ``permitted``, or the most fundamental reason against.
        because: the clauses that determined it, in the document's order.
        edition: effective day of the edition asked, none if none was in force.
        records: what the act would touch if allowed.
        parts: of destroying only, the answer about each record.
    """

    effect: Effect
    reason: Reason
    because: tuple[str, ...] = ()
    edition: Edition | None = None
    records: tuple[Record, ...] = ()
    parts: tuple[Part, ...] = ()


def decide(policy: Policy, ask: Request, facts: Facts) -> Decision:
    """Decide one request about one person.

    Several items are all or nothing, except in a deletion asked by the person or a representative, which is decided
    record by record: then ``parts`` says what may go although the whole is denied.

    Raises:
        Nothing. A policy, request or fact that does not fit can only deny.
    """
    edition = policy.on(ask.on)
    if edition is None:
        return Decision(Effect.DENY, Reason.NO_POLICY)
    if ask.by.employer is not None and (refused := _of_employer(policy, ask, facts)) is not None:
        return refused
    if ask.act is Act.DESTROY:
        return _decide_destruction(policy, edition, ask, facts)
    forbidden: set[Reason] = set()
    because: list[str] = []
    permitted: list[str] = []
    touched: list[Record] = []
    for name in ask.items:
        case = _case(policy, edition, ask, facts, name)
        against, permits = _ask(guards_of(edition, ask, name), case)
        touched += case.records
        permitted += permits
        if against:
            forbidden.update(reason for reason, _ in against)
            because += [clause for _, clauses in against for clause in clauses]
        elif ask.act is not Act.COLLECT and case.state not in POSSIBLE[ask.act]:
            forbidden.add(_missing(ask.act))
        elif not permits:
            forbidden.add(Reason.IMPOSSIBLE if ask.act is Act.LIFT else Reason.NOT_PERMITTED)
    if not forbidden and ask.act is Act.COLLECT and not _begins(edition, ask, facts.history):
        forbidden.add(Reason.IMPOSSIBLE)
    if forbidden or not ask.items:
        reason = min(forbidden, key=_RANK.__getitem__, default=Reason.NOT_PERMITTED)
        return Decision(Effect.DENY, reason, tuple(dict.fromkeys(because)), edition, tuple(touched))
    return Decision(Effect.ALLOW, Reason.PERMITTED, tuple(dict.fromkeys(permitted)), edition, tuple(touched))


def holds_of(edition: Edition, record: Record, history: History) -> list[Hold]:
    """The holds that an edition has on a record and that ever took effect, each naming its clause.

    From the day on which its person asked for deletion, only those that forbid destroying count, linked by no others.
    """
    found = [
        msgspec.structs.replace(hold, clause=binding.clause)
        for binding in holders_of(edition, record.purpose, record.item)
        if binding.rule.holds
        for hold in binding.rule.holds(binding.params, edition, record, history)
    ]
    kept = standing(found, record.on)
    if record.released_on is None:
        return kept
    return standing([hold for hold in kept if hold.strict], record.released_on)


def term_of(policy: Policy, record: Record, history: History, edition: Edition) -> Term:
    """The three days of a record under the edition in force and all since its collection.

    No later edition lengthens how long it may be used or kept without new consent; a shorter one applies at once.
    What must not be destroyed earlier follows the edition in force.
    """
    now = term(holds_of(edition, record, history))
    use, keep = now.use_until, now.keep_until
    for earlier in _since(policy, record, history, edition):
        then = term(holds_of(earlier, record, history))
        use, keep = first_of(use, then.use_until), first_of(keep, then.keep_until)
    if keep is not None and (now.not_before is None or now.not_before > keep):
        keep = now.not_before
    return Term(use, keep, now.not_before)


def owed(edition: Edition, record: Record, day: date) -> tuple[Deed, str] | None:
    """What the run of ``day`` must do to a record whose three days are up to date, and by which clause."""
    for binding in edition.owers:
        deed = binding.rule.owes(binding.params, record, day) if binding.rule.owes else None
        if deed is not None:
            return deed, binding.clause
    return None


def _ask(bindings: Iterable[Binding], case: Case) -> tuple[list[tuple[Reason, tuple[str, ...]]], list[str]]:
    """Ask every guard; a forbid is lifted only by a permit of a clause that it names itself, not by a declaration's."""
    against: list[tuple[Binding, Reason, tuple[str, ...]]] = []
    permits: list[str] = []
    lifting: list[str] = []
    for binding in bindings:
        guard = binding.rule.guard
        verdict = guard(binding.params, case) if guard else _UNKNOWN
        if verdict is None:
            continue
        if verdict.reason is Reason.PERMITTED:
            permits.append(binding.clause)
            if binding.rule.binds:
                lifting.append(binding.clause)
        else:
            against.append((binding, verdict.reason, verdict.clauses or (binding.clause,)))
    if not against:
        return [], permits
    return [(why, named) for binding, why, named in against if not any(c in lifting for c in binding.unless)], permits


def _of_employer(policy: Policy, ask: Request, facts: Facts) -> Decision | None:
    """What keeps a processor's staff from an act: they touch only what might be handed to the processor itself."""
    by = msgspec.structs.replace(ask.by, employer=None)
    handed = decide(policy, msgspec.structs.replace(ask, act=Act.ENTRUST, to=ask.by.employer, by=by), facts)
    new = ask.act is Act.COLLECT and handed.reason is Reason.ABSENT  # nothing is against it but that it is new
    return None if handed.effect is Effect.ALLOW or new else handed


def _case(policy: Policy, edition: Edition, ask: Request, facts: Facts, name: str) -> Case:
    """An item as guards see it: what should be gone by the day counts as gone, whatever the store still has."""
    known, best = False, State.ABSENT
    chosen: list[tuple[Record, State]] = []
    for record in facts.records.get(name, ()):
        state = record.state_on(ask.on)
        if state is State.DESTROYED:
            continue
        known = True
        if touches(edition, ask, record):
            chosen.append((record, state))
            best = state if _LIVELY[state] < _LIVELY[best] else best
    if len(chosen) > 1 and ask.act in _BEST and ask.to != AUTHORITY:
        chosen = [(record, state) for record, state in chosen if state is best]
    records = tuple([record for record, _ in chosen])
    return Case(policy, edition, ask, facts, name, edition.items.get(name), records, best, known)


_BEST = frozenset({Act.USE, Act.PROVIDE, Act.ENTRUST, Act.CORRECT, Act.FREEZE, Act.LIFT})
"""Acts that touch the most alive records only; viewing shows what is kept apart too."""


def _begins(edition: Edition, ask: Request, history: History) -> bool:
    """Whether the matter of a collection is open, or can open with it; or it has none."""
    purpose = edition.purposes.get(ask.purpose or "")
    kind = matter_of(purpose, edition) if purpose else None
    if kind is None or ask.matter in history.open_matters(kind.name):
        return True
    try:
        fold(edition.spans, history, [Event(history.number + 1, ask.on, kind.opens, ask.matter)])
    except ImpossibleEventError:
        return False
    return True


def _missing(act: Act) -> Reason:
    return Reason.IMPOSSIBLE if act in {Act.LIFT, Act.DESTROY} else Reason.ABSENT


def _decide_destruction(policy: Policy, edition: Edition, ask: Request, facts: Facts) -> Decision:
    parts: list[Part] = []
    missing: list[tuple[Reason, tuple[str, ...]]] = []
    for name in ask.items:
        bindings, case = guards_of(edition, ask, name), _case(policy, edition, ask, facts, name)
        against, _ = _ask(bindings, case)
        if not case.records:
            missing += against or [(Reason.IMPOSSIBLE, ())]
        parts += [_part(bindings, msgspec.structs.replace(case, records=(one,))) for one in case.records]
    denied = [(part.reason, part.because) for part in parts if part.effect is Effect.DENY] + missing
    touched = tuple(part.record for part in parts)
    clauses = denied or [(part.reason, part.because) for part in parts]
    because = _in_order(edition, {clause for _, named in clauses for clause in named})
    if denied or not parts:
        reason = min((why for why, _ in denied), key=_RANK.__getitem__, default=Reason.IMPOSSIBLE)
        return Decision(Effect.DENY, reason, because, edition, touched, tuple(parts))
    return Decision(Effect.ALLOW, Reason.PERMITTED, because, edition, touched, tuple(parts))


def _in_order(edition: Edition, clauses: set[str]) -> tuple[str, ...]:
    """Clauses as they stand in the document, whatever order a store reads a person's records in."""
    here = [clause for clause in edition.clauses if clause in clauses]
    return (*here, *sorted(clauses.difference(here)))


def _part(bindings: Iterable[Binding], case: Case) -> Part:
    (record,) = case.records
    against, permits = _ask(bindings, case)
    against += [(Reason.HELD, (hold.clause,)) for hold in _holding(case, record)]
    if against or not permits:
        reason = min((why for why, _ in against), key=_RANK.__getitem__, default=Reason.NOT_PERMITTED)
        return Part(record, Effect.DENY, reason, tuple(clause for _, named in against for clause in named))
    return Part(record, Effect.ALLOW, Reason.PERMITTED, tuple(permits))


def _holding(case: Case, record: Record) -> Iterator[Hold]:
    """The holds that forbid destroying: the strict ones for all; for staff and system those of use too."""
    day, by_person = case.ask.on, case.ask.by.role in PERSON
    in_use = record.state_on(day) is State.LIVE
    for hold in holds_of(case.edition, record, case.facts.history):
        if hold.stands(day) and (hold.strict or (hold.use and in_use and not by_person)):
            yield hold


def _since(policy: Policy, record: Record, history: History, edition: Edition) -> Iterable[Edition]:
    """The editions since a record's own that are in force no longer."""
    if edition is policy.editions[0]:
        return ()
    return [one for one in policy.between(_agreed(policy, record, history), edition.effective) if one is not edition]


def _agreed(policy: Policy, record: Record, history: History) -> date:
    """The day whose edition binds a record: its collection's, or that of a newer consent while the first one stood."""
    edition = policy.on(record.edition)
    shown = [
        one.edition
        for name in {record.purpose, edition.group(record.purpose) if edition else record.purpose}
        for one in takewhile(lambda one: one.choice is Choice.GIVEN, history.choices_after(name, record.after))
        if one.edition is not None
    ]
    return max([record.edition, *shown])
