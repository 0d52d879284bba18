"""Sending: one message to one address by HTTP, over TLS but on this machine itself.

``Send`` is the port; ``post`` is the real thing. Certificates are always verified, redirections never followed. What is
*not* here: what is sent, and when again (``delivery``).
"""

from __future__ import annotations

import http.client
import ipaddress
import ssl
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

import msgspec

from wordkept.terms import MalformedPolicyError, UnavailableError

TIMEOUT: Final = 20.0
"""Seconds for one step of a connection."""
_LARGEST: Final = 64 * 1024
"""Bytes of a reply that are read."""


class Address(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a partner takes orders.

    Attributes:
        url: ``https://…``; ``http://`` only to this machine itself.
        ca: file of the certificates to trust instead of the system's.
    """

    url: str
    ca: str | None = None

    def check(self, party: str, file: str) -> None:
        """Refuse what would carry data in clear.

        Raises:
            MalformedPolicyError: names the partner.
        """
        try:
            parts = urlsplit(self.url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise MalformedPolicyError(f"{party}: its url is none", file=file) from None
        safe = parts.scheme == "https" or (parts.scheme == "http" and _is_here(host or ""))
        if not host or not safe or parts.username is not None:
            said = f"{party}: orders go to https://, without a password in the address (http:// only to this machine)"
            raise MalformedPolicyError(said, file=file)


class Replied(msgspec.Struct, frozen=True):
    """What came back."""

    status: int
    body: bytes


Send = Callable[[Address, bytes, Mapping[str, str]], Replied]
"""Sends a body with headers; raises ``UnavailableError`` where nothing came back."""


def post(address: Address, body: bytes, headers: Mapping[str, str]) -> Replied:
    """Send by HTTP.

    Raises:
        UnavailableError: nobody answers there, or not as who they should be.
    """
    parts = urlsplit(address.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection = _connection(address, parts.scheme, parts.hostname or "", parts.port)
        try:
            connection.request("POST", path, body, dict(headers))
            answer = connection.getresponse()
            return Replied(answer.status, answer.read(_LARGEST))
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as error:
        raise UnavailableError("the partner does not answer") from error


def _connection(address: Address, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    trusted = ssl.create_default_context(cafile=address.ca)
    return http.client.HTTPSConnection(host, port, timeout=TIMEOUT, context=trusted)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
