"""The answers of whoever starts a policy: a few, each text short and plain, so that it can stand in any sentence.

An answer that cannot is refused by its question's name and is never repeated: it may be anything. What is *not* here:
asking (``command``), and what is written from the answers (``drafting``).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from wordkept.terms import MalformedPolicyError
from wordkept.written.typed import typed
from wordkept.written.yaml import UNFIT, Positions

LONGEST: Final = 200
"""Longest text of an answer, in characters."""
MOST: Final = 20
"""Most entries of a list."""

_EMAIL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()-]{1,30}[0-9]")
_MARKUP: Final = re.compile(r"[`*_\[\]{}<>|\\~]")

Collected = Literal["name", "phone", "address", "birthdate", "usage"]


class Answers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What is asked.

    Attributes:
        service: what the service is called.
        email: the address that its privacy office reads.
        telephone: of the office, if it has one.
        country: whose law: ``kr`` for the Republic of Korea, ``eu`` for the European Union.
        office: the office that answers for the policy, and affirms it.
        collects: what is collected besides an e-mail address and a password.
        newsletter: whether one is sent.
        processors: who works for the service, each as ``name: what they do``.
        keeps: months for which data is kept after an account was closed.
        timezone: IANA name; by the country if left out.
    """

    service: str
    email: str
    country: Literal["kr", "eu"]
    telephone: str = ""
    office: str = "privacy office"
    collects: tuple[Collected, ...] = ()
    newsletter: bool = False
    processors: tuple[str, ...] = ()
    keeps: Annotated[int, msgspec.Meta(ge=0, le=120)] = 6
    timezone: str | None = None

    def workers(self) -> list[tuple[str, str]]:
        """Who works for the service, and what they do."""
        split = (one.partition(":") for one in self.processors)
        return [(name.strip(), task.strip()) for name, _, task in split]


def answered(data: Any, positions: Positions, file: str) -> Answers:
    """Answers from text.

    Args:
        data: by question, text or a list of texts.
        positions: where each stands in a file.
        file: its name, empty if there is none.

    Raises:
        MalformedPolicyError: the first answer that is missing, unknown, or no answer to its question.
    """
    for key, value in data.items() if isinstance(data, dict) else ():
        for text in (key, *(value if isinstance(value, list) else [value])):
            if isinstance(text, str) and (said := _unfit(text)):
                raise _wrong(key if _unfit(key) is None else "answers", said, positions, file)
    found: Answers = typed(data or {}, Answers, positions, file)
    for key, said in _doubts(found):
        raise _wrong(key, said, positions, file)
    return found


def _unfit(text: str) -> str | None:
    if len(text) > LONGEST:
        return f"more than {LONGEST} characters"
    if not text.isprintable() or UNFIT.search(text) or not unicodedata.is_normalized("NFC", text):
        return "only printable characters in one line, in Unicode's composed form (NFC)"
    return None


def _doubts(answers: Answers) -> list[tuple[str, str]]:
    """What is wrong with answers that have the right types."""
    found = [(key, said) for key in ("service", "office") if (said := _no_name(getattr(answers, key)))]
    if not _EMAIL.fullmatch(answers.email):
        found.append(("email", "not an e-mail address such as privacy@example.kr"))
    if answers.telephone and not _PHONE.fullmatch(answers.telephone):
        found.append(("telephone", "not a telephone number such as 02-555-0100"))
    if max(len(answers.processors), len(answers.collects)) > MOST:
        found.append(("processors", f"more than {MOST}"))
    if len(set(answers.collects)) < len(answers.collects):
        found.append(("collects", "something is named twice"))
    for one in answers.workers():
        found += [("processors", f"{said}; write 'Acme: runs our servers'") for part in one if (said := _no_name(part))]
    if answers.timezone is not None and not _is_zone(answers.timezone):
        found.append(("timezone", "not a time zone such as Asia/Seoul"))
    return found


def _no_name(text: str) -> str | None:
    if not any(one.isalnum() for one in text):
        return "a name has letters or digits"
    if _MARKUP.search(text):
        return "it has a sign that means something in Markdown"
    return None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True


def _wrong(key: str, said: str, positions: Positions, file: str) -> MalformedPolicyError:
    line, column = positions.value(key) if file else (0, 0)
    return MalformedPolicyError(f"{key}: {said}", file=file, line=line, column=column)
