"""Ordering: what a day's run has partners ordered to do: what is over with them, and what is destroyed here.

What is *not* here: orders that an act brings with it (``acts``), and sending (``outbox``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from wordkept import partners
from wordkept.gate import telling
from wordkept.gate.deciding import Context, new_id
from wordkept.gate.desk import subjects_of
from wordkept.person import Person
from wordkept.terms import Act
from wordkept.vault import given
from wordkept.vault.flight import Session
from wordkept.vault.points import reached


def order_what_is_over(context: Context, subjects: Sequence[str]) -> None:
    """Order partners to stop using, erase or return what their time with is over, in one transaction."""
    context.stores.retried(
        lambda: _order(context, subjects, lambda person, made: person.order_what_is_over(context.day, made))
    )


def _order(context: Context, subjects: Sequence[str], order: Callable[[Person, Callable[[], str]], object]) -> None:
    desk = context.desk()
    with context.stores.transaction() as session:
        desk.take(session, subjects_of(subjects), None, context.stores.known_apart, lock=True)
        for one in desk.loaded.values():
            order(one.person, lambda: new_id(context.now))
        desk.flush(session)
        _tell(context, {name: one.person for name, one in desk.loaded.items()})
        reached("orders.written")


def order_at_the_end(context: Context, subjects: Sequence[str], gone: frozenset[str]) -> None:
    """Order processors whose work is over to give back or erase what they hold of people, in one transaction."""
    context.stores.retried(
        lambda: _order(context, subjects, lambda person, made: person.order_at_the_end(gone, context.day, made))
    )


def order_destroyed(context: Context, session: Session, subjects: Sequence[str], records: Collection[str]) -> None:
    """Order those who hold copies of destroyed records to erase them.

    Args:
        context: of the operation.
        session: in the caller's transaction, the people locked.
        subjects: people of whom partners hold something.
        records: ids of what is destroyed.
    """
    people: dict[str, Person] = {}
    for subject, copies in given.given_of(session, subjects).items():
        person = people[subject] = Person(context.policy)
        person.givens = {partners.key(copy): copy for copy in copies}
        person.order(Act.DESTROY, records, context.day, lambda: new_id(context.now))
        if person.ordered:
            changed = [copy for copy in person.givens.values() if copy not in copies]
            session.ask(*given.commands(subject, changed, person.ordered, context.now))
    _tell(context, people)


def _tell(context: Context, people: dict[str, Person]) -> None:
    context.stores.tell(
        [
            telling.ordered(context.now, context.policy, subject, order)
            for subject, person in people.items()
            for order in person.ordered
        ]
    )
