"""A choice is kept with the text that was shown, and the gate takes no other; to take back needs none."""

from __future__ import annotations

import msgspec
import pytest
from tests.gate.conftest import START, Someone, at, told

from wordkept.gate import Gate, Happening
from wordkept.record import Actor, Shown
from wordkept.terms import Channel, Choice, Level, Role, ValueRejectedError
from wordkept.texts import shown_on, text_of
from wordkept.vault.formats import Store
from wordkept.vault.server import OWNER

MEMBER = Actor(Role.MEMBER, name="test-member")


@pytest.fixture
def someone(gate: Gate) -> Someone:
    return Someone(gate)


def chooses(someone: Someone, to: str, choice: Choice, shown: Shown | None, by: Actor | None = MEMBER) -> None:
    someone.gate.happen([Happening(someone.subject, "consent", None, to, choice, by=by, shown=shown)], someone.now)


@pytest.mark.parametrize("choice", [Choice.GIVEN, Choice.REFUSED, Choice.WITHDRAWN])
def test_a_choice_of_either_kind_keeps_digest_language_edition_channel_and_instant(
    gate: Gate, someone: Someone, choice: Choice
) -> None:
    shown = shown_on(gate.policy, someone.day, "marketing", Channel.APP, "ko")
    chooses(someone, "marketing", choice, shown)
    last = gate.events(someone.subject)[-1]
    assert (last.choice, last.shown, last.edition) == (choice, shown, gate.policy.editions[0].effective)
    with gate.installation.connect(Store.LIVE, OWNER) as owner:
        asked = "SELECT at FROM event WHERE subject_id = %s ORDER BY number DESC LIMIT 1"
        assert owner.execute(asked, [someone.subject]).fetchone() == (someone.now,)
    assert told(gate, subject=someone.subject)[-1][1].digest == shown.digest


@pytest.mark.parametrize("choice", [Choice.GIVEN, Choice.REFUSED])
def test_a_yes_or_no_to_no_text_is_refused_and_not_kept(gate: Gate, someone: Someone, choice: Choice) -> None:
    before = gate.events(someone.subject)
    with pytest.raises(ValueRejectedError, match="the text that was shown"):
        chooses(someone, "marketing", choice, None)
    assert gate.events(someone.subject) == before


def test_taking_back_is_one_act_on_any_channel_and_needs_no_text(gate: Gate, someone: Someone) -> None:
    for channel in Channel:
        before = len(gate.events(someone.subject))
        chooses(someone, "marketing", Choice.GIVEN, shown_on(gate.policy, someone.day, "marketing", channel))
        chooses(someone, "marketing", Choice.WITHDRAWN, None)
        assert len(gate.events(someone.subject)) == before + 2
        assert gate.history(someone.subject).choice("marketing") is Choice.WITHDRAWN


@pytest.mark.parametrize(
    "wrong",
    [
        {"digest": "0" * 64},
        {"digest": "ab"},
        {"digest": "A" * 64},
        {"digest": "0" * 64 + "\n"},
        {"language": "en"},
        {"language": "fr"},
        {"language": "ko; DROP TABLE event"},
        {"channel": "post"},
        {"digest": None},
    ],
)
def test_what_is_no_text_of_that_choice_and_language_is_refused(
    gate: Gate, someone: Someone, wrong: dict[str, object]
) -> None:
    before = gate.events(someone.subject)
    shown = shown_on(gate.policy, someone.day, "marketing", Channel.WEB, "ko")
    with pytest.raises(ValueRejectedError):
        chooses(someone, "marketing", Choice.GIVEN, msgspec.structs.replace(shown, **wrong))
    assert gate.events(someone.subject) == before


def test_the_text_of_another_choice_is_refused_and_takes_its_batch_with_it(gate: Gate, someone: Someone) -> None:
    other = shown_on(gate.policy, someone.day, "introduction")
    own = shown_on(gate.policy, someone.day, "marketing")
    before = gate.events(someone.subject)
    asked = [Happening(someone.subject, "consent", None, "marketing", Choice.GIVEN, shown=one) for one in (own, other)]
    with pytest.raises(ValueRejectedError, match="no text of the edition in force"):
        gate.happen(asked, someone.now)
    assert gate.events(someone.subject) == before


def test_the_text_is_on_file_word_for_word(gate: Gate, someone: Someone) -> None:
    text = text_of(gate.policy.editions[0], "provision:kmc", "ko")
    chooses(someone, "provision:kmc", Choice.GIVEN, text.shown(Channel.WEB))
    with gate.installation.connect(Store.LIVE, OWNER) as owner:
        found = owner.execute(
            "SELECT body FROM consent_text WHERE digest = %s", [bytes.fromhex(text.digest)]
        ).fetchone()
        assert found == (text.body,)


def test_a_text_asked_for_again_under_a_request_id_is_one_choice(gate: Gate, someone: Someone) -> None:
    shown = shown_on(gate.policy, someone.day, "marketing")
    what = Happening(someone.subject, "consent", None, "marketing", Choice.GIVEN, "ab" * 16, MEMBER, shown)
    assert gate.happen([what], someone.now) == gate.happen([what], someone.now)
    other = msgspec.structs.replace(what, shown=shown_on(gate.policy, someone.day, "marketing", Channel.PAPER))
    with pytest.raises(ValueRejectedError, match="request id"):
        gate.happen([other], someone.now)


def test_only_somebody_known_signs(gate: Gate, someone: Someone) -> None:
    for by, channel, signs in (
        (MEMBER, Channel.WEB, True),
        (Actor(Role.REPRESENTATIVE), Channel.WEB, True),
        (Actor(Role.MEMBER, level=Level.NONE), Channel.WEB, False),
        (Actor(Role.STAFF), Channel.PAPER, True),
        (Actor(Role.STAFF), Channel.TELEPHONE, False),
        (Actor(Role.SYSTEM), Channel.PAPER, False),
        (None, Channel.WEB, False),
    ):
        chooses(someone, "marketing", Choice.GIVEN, shown_on(gate.policy, someone.day, "marketing", channel), by)
        assert (gate.events(someone.subject)[-1].signature is not None) is signs
        assert gate.history(someone.subject).choices["marketing"][-1].signed is signs


def test_many_events_at_once_are_written_alike(gate: Gate) -> None:
    shown = shown_on(gate.policy, START, "marketing", Channel.EMAIL)
    people = [Someone(gate, member=False).subject for _ in range(12)]
    said = [Happening(one, "consent", None, "marketing", Choice.REFUSED, by=MEMBER, shown=shown) for one in people]
    gate.happen(said, at(START))
    for one in people:
        (event,) = gate.events(one)
        assert (event.shown, event.choice) == (shown, Choice.REFUSED)
        assert event.signature is not None
