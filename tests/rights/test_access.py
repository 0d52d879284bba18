"""What a person is told who asks what is held: all of it, to them alone, in a few trips."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from tests.gate.conftest import told
from tests.rights.conftest import Asker

from wordkept.gate import Gate, Refused, Reports
from wordkept.record import Actor
from wordkept.rights.access import access
from wordkept.terms import Act, Level, Role, State, UnavailableError
from wordkept.vault.flight import Session


@pytest.fixture
def reports(gate: Gate) -> Iterator[Reports]:
    with Reports(gate.installation, gate.policy) as opened:
        yield opened


def shown(someone: Asker, reports: Reports, *, reveal: bool = True) -> object:
    found = access(someone.gate.edition(someone.day), reports.of(someone.subject, someone.now, someone.member()),
                   someone.day, reveal=reveal)  # fmt: skip
    return msgspec.to_builtins(found)


def test_what_is_held_what_for_how_long_who_has_it_and_what_was_agreed_is_told(
    someone: Asker, reports: Reports
) -> None:
    someone.collects("identification", "birthdate")
    someone.consents("provision:kmc")
    someone.does(Act.PROVIDE, "birthdate", to="kmc")
    found = reports.of(someone.subject, someone.now, someone.member())
    told_ = access(someone.gate.edition(someone.day), found, someone.day, reveal=True)
    lines = {one.value: one for one in told_.held}
    email = lines["minji@example.kr"]
    assert (email.since, email.state) == (someone.day, State.LIVE)
    assert email.method
    assert [(one.clause, one.until) for one in email.kept] == [("5.1.A", None)]
    assert [(one.since, one.gone) for one in told_.elsewhere] == [(someone.day, None)]
    assert ("provision:kmc", "given") in [(one.to, one.choice) for one in told_.consents]


def test_what_is_kept_apart_is_told_with_the_law_that_keeps_it(someone: Asker, reports: Reports) -> None:
    someone.happens("service.terminated")
    with pytest.raises(Refused):
        someone.does(Act.DESTROY, "applicant_name")
    told_ = access(someone.gate.edition(someone.day), reports.of(someone.subject, someone.now, someone.member()),
                   someone.day, reveal=True)  # fmt: skip
    apart = next(one for one in told_.held if one.state is State.SEPARATED)
    assert apart.value == "Kim Minji"
    assert [(one.clause, one.law) for one in apart.kept] == [("5.2.B", "kr/national-tax-act.books")]


def test_without_reveal_no_value_is_in_it(someone: Asker, reports: Reports) -> None:
    said = str(shown(someone, reports, reveal=False))
    assert "minji@example.kr" not in said
    assert "minji@example.kr" in str(shown(someone, reports))
    assert "minji" not in repr(reports.of(someone.subject, someone.now, someone.member()))


def test_it_is_a_viewing_as_any_other_and_refused_to_whoever_may_not(someone: Asker, reports: Reports) -> None:
    for by in (someone.member(Level.NONE), Actor(Role.STAFF, name="desk"), Actor(Role.SYSTEM, name="desk")):
        with pytest.raises(Refused):
            reports.of(someone.subject, someone.now, by)
    assert [name for name, _ in told(someone.gate, subject=someone.subject)].count("refused") == 3
    reports.of(someone.subject, someone.now, someone.member())
    viewed = [body for name, body in told(someone.gate, subject=someone.subject) if name == "viewed"]
    assert len(viewed) == 1
    assert len(viewed[0].records) == 2
    with pytest.raises(UnavailableError):
        reports.of("0" * 31 + "1", someone.now, someone.member())


def test_sixty_values_take_five_trips_at_most(
    someone: Asker, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(58):
        someone.collects(
            "service-record", "access_ip", method="generated", by=Role.SYSTEM, values={"access_ip": f"192.0.2.{n}"}
        )
    reports.of(someone.subject, someone.now, someone.member())
    trips: list[int] = []
    fly = Session._fly

    def counted(self: Session, *args: object) -> object:
        trips.append(1)
        return fly(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "_fly", counted)
    assert len(reports.of(someone.subject, someone.now, someone.member()).held) == 60
    assert 0 < len(trips) <= 5
