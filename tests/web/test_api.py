"""The gate over HTTP with TLS: what is answered, to whom, and why not."""

from __future__ import annotations

import json
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from ssl import create_default_context
from urllib.request import urlopen

import msgspec
import pytest
from tests.gate.conftest import told
from tests.identity.pictures import chunk, png
from tests.web.conftest import MAY, MEMBER, NOON, POLICY, ROOT, STAFF, Door, served, text

from wordkept.evidence.statement import read_header
from wordkept.gate import Gate, Temporary
from wordkept.terms import Choice, Role, UnavailableError
from wordkept.vault.formats import Store
from wordkept.vault.server import OWNER
from wordkept.web.api.answers import Answer, Problem
from wordkept.web.api.client import Client, ProblemError
from wordkept.web.api.description import document
from wordkept.web.api.messages import Asking, Collect, Consent, Event, Request, Use, View

ADDRESS = "minji@example.kr"


def address_of(subject: str, value: str = ADDRESS, request_id: str | None = None) -> Collect:
    return Collect(
        subject=subject, by=MEMBER, purpose="identification", method="website", values={"email": value},
        request_id=request_id,
    )  # fmt: skip


def bill_to(subject: str, purpose: str = "bill-sending") -> Use:
    return Use(subject=subject, by=STAFF, items=("email",), purpose=purpose)


def problem(client: Client, asked: Asking) -> Problem:
    with pytest.raises(ProblemError) as refusal:
        client.ask(asked)
    assert ADDRESS not in str(refusal.value)
    assert ADDRESS not in repr(refusal.value.problem)
    return refusal.value.problem


def test_what_is_collected_is_used_for_the_purpose_that_the_policy_names(shop: Client, minji: str) -> None:
    assert shop.ask(address_of(minji)).clauses == ("2.3.A",)
    used = shop.ask(bill_to(minji))
    assert used.values == {"email": (ADDRESS,)}
    assert used.clauses == ("2.3.B.05",)
    assert used.edition == date(2016, 8, 31)
    assert ADDRESS not in repr(used)


def test_a_refusal_names_clause_edition_statement_and_why_and_is_in_the_evidence(
    shop: Client, door: Door, minji: str
) -> None:
    shop.ask(address_of(minji))
    said = problem(shop, bill_to(minji, "marketing"))
    assert (said.type, said.status, said.reason) == ("urn:wordkept:refused", 403, "no-consent")
    assert said.clauses == ("2.3.B.12",)
    assert said.edition == date(2016, 8, 31)
    assert said.why == "the person was not asked, or said no"
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", said.instance)
    assert said.decision is not None
    session, number = said.decision.split("-")
    assert statement(door, int(session, 16), int(number)) == "refused"


def test_a_refusal_and_its_statement_have_the_same_id(shop: Client, door: Door, minji: str) -> None:
    shop.ask(address_of(minji))
    one = problem(shop, bill_to(minji, "marketing"))
    (two,) = shop.ask_many([bill_to(minji, "marketing")])
    assert isinstance(two, Problem)
    said = {body.request for predicate, body in told(door.gate, subject=minji) if predicate == "refused"}
    assert {uuid.UUID(each.instance.removeprefix("urn:uuid:")).hex for each in (one, two)} == said


def statement(door: Door, session: int, number: int) -> str:
    with door.gate.installation.connect(Store.LIVE, OWNER) as owner:
        query = "SELECT header FROM statement WHERE connection = %s AND number = %s"
        (header,) = owner.execute(query, (session, number)).fetchone() or (b"",)
    return read_header(bytes(header)).predicate.value


def test_why_is_said_in_the_language_of_the_reader(door: Door, minji: str) -> None:
    with door.client(door.program("korean"), language="ko-KR,ko;q=0.9,en;q=0.5") as client:
        said = problem(client, bill_to(minji, "marketing"))
    assert said.why
    assert re.search("[가-힣]", said.why)


def test_evidence_names_the_program_before_the_person_it_speaks_for(shop: Client, door: Door, minji: str) -> None:
    shop.ask(address_of(minji))
    shop.ask(bill_to(minji))
    actors = sorted(body.actor or "" for _, body in told(door.gate, subject=minji))
    assert actors == ["shop", "shop", "shop", "shop.desk-7"]


def test_what_is_not_stated_of_staff_is_not_assumed(shop: Client, minji: str) -> None:
    shop.ask(address_of(minji))
    bare = msgspec.structs.replace(bill_to(minji), by=msgspec.structs.replace(STAFF, pledge=False))
    assert problem(shop, bare).reason == "staff-unfit"


