"""The operator's facts: what a law asks about before it applies, in closed words, and whether it then does.

A fact that is not declared is unknown, never no. What is *not* here: where facts are declared (a policy's front
matter), and what applies (``requirements``).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Annotated

import msgspec

from wordkept.language import Said, say

Count = Annotated[int, msgspec.Meta(ge=0)]
Country = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2}\Z")]


class Operator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What an operator says of itself; in a condition, what must be so, a number being the least.

    Attributes:
        country: where it is established, two small letters.
        subjects: how many people it holds data about, as the law in question counts them.
        sensitive-subjects: about how many of them it holds sensitive data or unique identifiers.
        sensitive: it handles sensitive data.
        unique-ids: it handles numbers that a state gave people.
        children: it serves people so young that a guardian consents.
        indirect: it gets data from others than the people concerned.
        online: it provides an information and communications service.
        telecom: it is a registered telecommunications operator with facilities of its own.
        commerce: it sells at a distance.
        credit: it handles credit information.
        e-finance: it does electronic financial business.
        advertises: it sends advertisements to people.
        sells: it sells personal data, or shares it for advertising across contexts.
        behavioural: it collects what people do, to show them what may interest them.
        overseas: it sends data to another country.
        automated: it decides about people by machines alone.
        pseudonymised: it handles pseudonymised data.
        additional-use: it uses or provides data for compatible purposes without a new consent.
    """

    country: Country | None = None
    subjects: Count | None = None
    sensitive_subjects: Count | None = None
    sensitive: bool | None = None
    unique_ids: bool | None = None
    children: bool | None = None
    indirect: bool | None = None
    online: bool | None = None
    telecom: bool | None = None
    commerce: bool | None = None
    credit: bool | None = None
    e_finance: bool | None = None
    advertises: bool | None = None
    sells: bool | None = None
    behavioural: bool | None = None
    overseas: bool | None = None
    automated: bool | None = None
    pseudonymised: bool | None = None
    additional_use: bool | None = None


class Answer(msgspec.Struct, frozen=True):
    """Whether a condition holds: yes, no, or unknown (none); then ``hangs_on`` says on what."""

    holds: bool | None
    hangs_on: str = ""


ALWAYS = Answer(holds=True)


def holds(conditions: tuple[Operator, ...], operator: Operator) -> Answer:
    """Whether any of several conditions holds, each of which wants all that it names; none at all always holds."""
    answers = [_all_of(one, operator) for one in conditions]
    if not answers or any(one.holds for one in answers):
        return ALWAYS
    unknown = [one.hangs_on for one in answers if one.holds is None]
    if not unknown:
        return Answer(holds=False)
    return Answer(
        holds=None, hangs_on=reduce(lambda one, other: say("{one} or {other}", one=one, other=other), unknown)
    )


def _all_of(condition: Operator, operator: Operator) -> Answer:
    unknown = []
    for field in msgspec.structs.fields(Operator):
        wanted, fact = getattr(condition, field.name), getattr(operator, field.name)
        if wanted is not None and fact is None:
            unknown.append(_said(field.encode_name, wanted))
        elif wanted is not None and not _meets(fact, wanted):
            return Answer(holds=False)
    return Answer(holds=None, hangs_on=both(unknown)) if unknown else ALWAYS


def both(conditions: Iterable[str]) -> str:
    """Several conditions, all of which must hold; empty for none."""
    given = [one for one in conditions if one]
    return reduce(lambda one, other: say("{one} and {other}", one=one, other=other), given) if given else ""


def _meets(fact: object, wanted: object) -> bool:
    if isinstance(fact, int) and isinstance(wanted, int) and not isinstance(wanted, bool):
        return fact >= wanted
    return fact == wanted


def _said(name: str, wanted: object) -> str:
    fact = Said(name)
    if isinstance(wanted, bool):
        return fact if wanted else say("not {fact}", fact=fact)
    if isinstance(wanted, int):
        return say("{fact} >= {count:,}", fact=fact, count=wanted)
    return say("{fact} {value}", fact=fact, value=str(wanted))
