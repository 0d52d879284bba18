"""Authority: requests of authorities about people, each by a paper and a law, reviewed by a second person.

What a review grants becomes an event of the person, item by item, and only that opens a provision to an authority; so
what was asked and what was given stand side by side. Beside it stands the written reason for a use without consent
where that is extremely hard to obtain. Beside ``gate.Gate``, on connections of its own, for one thread. What is *not*
here: providing anything (``gate.Gate``), and telling the person, which is taken down here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from wordkept.evidence import Body, Predicate, Statement, state
from wordkept.gate import admitting, ending, papers
from wordkept.gate.asking import Happening
from wordkept.gate.attached import Attached
from wordkept.gate.deciding import Context, new_id
from wordkept.gate.telling import pseudonym
from wordkept.policy.model import Edition
from wordkept.record import Actor, SpanKind
from wordkept.terms import HARDSHIPS, Role, UnavailableError, ValueRejectedError
from wordkept.vault import authority
from wordkept.vault.authority import AuthorityRequest
from wordkept.vault.flight import Command

_LONGEST: Final = 200


class Authorities(Attached):
    """The register of one installation; a context manager."""

    def enter(
        self, subject: str, office: str, ground: str, items: Sequence[str], paper: bytes, by: str, now: datetime
    ) -> str:
        """Enter what an authority asked about a person; it opens nothing before it is reviewed.

        Args:
            subject: the person.
            office: which authority.
            ground: the law by which it may, ``kr/communications-secrets-act art. 13``.
            items: what it asks for.
            paper: its document.
            by: pseudonym of the staff who enters it.
            now: when.

        Returns:
            The id under which it is provided for.

        Raises:
            ValueRejectedError: something of it cannot be; nothing was stored.
            UnavailableError: the store is down.
        """
        context, who = self._context(now), _staff(by)
        _possible(context.words, subject, office, ground, items, context.day)
        digest = papers.filed(self.installation.folder, paper)
        entered = AuthorityRequest(
            subject=subject, id=new_id(now), authority=office, ground=ground, document=digest, asked=tuple(items),
            entered_on=context.day, entered_by=who.name,
        )  # fmt: skip
        self._write(context, [], authority.enter(entered), _said(context, "authority.entered", entered, who, items))
        return entered.id

    def review(self, request: str, granted: Sequence[str], tell_by: date | None, by: str, now: datetime) -> None:
        """A second person grants some of what was asked, or nothing; their person is told by a day, if a law wants it.

        Raises:
            ValueRejectedError: it was reviewed, by whom it was entered, or grants what was not asked; nothing stored.
            UnavailableError: there is no such request, or the store is down.
        """
        context, who, one = self._context(now), _staff(by), self.find(request)
        if one.granted is not None:
            raise ValueRejectedError("it was reviewed before")
        if who.name == one.entered_by:
            raise ValueRejectedError("whoever entered a request does not review it", hint="a second person does")
        if not set(granted) <= set(one.asked) or len(set(granted)) < len(granted):
            raise ValueRejectedError("no more is granted than was asked", hint=f"asked was {', '.join(one.asked)}")
        if tell_by is not None and tell_by < context.day:
            raise ValueRejectedError("the person is told today or later")
        kinds = [(kind.opens, f"{one.id}:{item}") for kind in _spans(context.words, "granted") for item in granted]
        said = _said(context, "authority.granted" if granted else "authority.refused", one, who, granted)
        self._write(
            context,
            _happenings(one.subject, kinds, who),
            authority.review(one, granted, context.day, by, tell_by),
            said,
        )

    def told(self, request: str, by: str, now: datetime) -> None:
        """The person was told. Raises as ``review``."""
        context, who, one = self._context(now), _staff(by), self.find(request)
        if one.tell_by is None or one.told_on is not None:
            raise ValueRejectedError("nobody has to be told of it any more")
        said = _said(context, "authority.told", one, who, one.granted or ())
        self._write(context, [], authority.tell(one, context.day, who.name), said)

    def delay(self, request: str, until: date, by: str, now: datetime) -> None:
        """The law lets the person be told later, until a day. Raises as ``review``."""
        context, who, one = self._context(now), _staff(by), self.find(request)
        if one.tell_by is None or one.told_on is not None or until <= one.tell_by:
            raise ValueRejectedError("only a notice that is still due can be put off, to a later day")
        said = _said(context, "authority.delayed", one, who, one.granted or ())
        self._write(context, [], authority.delay(one, until), said)

    def close(self, request: str, by: str, now: datetime) -> None:
        """What was asked is done: it opens nothing any more. Raises as ``review``."""
        context, who, one = self._context(now), _staff(by), self.find(request)
        if one.granted is None or one.closed_on is not None:
            raise ValueRejectedError("only a request that was reviewed, and is open, is closed")
        kinds = [
            (kind.closes, f"{one.id}:{item}")
            for kind in _spans(context.words, "granted")
            for item in one.granted
            if kind.closes
        ]
        said = _said(context, "authority.closed", one, who, one.granted)
        self._write(context, _happenings(one.subject, kinds, who), authority.close(one, context.day), said)

    def listed(self) -> list[AuthorityRequest]:
        """Every request there ever was, oldest first."""
        with self._stores.guarded(), self._stores.transaction() as session:
            return authority.listed(session)

    def find(self, request: str) -> AuthorityRequest:
        """A request by its id.

        Raises:
            ValueRejectedError: it is no id.
            UnavailableError: there is none.
        """
        admitting.identifier(request, "request")
        with self._stores.guarded(), self._stores.transaction() as session:
            found = authority.listed(session, request)
        if not found:
            raise UnavailableError("no authority's request has that id")
        return found[0]

    def write_down(
        self, subject: str, purpose: str, reason: str, paper: bytes, by: str, second: str, now: datetime
    ) -> None:
        """Write down why consent is extremely hard to obtain for a purpose that the contract needs.

        Raises:
            ValueRejectedError: there is no such purpose or reason, or one person is both; nothing was stored.
            ImpossibleEventError: the person has no service.
            UnavailableError: the store is down.
        """
        context, who = self._context(now), _staff(by)
        admitting.person(subject)
        spans, declared = _spans(context.words, "written"), context.words.purposes.get(purpose)
        if not spans or declared is None or declared.consent or reason not in HARDSHIPS:
            raise ValueRejectedError(
                "the policy makes no such exception", hint=f"it is {' or '.join(sorted(HARDSHIPS))}"
            )
        if pseudonym(second) in {None, who.name}:
            raise ValueRejectedError("a second person agrees to it")
        digest = papers.filed(self.installation.folder, paper)
        body = Body(
            actor=who.name, digest=digest, edition=context.words.digest, on=str(context.day), purpose=purpose,
            role=Role.STAFF, rule="hardship.written-down", second=second, subject=subject,
        )  # fmt: skip
        kinds = [(kind.opens, f"{purpose}:{reason}") for kind in spans]
        said = state(Predicate.ATTESTED, context.now, body)
        with self._stores.guarded():
            ending.enter(context, _happenings(subject, kinds, who), [], said)

    def _write(self, context: Context, happened: Sequence[Happening], command: Command, said: Statement) -> None:
        with self._stores.guarded():
            ending.enter(context, happened, [command], said)


def _happenings(subject: str, kinds: Sequence[tuple[str, str]], by: Actor) -> list[Happening]:
    return [Happening(subject, kind, matter, by=by) for kind, matter in kinds]


def _spans(words: Edition, key: str) -> list[SpanKind]:
    """The spans that rules of the policy name under a key of their parameters."""
    bindings = (one for clause in words.clauses.values() for one in clause.bindings)
    names = dict.fromkeys(name for one in bindings if (name := getattr(one.params, key, None)))
    return [words.spans[name] for name in names]


def _staff(by: str) -> Actor:
    name = pseudonym(by)
    if name is None:
        raise ValueRejectedError("by: name who says so")
    return Actor(Role.STAFF, name=name)


def _said(context: Context, rule: str, one: AuthorityRequest, by: Actor, items: Sequence[str]) -> Statement:
    body = Body(
        actor=by.name, digest=one.document, edition=context.words.digest, items=tuple(items), on=str(context.day),
        request=one.id, role=by.role, rule=rule, subject=one.subject,
    )  # fmt: skip
    return state(Predicate.ATTESTED, context.now, body)


def _possible(words: Edition, subject: str, office: str, ground: str, items: Sequence[str], day: date) -> None:
    """Whether a request may be entered as it is.

    Raises:
        ValueRejectedError: says what cannot be.
    """
    admitting.person(subject)
    if not _spans(words, "granted"):
        raise ValueRejectedError(
            "the policy has no review of requests", hint="name its span: provision.by-law, granted"
        )
    for what, text in (("authority", office), ("ground", ground)):
        if not 0 < len(text) <= _LONGEST or not text.isprintable():
            raise ValueRejectedError(f"{what}: 1 to {_LONGEST} printable characters")
    if not words.in_force(ground, day):
        raise ValueRejectedError("the ground is no law on file that is in force", hint="such as kr/pipa art. 18")
    unknown = [one for one in items if one not in words.items]
    if unknown or not items or len(set(items)) < len(items):
        raise ValueRejectedError("items: those of the policy, each once, one at least")