@pytest.mark.parametrize(
    ("may", "roles"),
    [
        (("use:marketing", "view"), (Role.STAFF,)),
        (("use:bill-sending",), (Role.MEMBER,)),
        (("collect:identification",), (Role.STAFF,)),
    ],
)
def test_a_program_without_the_purpose_or_the_role_gets_nothing_though_the_policy_permits(
    door: Door, shop: Client, minji: str, may: tuple[str, ...], roles: tuple[Role, ...]
) -> None:
    shop.ask(address_of(minji))
    name = f"poor-{uuid.uuid4().hex[:8]}"
    with door.client(door.program(name, *may, roles=roles)) as poor:
        said = problem(poor, bill_to(minji))
    assert (said.type, said.status) == ("urn:wordkept:not-granted", 403)
    assert turned_away(door, minji) == [("door.not-granted", name)]


def turned_away(door: Door, subject: str | None = None) -> list[tuple[str | None, str | None]]:
    """Why, and whose, requests about a person, or all, went no further than the door."""
    found = told(door.gate, subject=subject)
    return [(body.rule, body.actor) for predicate, body in found if predicate == "refused" and body.rule]


def test_nobody_who_is_not_known_is_answered(door: Door, shop: Client, minji: str) -> None:
    shop.ask(address_of(minji))
    gone = door.program("gone")
    with door.client(gone) as client:
        assert client.ask(bill_to(minji)).values
        door.credentials.revoke("gone")
        for stranger in (client, door.client("wrong"), door.client(""), door.client("x" * 9000)):
            said = problem(stranger, bill_to(minji))
            assert (said.type, said.status) == ("urn:wordkept:unknown-client", 401)
            stranger.close()


def test_a_change_that_is_asked_again_under_its_id_is_done_once(shop: Client, door: Door, minji: str) -> None:
    same = uuid.uuid4().hex
    assert not shop.ask(address_of(minji, request_id=same)).repeated
    assert shop.ask(address_of(minji, request_id=same)).repeated
    assert len(door.gate.records(minji)) == 1
    other = Request(subject=minji, by=MEMBER, act="freeze", items=("email",), request_id=same)
    assert problem(shop, other).type == "urn:wordkept:rejected"


def test_a_batch_is_answered_one_by_one_and_nothing_takes_another_thing_with_it(shop: Client, minji: str) -> None:
    answers = shop.ask_many(
        [
            address_of(minji, "no address"),
            address_of(minji),
            bill_to(minji),
            bill_to(minji, "marketing"),
            Use(subject=minji, by=STAFF, items=("email",), purpose="notification"),
            Event(subject=minji, by=MEMBER, kind="service.subscribed"),
            Consent(subject=minji, by=MEMBER, to="marketing", choice=Choice.GIVEN, shown=text("marketing")),
            bill_to(minji, "marketing"),
            View(subject=minji, by=MEMBER, items=("email",)),
        ]
    )
    kinds = [one.type.rpartition(":")[2] if isinstance(one, Problem) else "done" for one in answers]
    assert kinds == ["rejected", "done", "done", "refused", "not-granted", "impossible", "done", "done", "done"]
    assert isinstance(answers[-1], Answer)
    assert answers[-1].values == {"email": (ADDRESS,)}


def test_many_threads_ask_at_once(shop: Client, door: Door) -> None:
    def live(number: int) -> str:
        subject = shop.new_subject()
        shop.ask(Consent(subject=subject, by=MEMBER, to="table", choice=Choice.GIVEN, shown=text("table")))
        shop.ask(Event(subject=subject, by=MEMBER, kind="service.subscribed"))
        shop.ask(address_of(subject, f"person{number}@example.kr"))
        return shop.ask(bill_to(subject)).values["email"][0]

    with ThreadPoolExecutor(12) as threads:
        assert list(threads.map(live, range(24))) == [f"person{number}@example.kr" for number in range(24)]
    assert door.gate.counts()["live"] >= 24


def test_a_person_corrects_freezes_and_deletes_what_is_theirs(shop: Client, minji: str) -> None:
    shop.ask(address_of(minji))
    shop.ask(Request(subject=minji, by=MEMBER, act="freeze", items=("email",)))
    assert problem(shop, bill_to(minji)).reason == "frozen"
    new = {"email": "kim@example.kr"}
    shop.ask(Request(subject=minji, by=MEMBER, act="correct", items=("email",), values=new))
    assert shop.ask(bill_to(minji)).values == {"email": ("kim@example.kr",)}
    shop.ask(Request(subject=minji, by=MEMBER, act="destroy", items=("email",)))
    assert problem(shop, bill_to(minji)).reason == "absent"


