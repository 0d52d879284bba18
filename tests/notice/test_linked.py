"""The policy as JSON-LD: every term is one that DPV published, and every source is a clause of the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.notice.conftest import ROOT, Compiled

from wordkept.notice.linked import page_linked
from wordkept.notice.page import page_of
from wordkept.policy.checks import needs
from wordkept.policy.model import Edition
from wordkept.policy.vocabulary import published
from wordkept.terms import DPV
from wordkept.texts.tongue import Tongue

DUBLIN_CORE = {"dct:title", "dct:issued", "dct:valid", "dct:identifier", "dct:source", "dct:extent"}
SCHEMA = {"xsd:date", "xsd:duration"}


def linked(edition: Edition) -> Any:
    tongue = Tongue(edition)
    return json.loads(page_linked(page_of(tongue), tongue))


def terms(node: Any) -> Iterator[str]:
    """Every key and type of a document that is a term."""
    for one in node if isinstance(node, list) else []:
        yield from terms(one)
    for key, value in node.items() if isinstance(node, dict) else []:
        if key == "@type":
            yield value
        elif not key.startswith("@"):
            yield key
            yield from terms(value)


def test_every_term_was_published(reference: Edition) -> None:
    for edition in (reference, *reference.translations.values()):
        used = set(terms(linked(edition)))
        assert not used - published() - DUBLIN_CORE - SCHEMA
        assert {"dpv:IdentityVerification", "pd:EmailAddress", "dpv:hasRecipientThirdParty"} <= used


def test_every_prefix_is_that_of_its_vocabulary(reference: Edition) -> None:
    assert linked(reference)["@context"] == {
        "dpv": "https://w3id.org/dpv#",
        "pd": "https://w3id.org/dpv/pd#",
        "dct": "http://purl.org/dc/terms/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }


def test_the_list_of_terms_is_names_only() -> None:
    assert len(published()) == 1347
    assert not [one for one in published() if not re.fullmatch(r"(dpv|pd):[A-Za-z0-9-]+", one)]


def test_the_vocabulary_of_the_program_itself_was_published() -> None:
    assert set(DPV.values()) <= published()


def test_the_table_of_needs_speaks_of_published_terms_only() -> None:
    names = {one.partition(":")[2] for one in published()}
    classes = frozenset().union(*(some for needed in needs.NEEDS.values() for _, some in needed), *needs.AIMS.values())
    assert classes <= names
    assert {*needs.NEEDS, *needs.AIMS, *needs.SERVES} - names == {"DemographicAnalysis"}


def test_every_term_that_stands_in_a_policy_or_in_the_program_was_published() -> None:
    files = [*(ROOT / "policies").rglob("policy.md"), *(ROOT / "src").rglob("*.py"), *(ROOT / "docs").rglob("*.md")]
    found = {
        (term, file.name) for file in files for term in re.findall(r"\b(?:dpv|pd):[A-Z]\w+", file.read_text("utf-8"))
    }
    assert len(found) > 50
    assert not sorted(one for one in found if one[0] not in published())


def test_each_purpose_and_recipient_is_a_process_with_its_clause(reference: Edition) -> None:
    processes = linked(reference)["dpv:hasPersonalDataProcess"]
    assert len(processes) == len(reference.purposes) + len(reference.recipients)
    sources = [one["dct:source"]["@id"].partition("#")[2] for one in processes]
    assert set(sources) <= set(reference.clauses)


def test_a_period_is_a_duration(reference: Edition) -> None:
    processes = linked(reference)["dpv:hasPersonalDataProcess"]
    tax = next(one for one in processes if one["dct:source"]["@id"].endswith("#5.2.0"))
    stored = {one["dct:source"]["@id"]: one["dpv:hasDuration"] for one in tax["dpv:hasStorageCondition"]}
    assert stored["index.html#5.2.B"]["@type"] == "dpv:TemporalDuration"
    assert stored["index.html#5.2.B"]["dct:extent"] == {"@value": "P5Y", "@type": "xsd:duration"}
    assert stored["index.html#5.1.A"]["@type"] == "dpv:UntilEventDuration"
    assert tax["dpv:hasLegalBasis"] == {"@type": "dpv:LegalObligation"}


def test_purposes_in_a_group_rest_on_consent_only_where_a_rule_asks_for_it(compiled: Compiled) -> None:
    grouped = ("title: reminders", "title: reminders\ngroup: loans")
    (process,) = linked(compiled("", grouped))["dpv:hasPersonalDataProcess"]
    assert "dpv:hasLegalBasis" not in process
    asked = "\n[3.4] We ask you first.\n\n```consent.agreed-first\ngroup: loans\n```\n"
    (process,) = linked(compiled(asked, grouped))["dpv:hasPersonalDataProcess"]
    assert process["dpv:hasLegalBasis"] == {"@type": "dpv:Consent"}


def test_a_term_of_ones_own_goes_by_the_general_class(compiled: Compiled) -> None:
    changes = (("dpv:CommunicationManagement", "desk:Reminding"), ("pd:Name", "desk:Name"))
    (process,) = linked(compiled("", *changes))["dpv:hasPersonalDataProcess"]
    assert process["dpv:hasPurpose"]["@type"] == "dpv:Purpose"
    assert process["dpv:hasPersonalData"][0]["@type"] == "dpv:PersonalData"
