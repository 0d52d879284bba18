"""Credentials: which program may ask what of the gate, and as whom it may speak.

A program is known by a secret of 32 random bytes, of which only the SHA-256 digest is kept: a stranger cannot guess it
and a thief of the file cannot use it, so nothing slower is needed. What is not granted is denied: a grant is a verb,
for one purpose, consent, event or recipient (``use:bill-sending``). What is *not* here: what the policy answers.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final

import msgspec

from wordkept.policy.model import Policy
from wordkept.terms import Act, Level, Role, ValueRejectedError
from wordkept.web.api import messages
from wordkept.web.api.messages import Asking
from wordkept.written.owned import Owned

FILE: Final = "clients.json"
"""In the installation's folder; mode 0600."""
CONSENT, EVENT, IDENTIFY = "consent", "event", "identify"
_NAMED: Final = frozenset({Act.COLLECT, Act.USE, Act.PROVIDE, Act.ENTRUST, CONSENT, EVENT})
"""Verbs that are never granted without what for."""
_VERBS: Final = frozenset({*Act, CONSENT, EVENT, IDENTIFY})
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_SECRET: Final = 32


class Credential(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one program may do.

    Attributes:
        name: of the program; evidence has it.
        digest: SHA-256 of its secret, in hex.
        may: what is granted: ``view``, or ``use:bill-sending``.
        roles: as whom it may speak.
        vouches: how well, at most, its own word says who a person is; for more they bring a proof.
    """

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_-]{0,39}\Z")]
    digest: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
    may: tuple[str, ...]
    roles: tuple[Role, ...]
    vouches: Level = Level.SESSION

    def __repr__(self) -> str:
        return f"<Credential of {self.name}>"

    def grants(self, asked: Asking) -> bool:
        """Whether it may ask this, as whoever asks."""
        verb, about = _verb(asked)
        needed = verb if about is None else f"{verb}:{about}"
        return asked.by.role in self.roles and needed in self.may


def _verb(asked: Asking) -> tuple[str, str | None]:
    match asked:
        case messages.Collect(purpose=purpose):
            return Act.COLLECT, purpose
        case messages.Use(purpose=purpose):
            return Act.USE, purpose
        case messages.View():
            return Act.VIEW, None
        case messages.Consent(to=to):
            return CONSENT, to
        case messages.Event(kind=kind):
            return EVENT, kind
        case messages.Request(act=act, to=to):
            return act, to if act in _NAMED else None
        case messages.SendCode() | messages.Prove():
            return IDENTIFY, None


class Credentials:
    """The programs of one installation, as its file lists them now.

    Args:
        folder: the installation's.
    """

    def __init__(self, folder: Path) -> None:
        self._list = Owned(folder / FILE, Credential)

    def all(self) -> tuple[Credential, ...]:
        """Every credential; one that was just revoked is not among them.

        Raises:
            UnavailableError: others may read the file, or it is damaged.
        """
        return self._list.all()

    def of(self, secret: str) -> Credential | None:
        """Whose a secret is, none if nobody's; takes as long for one as for the other."""
        digest, found = _digest(secret), None
        for one in self.all():
            if hmac.compare_digest(one.digest, digest):
                found = one
        return found

    def add(
        self, name: str, may: Sequence[str], roles: Sequence[Role], policy: Policy, vouches: Level = Level.SESSION
    ) -> str:
        """Let a program in.

        Returns:
            Its secret, which is kept nowhere.

        Raises:
            ValueRejectedError: the name is taken or none, or a grant names what the policy does not declare.
        """
        if not _NAME.fullmatch(name):
            raise ValueRejectedError("name: 1 to 40 small letters, digits, - and _, a letter first")
        for grant in may:
            _check(grant, policy)
        secret = secrets.token_urlsafe(_SECRET)
        made = Credential(name, _digest(secret), tuple(may), tuple(roles), vouches)
        with self._list.changed() as known:
            if any(one.name == name for one in known):
                raise ValueRejectedError(f"{name} is let in already; revoke it first")
            known.append(made)
        return secret

    def revoke(self, name: str) -> None:
        """Let a program in no more, from its next request on.

        Raises:
            ValueRejectedError: there is none of that name.
        """
        with self._list.changed() as known:
            left = [one for one in known if one.name != name]
            if left == known:
                raise ValueRejectedError("no program of that name is let in")
            known[:] = left


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _check(grant: str, policy: Policy) -> None:
    verb, _, about = grant.partition(":")
    if verb not in _VERBS:
        raise ValueRejectedError("a grant is a verb: " + ", ".join(sorted(_VERBS)))
    if (verb in _NAMED) != bool(about):
        said = "names what it is for, as in use:bill-sending" if verb in _NAMED else "names nothing else"
        raise ValueRejectedError(f"a grant to {verb} {said}")
    if about and about not in declared(verb, policy):
        raise ValueRejectedError(f"a grant to {verb}: no edition of the policy declares what it names")


def declared(verb: str, policy: Policy) -> set[str]:
    """What a verb may be granted for."""
    editions = policy.editions
    if verb in {Act.COLLECT, Act.USE}:
        return {name for one in editions for name in one.purposes}
    if verb == Act.PROVIDE:
        return {name for one in editions for name in one.recipients}
    if verb == Act.ENTRUST:
        return {name for one in editions for name in (*one.processors, *one.stores)}
    if verb == CONSENT:
        return {name for one in editions for name in one.consents}
    spans = [span for one in editions for span in one.spans.values() if not span.operator]
    return {kind for span in spans for kind in (span.opens, span.closes) if kind}
