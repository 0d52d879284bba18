"""Ending: agreements whose term is over, and processors without one, who give back or destroy what they hold.

What is owed follows from what is stored, so that a crash anywhere in between only leaves it to the next run. What is
*not* here: what is ordered (``partners``), and the register (``agreements``).
"""

from __future__ import annotations

from collections.abc import Sequence

from wordkept.evidence import Body, Predicate, Statement, state
from wordkept.gate import happenings
from wordkept.gate.asking import Happening
from wordkept.gate.deciding import OPERATOR, Context
from wordkept.gate.ordering import order_at_the_end
from wordkept.person import standing_agreements, without_agreement, work_over
from wordkept.record import Actor, History
from wordkept.rules.sharing import certificate_by
from wordkept.terms import Role
from wordkept.vault import agreements, given
from wordkept.vault.flight import Command
from wordkept.vault.values import FIRST

_PAGE = 1_000
TERM = Actor(Role.SYSTEM, name="term")
"""Who ends an agreement on the day after its last."""


def end_terms(context: Context) -> None:
    """End every agreement whose term is over."""
    with context.stores.transaction() as session:
        over = agreements.over(session, context.day)
    for party in over:
        end(context, party, TERM)


def end(context: Context, party: str, by: Actor) -> None:
    """End the agreement that stands with a partner: the event and the register in one transaction."""
    standing = standing_agreements(context.words, operator_of(context), party)
    happened = [Happening(None, kind.closes, party, by=by) for kind in standing if kind.closes]
    certify_by = certificate_by(context.words, context.day) if party in context.words.processors else None
    command = agreements.end(party, context.day, by.name, certify_by)
    said = statement(context, "agreement.ended", party, by)
    enter(context, happened, [command], said)


def order(context: Context) -> None:
    """Order processors without an agreement to give back or destroy all that they still hold."""
    gone = work_over(context.words, without_agreement(context.words, operator_of(context)))
    after = FIRST
    while gone:
        with context.stores.transaction() as session:
            page = given.held_by(session, gone, after=after, most=_PAGE)
        if not page:
            return
        order_at_the_end(context, page, gone)
        after = page[-1]


def enter(context: Context, happened: Sequence[Happening], commands: Sequence[Command], said: Statement) -> None:
    """Write an entry of the register, a statement of it, and the operator's events that it brings, if any, together."""
    if happened:
        happenings.happen(context, happened, happenings.Beside(commands, [said]))
        return
    with context.stores.transaction():
        context.stores.tell([said], commands)


def operator_of(context: Context) -> History:
    """What happened to the operator."""
    with context.stores.transaction() as session:
        operator, _ = agreements.of_operator(session, OPERATOR, context.day)
    return operator.history if operator else History()


def statement(context: Context, rule: str, party: str, by: Actor, digest: str | None = None) -> Statement:
    """A statement of what an office entered in the register; a paper by its digest."""
    body = Body(
        actor=by.name,
        digest=digest,
        edition=context.edition.digest if context.edition else None,
        on=str(context.day),
        role=by.role,
        rule=rule,
        to=party,
    )
    return state(Predicate.ATTESTED, context.now, body)
