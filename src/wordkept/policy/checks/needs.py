"""The general table: which personal data a purpose needs, in the words of W3C DPV and its personal data extension.

It says nothing of any one policy. Terms are compared by their local name (``dpv:DeliveryOfGoods``); DPV has no term for
demographic analysis, ours is ``DemographicAnalysis``. A purpose or aim that is not listed is not judged.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

Classes = frozenset[str]

_POSTAL: Final = frozenset({"PhysicalAddress", "Location", "HomeLocation"})
_CONTACT: Final = frozenset({"Contact", "TelephoneNumber", "EmailAddress", "PhysicalAddress"})
_WHO: Final = frozenset({"Name", "Identifying", "OfficialID", "AccountIdentifier"})
_AGE: Final = frozenset({"BirthDate", "Age", "AgeExact", "AgeRange"})
_GENDER: Final = frozenset({"Gender"})
_PLACE: Final = frozenset({"Location", "PhysicalAddress", "Country", "GPSCoordinate", "City"})
_USAGE: Final = frozenset({"Behavioural", "ServiceConsumptionBehaviour", "BrowsingBehaviour", "BrowserHistory"})
_MONEY: Final = frozenset(
    {
        "Financial",
        "FinancialAccount",
        "FinancialAccountNumber",
        "PaymentCard",
        "PaymentCardNumber",
        "PaymentCardExpiry",
        "Transactional",
        "Transaction",
        "Purchase",
    }
)

NEEDS: Final[dict[str, tuple[tuple[str, Classes], ...]]] = {
    "DeliveryOfGoods": (("a postal address", _POSTAL),),
    "DemographicAnalysis": (("an age or date of birth", _AGE), ("a gender", _GENDER), ("a location", _PLACE)),
    "ServiceUsageAnalytics": (("usage data", _USAGE),),
    "Personalisation": (("usage data", _USAGE),),
    "CommunicationManagement": (("a way to reach people", _CONTACT),),
    "DirectMarketing": (("a way to reach people", _CONTACT),),
    "IdentityVerification": (("something that identifies", _WHO),),
    "AgeVerification": (("an age or date of birth", _AGE),),
}
"""By purpose: what it cannot do without, each a name for people and the classes of data that would do."""

COPIES: Final = frozenset(
    {
        "Advertising",
        "DirectMarketing",
        "Marketing",
        "Personalisation",
        "ServicePersonalisation",
        "ServiceUsageAnalytics",
    }
)
"""Purposes that are usually served by copies in a store outside: a mail tool, a warehouse, a search index."""

AIMS: Final[dict[str, Classes]] = {
    "DisputeManagement": _WHO | _CONTACT | _MONEY,
    "CustomerClaimsManagement": _WHO | _CONTACT | _MONEY,
    "PaymentManagement": _WHO | _CONTACT | _MONEY,
    "LegalCompliance": _WHO | _CONTACT | _MONEY,
    "DeliveryOfGoods": _WHO | _CONTACT | _POSTAL,
    "DirectMarketing": _WHO | _CONTACT,
}
"""By aim of keeping: the classes of data that the aim can use."""

SERVES: Final[dict[str, frozenset[str]]] = {
    "DisputeManagement": frozenset({"DisputeManagement", "CustomerClaimsManagement", "PaymentManagement"}),
    "CustomerClaimsManagement": frozenset({"DisputeManagement", "CustomerClaimsManagement", "PaymentManagement"}),
}
"""By aim: purposes whose items serve it whatever their class, because the policy says they are for that."""


def local(term: str | None) -> str:
    """The name of a term without its vocabulary: ``pd:BirthDate`` is ``BirthDate``."""
    return (term or "").rpartition(":")[2].rpartition("#")[2].rpartition("/")[2]


def lacking(purpose: str | None, classes: Iterable[str | None]) -> list[str]:
    """What a purpose cannot do without and has no item for, named for people.

    An item without a term may be anything, so a purpose that lists one is not judged.

    Args:
        purpose: its term, if it has one.
        classes: terms of its items.
    """
    have = {local(one) for one in classes}
    return [name for name, enough in NEEDS.get(local(purpose), ()) if not have & enough and "" not in have]