def test_who_was_handed_something_is_named_with_the_pseudonym_they_know(door: Door, minji: str) -> None:
    handed = Request(subject=minji, by=STAFF, act="entrust", items=("email",), purpose="identification", to="ktis")
    with door.client(door.program("handing", *MAY, "consent:entrustment", "entrust:ktis")) as client:
        client.ask(address_of(minji))
        client.ask(Consent(subject=minji, by=MEMBER, to="entrustment", choice=Choice.GIVEN, shown=text("entrustment")))
        alias = client.ask(handed).alias
        assert alias not in {None, minji}
        assert client.ask(handed).alias == alias
        assert client.ask(Request(subject=minji, by=MEMBER, act="destroy", items=("email",))).ordered == ("ktis",)


def test_the_program_of_the_documentation_is_answered_as_it_says(door: Door) -> None:
    page = (ROOT / "docs" / "http.md").read_text("utf-8")
    (program,) = re.findall("^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    may = re.search(r"credential shop (.*?)\n[^$ ]", page, re.DOTALL)
    assert may
    granted = re.findall(r"--may (\S+)", may[1])
    printed: list[str] = []
    names = {
        "print": lambda *words: printed.append(" ".join(map(str, words))),
        "address": door.address, "secret": door.program("documented", *granted), "certificate": door.authority,
    }  # fmt: skip
    exec(compile(program, "http.py", "exec"), names)  # noqa: S102
    assert len(granted) == 4
    assert "\n".join(printed) in page


def test_the_description_is_there_for_everybody(door: Door) -> None:
    trusted = create_default_context(cafile=str(door.authority))
    with urlopen(f"{door.address}/openapi.json", context=trusted) as found:  # noqa: S310
        assert json.loads(found.read()) == json.loads(document())


def test_what_the_gate_does_not_write_down_the_door_does(shop: Client, door: Door, minji: str) -> None:
    assert problem(shop, address_of(minji, "no address")).type == "urn:wordkept:rejected"
    assert problem(shop, Event(subject=minji, by=MEMBER, kind="service.subscribed")).type == "urn:wordkept:impossible"
    found = sorted(turned_away(door, minji), key=str)
    assert found == [("door.impossible", "shop"), ("door.rejected", "shop")]


def test_a_malformed_message_is_in_the_evidence(shop: Client, door: Door) -> None:
    before = turned_away(door).count(("door.malformed", "shop"))
    assert problem(shop, View(subject="x", by=MEMBER, items=("email",))).type == "urn:wordkept:malformed"
    assert turned_away(door).count(("door.malformed", "shop")) == before + 1


def test_strangers_are_stated_together_once_a_minute(temporary: Temporary, tmp_path: Path) -> None:
    now = [NOON]
    with temporary.gate(POLICY) as gate:
        with served(gate, tmp_path, lambda: now[0]) as door, door.client("nobody's") as stranger:
            for _ in range(5):
                assert problem(stranger, bill_to("a" * 32)).status == 401
            assert counted(gate) == [1]
            now[0] += timedelta(minutes=1)
            assert problem(stranger, bill_to("a" * 32)).status == 401
            assert counted(gate) == [1, 5]
            for _ in range(3):
                assert problem(stranger, bill_to("a" * 32)).status == 401
        assert counted(gate) == [1, 3, 5], "at the end, what was not stated yet"


def counted(gate: Gate) -> list[int]:
    return sorted(body.counts["requests"] for _, body in told(gate) if body.rule == "door.unknown-client")


def test_a_defect_of_ours_is_one_answer_that_says_nothing_and_a_line_in_the_log(
    shop: Client, minji: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError(ADDRESS)

    monkeypatch.setattr("wordkept.web.api.application.Desk.answers", broken)
    with pytest.raises(UnavailableError, match="the program failed"):
        shop.ask(address_of(minji))
    assert re.fullmatch(r"a defect: ZeroDivisionError at test_api\.py:\d+", caplog.records[-1].getMessage())
    assert ADDRESS not in caplog.text


def test_a_store_that_is_away_is_said_to_be_and_what_it_said_stays_inside(
    shop: Client, minji: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise UnavailableError("the store at 10.0.0.5 went away")

    monkeypatch.setattr("wordkept.web.api.application.Desk.answers", away)
    with pytest.raises(UnavailableError) as error:
        shop.ask(address_of(minji))
    assert "10.0.0.5" not in str(error.value)


def test_a_masked_document_is_taken_and_only_its_picture_kept(door: Door) -> None:
    with door.client(door.program("desk", "collect:id-verification", "use:id-verification")) as desk:
        subject = desk.new_subject()
        files = {"id_card_copy": png(more=chunk(b"tEXt", b"GPS"))}
        given = Collect(
            subject=subject, by=MEMBER, purpose="id-verification", method="website", matter="request:id-1",
            files=files, masked=True,
        )  # fmt: skip
        desk.ask(given)
        seen = Use(subject=subject, by=STAFF, items=("id_card_copy",), purpose="id-verification")
        assert desk.ask(seen).files == {"id_card_copy": (png(),)}
