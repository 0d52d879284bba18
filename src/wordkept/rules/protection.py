"""Chapter "protection": who on the operator's side may act, and what no person opens.

What is *not* here: measures that are done or probed on a day (they come with the duties of that chapter).
"""

from __future__ import annotations

import msgspec

from wordkept.policy.declared import Name
from wordkept.policy.model import Case, Verdict
from wordkept.rules.parameters import NoParameters
from wordkept.rules.verdicts import forbid
from wordkept.terms import Act, Reason, Role

_UNFIT = forbid(Reason.STAFF_UNFIT)


class WhoActs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For each act the roles that may ask for it; an act that is not listed is asked by nobody."""

    collect: tuple[Role, ...] = ()
    use: tuple[Role, ...] = ()
    provide: tuple[Role, ...] = ()
    entrust: tuple[Role, ...] = ()
    view: tuple[Role, ...] = ()
    correct: tuple[Role, ...] = ()
    freeze: tuple[Role, ...] = ()
    lift: tuple[Role, ...] = ()
    destroy: tuple[Role, ...] = ()


_ROLES = {act: act.value for act in Act}


def only_those_named_act(params: WhoActs, case: Case) -> Verdict | None:
    """Each act is asked only by those whom the policy names for it."""
    allowed: tuple[Role, ...] = getattr(params, _ROLES[case.ask.act])
    return None if case.ask.by.role in allowed else forbid(Reason.NOT_AUTHORISED)


def staff_hold_a_grant(_: NoParameters, case: Case) -> Verdict | None:
    """Staff act only under a grant in force."""
    return _UNFIT if case.ask.by.role is Role.STAFF and not case.ask.by.grant else None


def staff_are_trained(_: NoParameters, case: Case) -> Verdict | None:
    """Staff act only with training in date."""
    return _UNFIT if case.ask.by.role is Role.STAFF and not case.ask.by.training else None


def staff_have_pledged(_: NoParameters, case: Case) -> Verdict | None:
    """Staff act only with this year's pledge signed."""
    return _UNFIT if case.ask.by.role is Role.STAFF and not case.ask.by.pledge else None


class Secrets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``items``: what only the system opens."""

    items: tuple[Name, ...]


def secrets_are_opened_by_the_system_only(params: Secrets, case: Case) -> Verdict | None:
    """Secrets and identification numbers are opened by the system that needs them, never by staff."""
    return forbid(Reason.SYSTEM_ONLY) if case.ask.by.role is Role.STAFF and case.name in params.items else None
