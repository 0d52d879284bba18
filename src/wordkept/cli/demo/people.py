"""People who do not exist: drawn from a seed and a number, never kept.

Telephone numbers are 010-0000-xxxx, addresses end in domains that are reserved for examples, registration numbers
begin with zeros. The same seed and number give the same person on every machine. What is *not* here: what happens to
them (``lives``).
"""

from __future__ import annotations

import hashlib
from random import Random
from typing import Final

import msgspec

_SURNAMES: Final = "김김김김김이이이이박박박최최정정강조윤장임한오서신권황안송류홍"
_GIVEN: Final = (
    ("민", "min"), ("지", "ji"), ("서", "seo"), ("현", "hyun"), ("은", "eun"), ("영", "young"), ("수", "su"),
    ("진", "jin"), ("하", "ha"), ("윤", "yoon"), ("도", "do"), ("준", "jun"), ("예", "ye"), ("우", "woo"),
    ("연", "yeon"), ("태", "tae"), ("아", "a"), ("성", "sung"), ("호", "ho"), ("경", "kyung"),
)  # fmt: skip
_DOMAINS: Final = ("example.com", "example.net", "example.org", "mail.example", "office.example")
_TOWNS: Final = ("서울시 가상구", "부산시 보기구", "대구시 견본구", "광주시 예시구", "대전시 모의구", "수원시 시범구")
_BANKS: Final = ("가상은행", "보기은행", "견본은행")


class Person(msgspec.Struct, frozen=True):
    """Somebody made up; the attributes are values of the reference policy's items."""

    number: int
    name: str
    email: str
    phone: str
    contact: str
    birthdate: str
    gender: str
    address: str
    next_address: str
    business: str
    account: str
    bank: str
    ci: str


def person(seed: int, number: int) -> Person:
    """The person of a number, the same each time.

    Args:
        seed: of the whole demonstration.
        number: 0, 1, 2, … without an end.
    """
    draw = Random(f"wordkept person {seed} {number}")
    first, second = draw.sample(_GIVEN, 2)
    email = f"{first[1]}{second[1]}{number}@{draw.choice(_DOMAINS)}"
    return Person(
        number=number,
        name=f"{draw.choice(_SURNAMES)}{first[0]}{second[0]}",
        email=email,
        phone=f"010-0000-{draw.randrange(10_000):04}",
        contact=f"02-000-{draw.randrange(10_000):04}",
        birthdate=f"{draw.randrange(1950, 1998)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}",
        gender=draw.choice(("여", "남")),
        address=_address(draw),
        next_address=_address(draw),
        business=f"000-00-{draw.randrange(100_000):05}",
        account=f"000-{draw.randrange(10_000_000):07}",
        bank=draw.choice(_BANKS),
        ci=hashlib.sha256(f"{seed} {number}".encode()).hexdigest(),
    )


def _address(draw: Random) -> str:
    return f"{draw.choice(_TOWNS)} 한결로 {draw.randrange(1, 400)}"
