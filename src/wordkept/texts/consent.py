"""The text of a consent: exactly what a person is shown before they choose, drawn from the edition and nothing else.

One text for each choice and language, as UTF-8 with a newline at the end of every line; its SHA-256 is what an event
keeps of it, so that years later anybody can say what was agreed to. It names what the law asks for (Personal
Information Protection Act, articles 15 (2) and 17 (2)): purpose, items, period, for a provision who gets them and what
for, and that one may refuse and what that costs. What is *not* here: the buttons under it, and who pressed which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Final

import msgspec

from wordkept.policy.declared import Purpose, Recipient
from wordkept.policy.model import Binding, Edition, Policy
from wordkept.record import Shown
from wordkept.rules.consent import Entrustment, GroupAgreed, Guardian
from wordkept.terms import Channel, ValueRejectedError
from wordkept.texts import periods
from wordkept.texts.tongue import Tongue, languages

PROVISION, CATEGORY = "provision:", "category:"
"""How the names of consents to a recipient, and to a kind of data, begin."""
_CONSENT_ONLY: Final = frozenset({"provision.with-consent-only", "provision.written-consent-only"})
Lines = Iterator[tuple[str, str]]


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """What a person is shown about one choice.

    Attributes:
        to: what the choice is about.
        language: tag of the language.
        edition: effective day of the edition that it is drawn from.
        required: the service rests on it; every other choice is free.
        body: the text.
        digest: hex SHA-256 of its bytes in UTF-8.
    """

    to: str
    language: str
    edition: date
    required: bool
    body: str
    digest: str

    def shown(self, channel: Channel) -> Shown:
        """What an event keeps of it, where a choice came by a channel."""
        return Shown(self.digest, self.language, channel)


def texts_of(edition: Edition) -> Mapping[tuple[str, str], Text]:
    """Every text of an edition by choice and language, in the order of the names; the same ones each time."""
    known: dict[tuple[str, str], Text] = edition.__dict__.setdefault("_texts", {})
    if not known:
        spoken = {edition.language: edition, **edition.translations}
        tongues = [Tongue(one) for language, one in spoken.items() if language in languages()]
        known.update({(text.to, text.language): text for one in tongues for text in texts_in(one)})
    return known


def texts_in(tongue: Tongue) -> tuple[Text, ...]:
    """Every text of an edition in one language, in the order of the names."""
    return tuple(_drawn(to, tongue) for to in sorted(tongue.edition.consents))


def text_of(edition: Edition, to: str, language: str) -> Text:
    """One text.

    Raises:
        ValueRejectedError: the edition asks for no such consent, or not in that language.
    """
    found = texts_of(edition).get((to, language))
    if found is None:
        spoken = ", ".join(sorted({one for _, one in texts_of(edition)}))
        raise ValueRejectedError("consent: no text of that name and language", hint=f"this edition speaks: {spoken}")
    return found


def shown_on(policy: Policy, day: date, to: str, channel: Channel = Channel.WEB, language: str | None = None) -> Shown:
    """What an event keeps of the text of a day, in the original's language unless another is named.

    Raises:
        ValueRejectedError: as ``text_of``.
    """
    edition = policy.on(day) or policy.editions[0]
    return text_of(edition, to, language or edition.language).shown(channel)


def text_by_digest(edition: Edition, to: str, language: str, digest: str) -> Text | None:
    """The text that somebody says was shown, none if it is not the edition's."""
    found = texts_of(edition).get((to, language))
    return found if found is not None and found.digest == digest else None


def is_required(edition: Edition, to: str) -> bool:
    """Whether the service rests on a consent: what the table is, and a guardian's word for a child."""
    params = [one.params for clause in edition.clauses.values() for one in clause.bindings]
    needed = {one.group for one in params if isinstance(one, GroupAgreed)}
    return to in needed | {one.to for one in params if isinstance(one, Guardian)}


def _drawn(to: str, tongue: Tongue) -> Text:
    edition, required = tongue.edition, is_required(tongue.edition, to)
    head = [
        tongue.say("title", service=edition.service, title=edition.title),
        tongue.say("edition", day=edition.effective),
        tongue.say("asked", "required" if required else "optional"),
    ]
    lines = [f"{label}: {' '.join(said.split())}" for label, said in _lines(to, tongue) if said]
    body = "\n".join([*head, "", *lines, ""])
    digest = sha256(body.encode()).hexdigest()
    return Text(to=to, language=tongue.language, edition=edition.effective, required=required, body=body, digest=digest)


