"""Settling: finishing what a crash left undone between the stores, and computing days anew for a new edition.

Everything here can be interrupted and done again. What is *not* here: what a day's run owes (``sweeping``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from wordkept.evidence import Body
from wordkept.gate import ending
from wordkept.gate.deciding import Context
from wordkept.gate.following import grant, tell
from wordkept.gate.obeying import up_to
from wordkept.gate.ordering import order_what_is_over
from wordkept.terms import Role
from wordkept.vault import changes, given, owed, values

_PAGE: Final = 1_000


def settle(context: Context) -> int:
    """Finish what a crash or a new edition left to do.

    Days are computed anew where another edition came into force, partners ordered what is over with them, agreements
    ended with their term, wishes granted, the separate store told of changed holds, and what is leaving arrives.

    Returns:
        How many people the separate store was told of.
    """
    _project_all(context)
    if context.edition is not None:
        _each(context, partial(given.over, day=context.day), lambda page: order_what_is_over(context, page))
        ending.end_terms(context)
        ending.order(context)
    body = Body(on=str(context.day), role=Role.SYSTEM)
    _each(context, owed.wishers, lambda page: _grant(context, page, body))
    count = _each(context, values.stale_people, lambda page: tell(context, page))
    context.stores.retried(lambda: context.stores.separation.recover(context.now, body))
    return count


def _grant(context: Context, subjects: Sequence[str], body: Body) -> None:
    for subject in subjects:
        grant(context, subject, body)


def _each(context: Context, find: Callable[..., list[str]], do: Callable[[list[str]], object]) -> int:
    """Do something for people, page by page; returns for how many."""
    count, after = 0, values.FIRST
    while True:
        with context.stores.transaction() as session:
            page = find(session, after=after)
        if not page:
            return count
        do(page)
        count, after = count + len(page), page[-1]


def _project_all(context: Context) -> None:
    """Compute every record's days anew where they were computed under another edition; a kill in between repeats it."""
    if context.edition is None:
        return
    with context.stores.transaction() as session:
        known, after = owed.projected(session), values.FIRST
        owed.obey(session, up_to(context.policy, context.day))
    if known == context.edition.digest:
        return
    while page := context.stores.retried(partial(_projected, context, after)):
        after = page[-1]
    with context.stores.transaction() as session:
        owed.set_projected(session, context.edition.digest)


def _projected(context: Context, after: str) -> list[str]:
    desk = context.desk()
    with context.stores.transaction() as session:
        page = values.people(session, after=after, most=_PAGE)
        if page:
            desk.take(session, page, None, context.stores.known_apart, lock=True)
            for one in desk.loaded.values():
                one.catch_up(context.day)
            told = desk.flush(session).told
            changes.save_standing(session, {name: desk.loaded[name].person.history for name in told}, stale=True)
    return page
