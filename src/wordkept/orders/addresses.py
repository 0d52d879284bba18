"""Addresses: where partners take orders, in ``partners.toml`` of the installation, and the key that signs them.

    [kmc]
    url = "https://orders.kmc.example/wordkept"

A partner that is not in it has no software: its orders are told by hand and its answers taken down (``wordkept orders
answer``). What is *not* here: who the partners are; the policy says so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import msgspec

from wordkept.gate.keyfile import key_in
from wordkept.orders.sending import Address
from wordkept.terms import MalformedPolicyError

FILE: Final = "partners.toml"
_KEY: Final = "orders.key"


def addresses(folder: Path, parties: Collection[str]) -> Mapping[str, Address]:
    """Where each partner takes orders; none where there is no such file.

    Args:
        folder: the installation's.
        parties: recipients and processors that any edition names.

    Raises:
        MalformedPolicyError: the file is malformed, names nobody the policy knows, or sends data in clear.
    """
    file = folder / FILE
    try:
        found = msgspec.convert(tomllib.loads(file.read_text("utf-8")), dict[str, Address])
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise MalformedPolicyError(f"not a list of partners: {error}", file=str(file)) from error
    for party, address in found.items():
        if party not in parties:
            raise MalformedPolicyError(f"{party}: no edition of the policy names it", file=str(file))
        address.check(party, str(file))
    return found


def signing_key(folder: Path) -> bytes:
    """The private key that signs orders, 32 bytes; made on first use.

    Raises:
        UnavailableError: it is damaged.
    """
    return key_in(folder / _KEY)
