"""JSON-LD: what a policy declares, in the terms of W3C DPV, for programs that compare policies.

A policy's terms of DPV are published ones, which the compiler sees to (``policy.vocabulary``). Its own, with another
prefix, go by the general class and their title. What is *not* here: prose, and any
claim that something is lawful.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from wordkept.notice.content import Page
from wordkept.policy.declared import Item, Purpose, Recipient
from wordkept.policy.vocabulary import is_of_dpv
from wordkept.terms import DPV, Act
from wordkept.texts import periods
from wordkept.texts.grounds import Ground, ground
from wordkept.texts.tongue import Tongue

_CONTEXT: Final = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

BASES: Final[dict[Ground, str]] = {
    "own": "dpv:Consent",
    "group": "dpv:Consent",
    "law": "dpv:LegalObligation",
    "contract": "dpv:Contract",
    "legal-obligation": "dpv:LegalObligation",
    "vital-interests": "dpv:VitalInterest",
    "public-task": "dpv:PublicInterest",
    "legitimate-interests": "dpv:LegitimateInterest",
}
"""What a purpose rests on, in the terms of DPV."""

Node = dict[str, Any]


def page_linked(page: Page, tongue: Tongue) -> bytes:
    """The edition as one JSON-LD document; addresses in it are relative to the page beside it."""
    edition = tongue.edition
    document: Node = {
        "@context": _CONTEXT,
        "@id": "index.html",
        "@type": "dpv:PrivacyNotice",
        "dct:title": {"@value": page.title, "@language": page.language},
        "dct:issued": {"@value": str(page.announced), "@type": "xsd:date"},
        "dct:valid": {"@value": str(page.effective), "@type": "xsd:date"},
        "dct:identifier": f"sha256:{page.digest}",
        "dpv:hasContact": [
            _titled("dpv:Entity", tongue.joined(filter(None, (one.title, one.office, one.telephone, one.email))), page)
            for one in edition.officers.values()
        ],
        "dpv:hasPersonalDataProcess": [
            *(_use(one, page, tongue) for one in edition.purposes.values()),
            *(_provision(one, page, tongue) for one in edition.recipients.values()),
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _use(purpose: Purpose, page: Page, tongue: Tongue) -> Node:
    edition = tongue.edition
    processors = [one for one in edition.processors.values() if purpose.name in one.purposes]
    process = _process(purpose, "purpose", [Act.COLLECT, Act.USE], tongue)
    process["dpv:hasPurpose"] = _titled(_term(purpose, "dpv:Purpose"), purpose.title, page)
    process["dpv:hasPersonalData"] = list(_data(purpose.items, page, tongue))
    process["dpv:hasStorageCondition"] = list(_storage(purpose, page, tongue))
    if basis := BASES.get(ground(purpose, edition)):
        process["dpv:hasLegalBasis"] = {"@type": basis}
    if processors:
        process["dpv:hasDataProcessor"] = [_titled("dpv:DataProcessor", one.title, page) for one in processors]
    return process


def _provision(recipient: Recipient, page: Page, tongue: Tongue) -> Node:
    process = _process(recipient, "recipient", [Act.PROVIDE], tongue)
    process["dpv:hasPurpose"] = _titled("dpv:Purpose", recipient.purpose, page)
    process["dpv:hasPersonalData"] = list(_data(recipient.items, page, tongue))
    process["dpv:hasRecipientThirdParty"] = _titled("dpv:ThirdParty", recipient.title, page)
    return process


def _process(declared: Purpose | Recipient, kind: str, acts: Iterable[Act], tongue: Tongue) -> Node:
    return {
        "@type": "dpv:PersonalDataProcess",
        "dct:source": {"@id": f"index.html#{tongue.edition.clause_of(kind, declared.name)}"},
        "dpv:hasProcessing": [{"@type": DPV[act]} for act in acts],
    }


def _data(items: Iterable[str], page: Page, tongue: Tongue) -> Iterator[Node]:
    for name in items:
        item = tongue.edition.items[name]
        yield _titled(_term(item, "dpv:PersonalData"), item.title, page)


def _storage(purpose: Purpose, page: Page, tongue: Tongue) -> Iterator[Node]:
    """How long what is collected for a purpose is stored; a stated duration as the one it is, an event as one."""
    for binding in periods.holding(tongue.edition):
        if periods.concerns(binding, purpose, tongue.edition):
            lasting = periods.lasting(binding, tongue.edition)
            duration = _titled(
                "dpv:TemporalDuration" if lasting else "dpv:UntilEventDuration", periods.how_long(binding, tongue), page
            )
            if lasting:
                duration["dct:extent"] = {"@value": lasting, "@type": "xsd:duration"}
            source = {"@id": f"index.html#{binding.clause}"}
            yield {"@type": "dpv:StorageCondition", "dct:source": source, "dpv:hasDuration": duration}


def _titled(kind: str, title: str, page: Page) -> Node:
    return {"@type": kind, "dct:title": {"@value": title, "@language": page.language}}


def _term(declared: Item | Purpose, general: str) -> str:
    """A declaration's own term if it is one of DPV's, which the compiler has looked up; else the general one."""
    term = declared.personal or ""
    return term if is_of_dpv(term) else general