def _lines(to: str, tongue: Tongue) -> Lines:
    edition, costs = tongue.edition, "required" if is_required(tongue.edition, to) else "optional"
    if to.startswith(PROVISION):
        yield from _provision(edition.recipients[to.removeprefix(PROVISION)], tongue)
        costs = "provision"
    elif to.startswith(CATEGORY):
        yield from _category(to.removeprefix(CATEGORY), tongue)
        costs = "category"
    elif purposes := _resting_on(to, edition):
        yield from _collection(purposes, tongue)
    else:
        binding = _asking(to, edition)
        yield from _asked(binding, tongue)
        costs = "entrustment" if isinstance(binding.params, Entrustment) else costs
    yield tongue.say("asked", "refuse"), tongue.say("asked", "costs", costs)
    yield tongue.say("asked", "withdraw"), tongue.say("asked", "how")


def _resting_on(to: str, edition: Edition) -> list[Purpose]:
    """The purposes that a choice opens or closes: one of its own, or a group's."""
    own = edition.purposes.get(to)
    return [own] if own is not None else [one for one in edition.purposes.values() if one.group == to]


def _collection(purposes: list[Purpose], tongue: Tongue) -> Lines:
    """Purpose, items and period of each; what needs a consent of its own apart from the rest."""
    items = tongue.edition.items
    for one in purposes:
        apart = [name for name in one.items if items[name].category]
        yield _head(tongue, "purpose"), one.title
        yield _head(tongue, "items"), tongue.titles(items, (name for name in one.items if name not in apart))
        yield tongue.say("asked", "apart"), tongue.titles(items, apart)
        yield _head(tongue, "period"), _cell(periods.of_purpose(one, tongue), tongue)


def _provision(recipient: Recipient, tongue: Tongue) -> Lines:
    """Who gets what, what for and for how long, and what it is given without asking."""
    yield _head(tongue, "recipient"), recipient.title
    yield tongue.say("asked", "its-purpose"), recipient.purpose
    yield _head(tongue, "items"), tongue.titles(tongue.edition.items, recipient.items)
    yield tongue.say("asked", "its-period"), _cell(periods.of_recipients(tongue), tongue)
    bindings = [one for clause in tongue.edition.clauses.values() for one in clause.bindings]
    lifted = dict.fromkeys(name for one in bindings if one.rule.name in _CONSENT_ONLY for name in one.unless)
    yield tongue.say("asked", "unasked"), " ".join(_sentence(number, tongue) for number in lifted)


def _category(name: str, tongue: Tongue) -> Lines:
    """Which items are of that kind, and for what each is wanted."""
    edition = tongue.edition
    items = [item.name for item in edition.items.values() if item.category == name]
    wanting = [one for one in edition.purposes.values() if set(items) & set(one.items)]
    yield _head(tongue, "category"), edition.categories[name].title
    yield _head(tongue, "items"), tongue.titles(edition.items, items)
    for one in wanting:
        yield _head(tongue, "purpose"), one.title
        yield _head(tongue, "period"), _cell(periods.of_purpose(one, tongue), tongue)


def _asking(to: str, edition: Edition) -> Binding:
    """The rule that asks; ``Edition.consents`` names no other kind."""
    bindings = [one for clause in edition.clauses.values() for one in clause.bindings]
    return next(one for one in bindings if one.rule.asks and to in one.rule.asks(one.params, edition))


def _asked(binding: Binding, tongue: Tongue) -> Lines:
    """The sentence under which a rule asks, and what that rule is about."""
    edition = tongue.edition
    yield tongue.say("asked", "to"), _sentence(binding.clause, tongue)
    if isinstance(binding.params, Entrustment):
        for one in edition.processors.values():
            yield _head(tongue, "processor"), one.title
            yield _head(tongue, "tasks"), tongue.joined(one.tasks)
            yield _head(tongue, "purposes"), tongue.titles(edition.purposes, one.purposes)


def _head(tongue: Tongue, key: str) -> str:
    return tongue.say("heads", key)


def _sentence(number: str, tongue: Tongue) -> str:
    return f"[{number}] {tongue.edition.clauses[number].text}"


def _cell(cell: periods.Cell, tongue: Tongue) -> str:
    return f"{cell.text} ({tongue.joined(cell.clauses)})" if cell.clauses else cell.text
